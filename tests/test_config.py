import json
import re
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import config
from feeds.config import Polling, Secrets
from feeds.errors import ConfigError
from feeds.fetch import Limits
from feeds.model import PageSelectors, Rules, Section, Site, Source

ROOT = Path(__file__).parent.parent
SITE = '[site]\ntitle = "Harbour Wire"\nbase_url = "https://wire.example.org"\n'


@pytest.fixture
def load(tmp_path):
    def load_text(text, environ=None):
        path = tmp_path / "copydesk.toml"
        path.write_text(text, "utf-8")
        return config.load(path, environ or {})

    return load_text


WHOLE = """
[site]
title = "Harbour Wire"
base_url = "https://wire.example.org/news"
contact = "desk@wire.example.org"
description = "All of it"
language = "en-GB"
timezone = "Europe/Istanbul"
rights = "© all"
output = "../public"

[store]
url = "sqlite:///../data/wire.db?timeout=3"
keep = "90d"

[polling]
interval = "20m"
workers = 4
per_host = 2
spacing = "2s"
deadline = "30s"
first_items = 5
first_age = "24h"
wire_bytes = 100000
decoded_bytes = 200000

[drop]
keywords = ["horoscope", "horoscope"]

[sections.world]
title = "World"
description = "Everywhere"
language = "en"
languages = ["en", "fr"]
match = { categories = ["world"], urls = ["*/world/*"] }
exclude = { keywords = ["/win an? car/"], languages = ["la"] }
limit = 50
window = "12h"
max_age = "30d"
per_source = 9

[sections.sport]
title = "Sport"

[sources.post]
title = "The Post"
url = "https://post.example.com/feed"
kind = "page"
page = { items = "li.story", title = "h2", link = "a", summary = "p", date = "time", author = "i", body = "div" }
home = "https://post.example.com/"
formerly = ["gazette"]
disabled = true
interval = "1h"
priority = -3
sections = ["world", "sport", "world"]
language = "fr-CA"
timezone = "America/Montreal"
headers = { Accept-Language = "fr" }
content = "full"
full_text = true
link = "page"
images = "none"
rights = "© The Post"
note = "Two\\nlines"
private = true
paywall = true
dedupe = false
drop = { urls = ["*/live/*"] }

[sources.radio]
url = "http://radio.example.com:8080/rss"
"""


def test_every_key_arrives(load, tmp_path):
    loaded = load(WHOLE)
    assert loaded == config.Config(
        path=tmp_path / "copydesk.toml",
        site=Site(
            title="Harbour Wire",
            base_url="https://wire.example.org/news/",
            contact="desk@wire.example.org",
            description="All of it",
            language="en-GB",
            timezone="Europe/Istanbul",
            rights="© all",
        ),
        output=tmp_path.parent / "public",
        store_url=f"sqlite:///{tmp_path.parent}/data/wire.db?timeout=3",
        keep=timedelta(days=90),
        polling=Polling(
            interval=timedelta(minutes=20),
            workers=4,
            per_host=2,
            spacing=timedelta(seconds=2),
            deadline=timedelta(seconds=30),
            first_items=5,
            first_age=timedelta(hours=24),
            wire_bytes=100_000,
            decoded_bytes=200_000,
        ),
        drop=Rules(keywords=("horoscope",)),
        sections=(
            Section(
                name="world",
                title="World",
                description="Everywhere",
                language="en",
                languages=("en", "fr"),
                match=Rules(categories=("world",), urls=("*/world/*",)),
                exclude=Rules(keywords=("/win an? car/",), languages=("la",)),
                limit=50,
                window=timedelta(hours=12),
                max_age=timedelta(days=30),
                per_source=9,
            ),
            Section(name="sport", title="Sport"),
        ),
        sources=(
            Source(
                name="post",
                url="https://post.example.com/feed",
                kind="page",
                page=PageSelectors(
                    items="li.story", title="h2", link="a", summary="p", date="time", author="i", body="div"
                ),
                title="The Post",
                home="https://post.example.com/",
                formerly=("gazette",),
                disabled=True,
                interval=timedelta(hours=1),
                priority=-3,
                sections=("world", "sport"),
                language="fr-CA",
                timezone="America/Montreal",
                headers=(("Accept-Language", "fr"),),
                content="full",
                full_text=True,
                link="page",
                images="none",
                rights="© The Post",
                note="Two\nlines",
                private=True,
                paywall=True,
                dedupe=False,
                drop=Rules(urls=("*/live/*",)),
            ),
            Source(name="radio", url="http://radio.example.com:8080/rss"),
        ),
        secrets=Secrets(),
    )


def test_what_is_left_out_has_the_defaults_of_the_values(load, tmp_path):
    loaded = load(SITE + '[sections.a]\ntitle = "A"\n[sources.b]\nurl = "https://b.example/"\n')
    assert loaded == config.Config(
        path=tmp_path / "copydesk.toml",
        site=Site(title="Harbour Wire", base_url="https://wire.example.org/"),
        output=tmp_path / "public",
        store_url=f"sqlite:///{tmp_path}/copydesk.db",
        keep=timedelta(days=365),
        polling=Polling(),
        drop=Rules(),
        sections=(Section(name="a", title="A"),),
        sources=(Source(name="b", url="https://b.example/"),),
    )


