"""What is wrong is told: file, key, what to do; everything at once, in the order of the file."""

import pytest

from feeds import config
from feeds.errors import ConfigError

SITE = '[site]\ntitle = "Harbour Wire"\nbase_url = "https://wire.example.org/"\n'
A = '[sources.a]\nurl = "https://a.example/"\n'
B = '[sources.b]\nurl = "https://b.example/"\n'
WORLD = '[sections.world]\ntitle = "World"\n'


@pytest.fixture
def problems(tmp_path):
    def told(text, environ=None):
        path = tmp_path / "copydesk.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        with pytest.raises(ConfigError) as caught:
            config.load(path, environ or {})
        assert all(sentence.startswith(f"{path}: ") for sentence in caught.value.problems)
        return [sentence.removeprefix(f"{path}: ") for sentence in caught.value.problems]

    return told


URL_HINT = 'is no http(s) address; write it in full, as "https://example.org/feed.xml"'
NAME_HINT = "is no name; use up to 64 of a-z, 0-9 and hyphens, beginning with a letter or figure"
DURATION_HINT = 'is no duration; write it as "90s", "15m", "48h" or "365d"'
SECTION_HINT = "is a folder of Copydesk's own; give the section another name"
ONE = {
    # what is there
    "no site": (WORLD, "site: is missing; add it"),
    "no title": ('[site]\nbase_url = "https://a.example/"\n', "site.title: is missing; add it"),
    "no url": (SITE + "[sources.a]\n", "sources.a.url: is missing; add it"),
    # keys
    "unknown key": (SITE + 'colour = "red"\n', "site.colour: is no key that Copydesk knows; remove it"),
    "misspelt key": (SITE + "outptu = 1\n", 'site.outptu: is no key that Copydesk knows; did you mean "output"?'),
    "misspelt table": ("[secions]\n" + SITE, 'secions: is no key that Copydesk knows; did you mean "sections"?'),
    "misspelt rule": (
        SITE + WORLD + 'match = { keyword = ["a"] }\n',
        'sections.world.match.keyword: is no key that Copydesk knows; did you mean "keywords"?',
    ),
    "misspelt file": (
        SITE + A + 'url_fil = "x"\n',
        'sources.a.url_fil: is no key that Copydesk knows; did you mean "url_file"?',
    ),
    "odd key": (SITE + '"a b" = 1\n', 'site."a b": is no key that Copydesk knows; remove it'),
    # types
    "number for text": (SITE.replace('"Harbour Wire"', "7"), 'site.title: must be text, in quotes: "…"'),
    "text for a list": (SITE + WORLD + A + 'sections = "world"\n', 'sources.a.sections: must be a list, as ["…"]'),
    "text for a number": (SITE + A + 'priority = "7"\n', "sources.a.priority: must be a whole number, without quotes"),
    "truth for a number": (
        SITE + A + "priority = true\n",
        "sources.a.priority: must be a whole number, without quotes",
    ),
    "number for truth": (SITE + A + "private = 1\n", "sources.a.private: must be true or false, without quotes"),
    "text for a table": (SITE + '[sources]\na = "https://a.example/"\n', "sources.a: must be a table"),
    "list for a table": ("sources = []\n" + SITE, "sources: must be a table"),
    "text in a list": (SITE + A + "formerly = [7]\n", 'sources.a.formerly[1]: must be text, in quotes: "…"'),
    # bounds
    "too few": (SITE + "[polling]\nper_host = 0\n", "polling.per_host: 0 is out of bounds; write 1 or more"),
    "too many": (SITE + WORLD + "limit = 501\n", "sections.world.limit: 501 is out of bounds; write 500 or less"),
    # words
    "policy": (
        SITE + A + 'content = "sumary"\n',
        'sources.a.content: "sumary" must be one of "full", "summary", "headline"; did you mean "summary"?',
    ),
    "selector": (
        SITE + A + 'kind = "page"\npage = { items = "li > " }\n',
        'sources.a.page.items: "li > " is no CSS selector (Expected selector, got <EOF at 5>); '
        'write one such as "article h2 a", without ::text or ::attr',
    ),
    "pseudo-element": (
        SITE + A + 'kind = "page"\npage = { title = "h2::text" }\n',
        'sources.a.page.title: "h2::text" is no CSS selector (Pseudo-elements are not supported.); '
        'write one such as "article h2 a", without ::text or ::attr',
    ),
    "misspelt selector": (
        SITE + A + 'kind = "page"\npage = { titel = "h2" }\n',
        'sources.a.page.titel: is no key that Copydesk knows; did you mean "title"?',
    ),
    "selectors of no page": (
        SITE + A + 'page = { title = "h2" }\n',
        'sources.a.page: counts only with kind = "page" or full_text = true; add one of them or remove this',
    ),
    "link": (SITE + A + 'link = "x"\n', 'sources.a.link: "x" must be one of "original", "page"'),
    # names
    "slash": (SITE + '[sources."a/b"]\nurl = "https://a.example/"\n', f'sources."a/b": "a/b" {NAME_HINT}'),
    "upwards": (SITE + '[sources.".."]\nurl = "https://a.example/"\n', f'sources."..": ".." {NAME_HINT}'),
    "nothing": (SITE + '[sources.""]\nurl = "https://a.example/"\n', f'sources."": "" {NAME_HINT}'),
    "capital": (SITE + '[sources.Post]\nurl = "https://a.example/"\n', f'sources.Post: "Post" {NAME_HINT}'),
    "hyphen first": (SITE + '[sources.-a]\nurl = "https://a.example/"\n', f'sources.-a: "-a" {NAME_HINT}'),
    "underscore": (SITE + '[sections.a_b]\ntitle = "A"\n', f'sections.a_b: "a_b" {NAME_HINT}'),
    "dot": (SITE + '[sections."a.b"]\ntitle = "A"\n', f'sections."a.b": "a.b" {NAME_HINT}'),
    "letter of elsewhere": (SITE + '[sections."dünya"]\ntitle = "A"\n', f'sections."dünya": "dünya" {NAME_HINT}'),
    "line break": (
        SITE + '[sections."a\\n"]\ntitle = "A"\n',
        f'sections."a\\u000a": "a\\u000a" {NAME_HINT}',
    ),
    "reversed writing": (
        SITE + '[sections."a\\u202e"]\ntitle = "A"\n',
        f'sections."a\\u202e": "a\\u202e" {NAME_HINT}',
    ),
    "65 characters": (
        SITE + f'[sections.{"a" * 65}]\ntitle = "A"\n',
        f'sections."{"a" * 65}": "{"a" * 65}" {NAME_HINT}',
    ),
    "reserved: all": (SITE + '[sections.all]\ntitle = "A"\n', f'sections.all: "all" {SECTION_HINT}'),
    "reserved: article": (SITE + '[sections.article]\ntitle = "A"\n', f'sections.article: "article" {SECTION_HINT}'),
    "reserved: archive": (SITE + '[sections.archive]\ntitle = "A"\n', f'sections.archive: "archive" {SECTION_HINT}'),
    "reserved: theme": (SITE + '[sections.theme]\ntitle = "A"\n', f'sections.theme: "theme" {SECTION_HINT}'),
    # texts
    "blank title": (
        SITE + '[sections.a]\ntitle = " "\n',
        "sections.a.title: is blank; write something or leave the key out",
    ),
    "control character": (
        SITE + '[sections.a]\ntitle = "A\\u0000"\n',
        "sections.a.title: holds the character U+0000, which no feed can carry; remove it",
    ),
    "two lines": (SITE + '[sections.a]\ntitle = "A\\nB"\n', "sections.a.title: has more than one line; put it on one"),
    "long text": (
        SITE + f'description = "{"x" * 1001}"\n',
        "site.description: is longer than 1,000 characters; shorten it",
    ),
    # durations
    "no unit": (SITE + A + 'interval = "30"\n', f'sources.a.interval: "30" {DURATION_HINT}'),
    "unknown unit": (SITE + A + 'interval = "1y"\n', f'sources.a.interval: "1y" {DURATION_HINT}'),
    "number": (SITE + A + "interval = 30\n", 'sources.a.interval: must be text, in quotes: "…"'),
    "negative": (SITE + A + 'interval = "-5m"\n', f'sources.a.interval: "-5m" {DURATION_HINT}'),
    "endless": (SITE + A + 'interval = "9999999999d"\n', f'sources.a.interval: "9999999999d" {DURATION_HINT}'),
    "too often": (
        SITE + A + 'interval = "59s"\n',
        'sources.a.interval: "59s" is out of bounds; write something from "1m" to "30d"',
    ),
    "forgets too soon": (
        SITE + '[store]\nkeep = "29d"\n',
        'store.keep: "29d" is out of bounds; write something from "30d" to "36500d"',
    ),
    # places, languages, zones
    "ftp": (SITE + '[sources.a]\nurl = "ftp://a.example/"\n', f'sources.a.url: "ftp://a.example/" {URL_HINT}'),
    "no scheme": (SITE + '[sources.a]\nurl = "a.example/feed"\n', f'sources.a.url: "a.example/feed" {URL_HINT}'),
    "no host": (SITE + '[sources.a]\nurl = "https:///feed"\n', f'sources.a.url: "https:///feed" {URL_HINT}'),
    "broken host": (SITE + '[sources.a]\nurl = "https://[/"\n', f'sources.a.url: "https://[/" {URL_HINT}'),
    "port": (
        SITE + '[sources.a]\nurl = "https://a.example:99999/"\n',
        f'sources.a.url: "https://a.example:99999/" {URL_HINT}',
    ),
    "line break in a url": (
        SITE + '[sources.a]\nurl = "https://a.example/\\nx"\n',
        f'sources.a.url: "https://a.example/\\u000ax" {URL_HINT}',
    ),
    "script as home": (
        SITE + A + 'home = "javascript:alert(1)"\n',
        f'sources.a.home: "javascript:alert(1)" {URL_HINT}',
    ),
    "site with a query": (
        SITE.replace("example.org/", "example.org/?a"),
        'site.base_url: "https://wire.example.org/?a" is no http(s) address of a site; '
        'write it as "https://wire.example.org/"',
    ),
    "contact": (
        SITE + 'contact = "the desk"\n',
        'site.contact: "the desk" is neither an e-mail address nor an http(s) address; write one of them',
    ),
    "contact that breaks the header": (
        SITE + 'contact = "a@b.example\\nX: y"\n',
        'site.contact: "a@b.example\\u000aX: y" is neither an e-mail address nor an http(s) address; write one of them',
    ),
    "zone": (
        SITE + 'timezone = "europe/istambul"\n',
        'site.timezone: "europe/istambul" is no time zone; write one such as "Europe/Istanbul"; '
        'did you mean "Europe/Istanbul"?',
    ),
    "zone that is a path": (
        SITE + A + 'timezone = "../../etc/passwd"\n',
        'sources.a.timezone: "../../etc/passwd" is no time zone; write one such as "Europe/Istanbul"',
    ),
    "zone that is a folder": (
        SITE + A + 'timezone = "Arctic"\n',
        'sources.a.timezone: "Arctic" is no time zone; write one such as "Europe/Istanbul"',
    ),
    "language": (
        SITE + 'language = "english"\n',
        'site.language: "english" is no language tag; write one such as "en", "en-GB" or "zh-Hant"',
    ),
    "output": (
        SITE + 'output = "~/public"\n',
        'site.output: "~/public" is no folder; write a path, absolute or relative to this file, as "public"',
    ),
    # the store
    "another database": (
        SITE + '[store]\nurl = "mysql://db/news"\n',
        'store.url: is no URL of a store; write "sqlite:///FILE" or "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"',
    ),
    "misspelt database": (
        SITE + '[store]\nurl = "postgress://db/news"\n',
        'store.url: is no URL of a store; write "sqlite:///FILE" or "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"'
        '; did you mean "postgresql"?',
    ),
    "in memory": (
        SITE + '[store]\nurl = "sqlite:///:memory:"\n',
        'store.url: names no file that would stay; write it as "sqlite:///copydesk.db", with three slashes',
    ),
    "two slashes": (
        SITE + '[store]\nurl = "sqlite://copydesk.db"\n',
        'store.url: names no file that would stay; write it as "sqlite:///copydesk.db", with three slashes',
    ),
    "open to the public": (
        SITE + '[store]\nurl = "sqlite:///public/data/news.db"\n',
        "store.url: lies in the folder that is published, site.output; keep it elsewhere",
    ),
    "configuration in public": (
        SITE + 'output = "."\n[store]\nurl = "postgresql://desk@db.example/news"\n',
        "site.output: is published, and this file lies in it; name a folder of its own",
    ),
    # headers
    "header of ours": (
        SITE + A + 'headers = { Host = "b.example" }\n',
        'sources.a.headers.Host: "Host" is set by Copydesk itself; remove it',
    ),
    "header that is none": (
        SITE + A + 'headers = { "a b" = "c" }\n',
        'sources.a.headers."a b": "a b" is no name of an HTTP header; use letters, figures and hyphens',
    ),
    "header with two lines": (
        SITE + A + 'headers = { A = "b\\r\\nC: d" }\n',
        "sources.a.headers.A: is no value of an HTTP header; write one line of Latin letters, figures and signs",
    ),
    # rules
    "broken expression": (
        SITE + '[drop]\nkeywords = ["fine", "/(/"]\n',
        'drop.keywords[2]: "/(/" is not a regular expression that can be used (missing ): (); correct or remove it',
    ),
    "empty keyword": (
        SITE + '[drop]\nkeywords = [""]\n',
        'drop.keywords[1]: "" is empty and would match everything; correct or remove it',
    ),
    "long expression": (
        SITE + f'[drop]\nurls = ["/{"a" * 500}/"]\n',
        f'drop.urls[1]: "/{"a" * 76}…" is longer than 500 characters; correct or remove it',
    ),
    # what must fit together
    "unknown section": (
        SITE + WORLD + A + 'sections = ["wordl"]\n',
        'sources.a.sections[1]: "wordl" is no section; did you mean "world"?',
    ),
    "section that is nowhere": (
        SITE + WORLD + A + 'sections = ["world", "chess"]\n',
        'sources.a.sections[2]: "chess" is no section; write [sections.chess] or remove it',
    ),
    "same url": (
        SITE + A + '[sources.b]\nurl = "https://a.example/"\n',
        'sources.b.url: is the url of source "a" as well; remove one of them',
    ),
    "same place": (
        SITE + A + '[sources.b]\nurl = "http://A.example:80#top"\n',
        'sources.b.url: is the url of source "a" as well; remove one of them',
    ),
    "formerly itself": (
        SITE + A + 'formerly = ["a"]\n',
        'sources.a.formerly[1]: "a" is a source of today; rename that one or remove this',
    ),
    "formerly another": (
        SITE + A + 'formerly = ["b"]\n' + B,
        'sources.a.formerly[1]: "b" is a source of today; rename that one or remove this',
    ),
    "two heirs": (
        SITE + A + 'formerly = ["old"]\n' + B + 'formerly = ["old"]\n',
        'sources.b.formerly[1]: "old" is claimed by source "a" as well; keep it at one of them',
    ),
    # secrets
    "variable that is not set": (
        SITE + '[sources.a]\nurl = "${KEY}"\n',
        "sources.a.url: needs the environment variable KEY, which is not set; set it",
    ),
    "variable in a header": (
        SITE + A + 'headers = { X-Key = "${KEY}" }\n',
        "sources.a.headers.X-Key: needs the environment variable KEY, which is not set; set it",
    ),
    "variable of the store": (
        SITE + '[store]\nurl = "postgresql://desk:${KEY}@db/news"\n',
        "store.url: needs the environment variable KEY, which is not set; set it",
    ),
    "variable that is none": (
        SITE + '[sources.a]\nurl = "https://a.example/${my key}"\n',
        "sources.a.url: names no environment variable in ${my key}; write it as ${NAME}",
    ),
    "both url and file": (
        SITE + A + 'url_file = "copydesk.toml"\n',
        "sources.a.url_file: stands beside url; keep one of the two",
    ),
    "file that is a number": (SITE + "[sources.a]\nurl_file = 7\n", "sources.a.url_file: must name a file, in quotes"),
    # the file itself
    "syntax": (
        SITE + "[sections\n",
        "is not valid TOML: Expected ']' at the end of a table declaration (at line 4, column 10); correct it there",
    ),
    "twice": (SITE + SITE, "is not valid TOML: Cannot declare ('site',) twice (at line 4, column 6); correct it there"),
    "not UTF-8": (SITE.encode() + b'rights = "\xff"\n', "is not UTF-8 text (at line 4); save it as UTF-8"),
    "deep": ("a = " + "[" * 5000, "nests lists or tables too deeply; flatten it"),
    "a long key": ("a." * 999 + "a = 1", "nests lists or tables too deeply; flatten it"),
}