def test_the_limits_are_those_of_the_fetch_door():
    assert (Polling().wire_bytes, Polling().decoded_bytes) == (Limits().wire_bytes, Limits().decoded_bytes)


STORES = {
    "relative": ("sqlite:///news.db", "sqlite:///{here}/news.db"),
    "upwards": ("sqlite:///./../news.db", "sqlite:///{up}/news.db"),
    "absolute": ("sqlite:////var/lib/copydesk/news.db", "sqlite:////var/lib/copydesk/news.db"),
    "postgresql": ("postgresql://desk@db/news", "postgresql+psycopg://desk@db/news"),
    "with its driver": ("postgresql+psycopg://db/news", "postgresql+psycopg://db/news"),
}


@pytest.mark.parametrize(("said", "expected"), STORES.values(), ids=STORES)
def test_stores(load, tmp_path, said, expected):
    loaded = load(SITE + f'[store]\nurl = "{said}"\n')
    assert loaded.store_url == expected.format(here=tmp_path, up=tmp_path.parent)


def test_paths_are_relative_to_the_file_not_to_where_we_stand(load, tmp_path, monkeypatch):
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "copydesk.toml").write_text(SITE)
    monkeypatch.chdir(tmp_path)
    assert config.load(Path("desk/copydesk.toml"), {}).output == tmp_path / "desk" / "public"


def test_a_byte_order_mark_is_no_trouble(load):
    assert load("\ufeff" + SITE).site.title == "Harbour Wire"


# ---------------------------------------------------------------- secrets

PAID = '[sources.paid]\nurl = "https://paid.example/feed?key=${KEY}"\nheaders = { Authorization = "Bearer ${TOKEN}" }\n'
ENVIRON = {"KEY": "k3y&value", "TOKEN": "t0ken", "OTHER": "unused"}


def test_secrets_come_from_the_environment(load):
    source = load(SITE + PAID, ENVIRON).sources[0]
    assert (source.url, source.headers) == (
        "https://paid.example/feed?key=k3y&value",
        (("Authorization", "Bearer t0ken"),),
    )


def test_secrets_come_from_files(load, tmp_path):
    (tmp_path / "url.txt").write_text("https://paid.example/feed?key=k3y\n")
    (tmp_path / "token.txt").write_text("Bearer t0ken\n")
    text = '[sources.paid]\nurl_file = "url.txt"\nheaders = { Authorization_file = "token.txt" }\n'
    source = load(SITE + text).sources[0]
    assert (source.url, source.headers, source.private) == (
        "https://paid.example/feed?key=k3y",
        (("Authorization", "Bearer t0ken"),),
        True,
    )


def test_the_store_s_secrets_too(load, tmp_path):
    (tmp_path / "store.txt").write_text("postgresql+psycopg://desk:s3cret@db/news")
    loaded = load(SITE + '[store]\nurl_file = "store.txt"\n')
    assert (loaded.store_url, loaded.secrets.mask("the password is s3cret")) == (
        "postgresql+psycopg://desk:s3cret@db/news",
        "the password is ***",
    )


PRIVATE = {
    "a key in the url": ('url = "https://a.example/${KEY}"', True),
    "a key in a header": ('url = "https://a.example/"\nheaders = { X-Plan = "${KEY}" }', True),
    "a password in the url": ('url = "https://desk:pass1@a.example/"', True),
    "a token in the url": ('url = "https://t0ken@a.example/"', True),
    "a header that is one": ('url = "https://a.example/"\nheaders = { Cookie = "session=1234" }', True),
    "a harmless header": ('url = "https://a.example/"\nheaders = { Accept-Language = "fr" }', False),
    "nothing": ('url = "https://a.example/$KEY"', False),
}


@pytest.mark.parametrize(("keys", "expected"), PRIVATE.values(), ids=PRIVATE)
def test_a_source_with_a_secret_is_private(load, keys, expected):
    assert load(SITE + f"[sources.a]\n{keys}\n", ENVIRON).sources[0].private is expected


def test_two_sources_with_one_secret_are_both_private(load):
    text = '[sources.a]\nurl = "https://a.example/${KEY}"\n[sources.b]\nurl = "https://b.example/${KEY}"\n'
    assert [source.private for source in load(SITE + text, ENVIRON).sources] == [True, True]


MASKED = {
    "as it is": ("got k3y&value from t0ken", "got *** from ***"),
    "percent-encoded": ("https://paid.example/feed?key=k3y%26value", "https://paid.example/feed?key=***"),
    "what is no secret": ("unused", "unused"),
}


@pytest.mark.parametrize(("text", "expected"), MASKED.values(), ids=MASKED)
def test_secrets_are_masked(load, text, expected):
    assert load(SITE + PAID, ENVIRON).secrets.mask(text) == expected


def test_the_longest_secret_is_masked_whole():
    assert Secrets(frozenset({"abcd", "abcdef"})).mask("abcdef") == "***"