@pytest.mark.parametrize(("text", "expected"), ONE.values(), ids=ONE)
def test_a_problem_is_one_sentence(problems, text, expected):
    assert problems(text) == [expected]


def test_a_file_that_cannot_be_read_is_named(problems, tmp_path):
    assert problems(SITE + '[sources.a]\nurl_file = "no.txt"\n') == [
        f'sources.a.url_file: names "{tmp_path}/no.txt", which cannot be read (No such file or directory); '
        "correct the path or the file"
    ]


def test_an_empty_file_is_no_secret(problems, tmp_path):
    (tmp_path / "token").write_text("\n")
    assert problems(SITE + A + 'headers = { X-Key_file = "token" }\n') == [
        f'sources.a.headers.X-Key_file: names "{tmp_path}/token", which is empty or too long; '
        "it must hold the value alone"
    ]


def test_all_problems_are_told_at_once_in_the_order_of_the_file(problems):
    text = """
[site]
titel = "Harbour Wire"
base_url = "ftp://x.example/"
[sections.world]
title = "World"
limit = "many"
[sections.all]
title = ""
[sources.a]
url = "https://a.example/${KEY}"
sections = ["wordl"]
[sources.b]
url = "https://b.example/"
formerly = ["a"]
interval = "soon"
[sources.c]
url = "https://b.example/"
[store]
keep = "1d"
"""
    assert [problem.split(":")[0] for problem in problems(text)] == [
        "site.title",
        "site.titel",
        "site.base_url",
        "sections.world.limit",
        "sections.all",
        "sections.all.title",
        "sources.a.url",
        "sources.a.sections[1]",
        "sources.b.formerly[1]",
        "sources.b.interval",
        "sources.c.url",
        "store.keep",
    ]


def test_no_sentence_shows_a_secret(problems):
    told = problems(SITE + '[sources.a]\nurl = "ftp://a.example/${KEY}"\n', {"KEY": "s3cret"})
    assert told == ["sources.a.url: is no http(s) address with its secret in place; correct one of them"]


@pytest.mark.parametrize("url", ["ftp://desk:s3cret@a.example/", "https://desk:s3cret@[a", "https://desk:s3/cret@a/"])
def test_no_sentence_shows_a_password(problems, url):
    told = problems(SITE + f'[sources.a]\nurl = "{url}"\n')
    assert told == ["sources.a.url: is no http(s) address with its secret in place; correct one of them"]


def test_no_sentence_shows_a_part_of_a_secret(problems, tmp_path):
    (tmp_path / "url").write_text("ftp://a.example/s3cret\n" + "x" * 100)
    told = problems(SITE + '[sources.a]\nurl_file = "url"\n')
    assert told == ["sources.a.url: is no http(s) address with its secret in place; correct one of them"]


def test_a_missing_file_points_to_init(tmp_path):
    path = tmp_path / "none.toml"
    with pytest.raises(ConfigError, match="does not exist; write one with `copydesk init`, or name another"):
        config.load(path, {})


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path, {})