def test_what_is_too_short_to_be_a_secret_garbles_nothing():
    assert Secrets(frozenset({"80", "", "copydesk"})).mask("copydesk: port 80") == "copydesk: port 80"


def test_nothing_printed_of_the_configuration_shows_its_store(load):
    loaded = load(SITE + '[store]\nurl = "postgresql://desk:s3cret@db/news"\n')
    assert "s3cret" not in repr(loaded)


@given(st.frozensets(st.text(st.characters(codec="utf-8"), min_size=4, max_size=12)), st.text(max_size=20))
def test_no_secret_outlives_the_mask(values, around):
    masked = Secrets(values).mask(around.join(["", *sorted(values), ""]))
    assert not [
        value for value in values if value in masked and value not in config.values.OUR_WORDS and "*" not in value
    ]


# ---------------------------------------------------------------- the files that we ship


def test_the_example_loads():
    loaded = config.load(ROOT / "config" / "copydesk.toml", {})
    assert (len(loaded.sources), [section.name for section in loaded.sections], loaded.output) == (
        12,
        ["world", "business", "science", "sport"],
        ROOT / "public",
    )


def test_each_source_of_the_example_has_a_note_and_a_section():
    loaded = config.load(ROOT / "config" / "copydesk.toml", {})
    assert [s.name for s in loaded.sources if not s.note or s.sections != ("world",)] == []


def test_what_npr_allows_is_headlines():
    loaded = config.load(ROOT / "config" / "copydesk.toml", {})
    assert {s.content for s in loaded.sources if s.name == "npr-world"} == {"headline"}


def test_the_template_loads(load):
    assert load(config.template()).sources[0].name == "un-news"


def uncommented() -> str:
    return re.sub(r"^#(?=[a-z_]+ = )", "", config.template(), flags=re.MULTILINE)


def test_the_template_shows_keys_that_are_right(load):
    assert load(uncommented(), {"NEWS_TOKEN": "t0ken"}).sources[0].formerly == ("united-nations",)


def keys_of(table: str) -> set[str]:
    return set(config.schema()["$defs"][table]["properties"]) - {"url_file"}


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ("SiteTable", ["site"]),
        ("StoreTable", ["store"]),
        ("PollingTable", ["polling"]),
        ("RulesTable", ["drop"]),
        ("SectionTable", ["sections", "world"]),
        ("SourceTable", ["sources", "un-news"]),
    ],
)
def test_the_template_shows_every_key(table, path):
    shown = tomllib.loads(uncommented())
    for step in path:
        shown = shown[step]
    assert set(shown) == keys_of(table)


def test_the_template_shows_the_defaults(load):
    text = uncommented().replace('interval = "1h"', "")
    assert load(text, {"NEWS_TOKEN": "t0ken"}).polling == Polling()


# ---------------------------------------------------------------- the schema


def test_the_published_schema_is_true():
    published = (ROOT / "docs" / "copydesk.schema.json").read_text("utf-8")
    current = json.dumps(config.schema(), indent=2, ensure_ascii=False) + "\n"
    assert published == current, "write it anew: copydesk check --schema > docs/copydesk.schema.json"


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(config.schema())


def verdict(text: str) -> bool:
    return jsonschema.Draft202012Validator(config.schema()).is_valid(tomllib.loads(text))


FILES = {
    "the example": ((ROOT / "config" / "copydesk.toml").read_text("utf-8"), True),
    "the template": (uncommented(), True),
    "all keys": (WHOLE, True),
    "a url in a file": (SITE + '[sources.a]\nurl_file = "x"\n', True),
    "no url": (SITE + "[sources.a]\n", False),
    "unknown key": (SITE + "colour = 1\n", False),
    "unknown table": (SITE + "[colour]\n", False),
    "odd name": (SITE + '[sources."a/b"]\nurl = "https://a.example/"\n', False),
    "reserved name": (SITE + '[sections.all]\ntitle = "All"\n', False),
    "duration": (SITE + '[store]\nkeep = "a year"\n', False),
    "policy": (SITE + '[sources.a]\nurl = "https://a.example/"\ncontent = "sumary"\n', False),
    "no site": ("[store]\n", False),
}


@pytest.mark.parametrize(("text", "expected"), FILES.values(), ids=FILES)
def test_the_schema_judges_as_we_do(text, expected):
    assert verdict(text) is expected


def test_every_key_has_a_word_for_the_editor():
    tables = config.schema()["$defs"].items()
    assert [
        f"{t}.{k}" for t, table in tables for k, key in table["properties"].items() if "description" not in key
    ] == []


# ---------------------------------------------------------------- cost


def test_neither_pydantic_nor_re2_is_imported_before_it_is_needed():
    code = "import sys, feeds.config; print([m for m in ('pydantic', 're2') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@given(st.text(max_size=200) | st.text("[]{}=.\"'\n#a1\\", max_size=200))
def test_any_text_gives_a_configuration_or_sentences(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "fuzz.toml"
    path.write_text(text, "utf-8", errors="replace")
    with pytest.raises(ConfigError) as caught:
        config.load(path, {})
    assert all(sentence.startswith(str(path)) for sentence in caught.value.problems)
