"""New sections and sources in a configuration file: nothing of what stands there changes."""

import stat
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.config import load, template
from feeds.config.edit import appended, extend, tables
from feeds.errors import ConfigError
from feeds.model import Section, Source

POST = Source(name="post", url="https://post.example/rss", title="The Post", sections=("sea",))
SEA = Section(name="sea", title="Sea & ships")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "copydesk.toml"
    path.write_text(template(), "utf-8")
    return path


def sources(path):
    return {source.name: source for source in load(path, {}).sources}


def test_the_tables_of_a_source_and_a_section():
    assert tables([SEA], [POST]) == (
        '[sections.sea]\ntitle = "Sea & ships"\n\n'
        '[sources.post]\nurl = "https://post.example/rss"\ntitle = "The Post"\nsections = ["sea"]\n'
    )


def test_they_stand_behind_what_was_there(file):
    before = file.read_bytes()
    extend(load(file, {}), [SEA], [POST], {})
    assert (file.read_bytes().startswith(before), sources(file)["post"]) == (True, POST)


def test_nothing_to_add_touches_nothing(file):
    before = file.stat()
    extend(load(file, {}), [], [], {})
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize("content", [b"# a\n", b"# a", b"# a\n\n", b"# a\r\nb = 1\r\n", b"", b"\xef\xbb\xbf# a\n"])
def test_ends_of_lines(content):
    written = appended(content, "[x]\na = 1\n")
    line_ends = (written.count(b"\r\n"), written.count(b"\n"))
    assert (written.startswith(content), line_ends[0] in (0, line_ends[1])) == (True, True)
    assert tomllib.loads(written.decode("utf-8-sig"))["x"] == {"a": 1}


def test_the_mode_stays(file):
    file.chmod(0o640)
    extend(load(file, {}), [SEA], [POST], {})
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_link_stays_a_link(file, tmp_path):
    (tmp_path / "etc").mkdir()
    link = tmp_path / "etc" / "mine.toml"
    link.symlink_to(file)
    extend(load(link, {}), [SEA], [POST], {})
    assert (link.is_symlink(), "post" in sources(file)) == (True, True)


def test_no_temporary_file_stays(file):
    extend(load(file, {}), [SEA], [POST], {})
    assert [path.name for path in file.parent.iterdir()] == ["copydesk.toml"]


@pytest.mark.parametrize(
    "wrong",
    [
        Source(name="post", url="https://news.un.org/feed/subscribe/en/news/all/rss.xml"),  # another one's
        Source(name="un-news", url="https://post.example/rss"),  # the name as well
        Source(name="post", url="https://post.example/rss", sections=("nowhere",)),
        Source(name="post", url="https://post.example/${NOT_SET}"),
    ],
)
def test_what_would_not_be_right_is_not_written(file, wrong):
    before = file.read_bytes()
    with pytest.raises(ConfigError, match="nothing was written"):
        extend(load(file, {}), [], [wrong], {})
    assert (file.read_bytes(), len(list(file.parent.iterdir()))) == (before, 1)


def test_inline_tables_are_refused_with_what_to_do(tmp_path):
    file = tmp_path / "copydesk.toml"
    file.write_text('sources = {}\n[site]\ntitle = "T"\nbase_url = "https://t.example/"\n')
    with pytest.raises(ConfigError, match=r"write \[sources.NAME\] instead"):
        extend(load(file, {}), [], [Source(name="post", url="https://post.example/rss")], {})


def test_a_file_that_somebody_else_changes_meanwhile(file, monkeypatch):
    config, mine = load(file, {}), file.read_text() + "# mine\n"

    monkeypatch.setattr("feeds.config.reader.load", lambda *_: file.write_text(mine))
    with pytest.raises(ConfigError, match="changed by another"):
        extend(config, [SEA], [POST], {})
    assert (file.read_text(), len(list(file.parent.iterdir()))) == (mine, 1)


def test_a_folder_that_cannot_be_written(file, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("feeds.config.edit.os.open", refuse)
    with pytest.raises(ConfigError, match="Permission denied"):
        extend(load(file, {}), [SEA], [POST], {})


@given(st.text(min_size=1, max_size=50), st.text(max_size=50))
def test_any_text_comes_back_as_it_was(title, note):
    source = Source(name="post", url="https://post.example/rss", title=title, note=note or None)
    written = tomllib.loads(appended(b"# mine\n", tables([], [source])).decode())
    assert written["sources"]["post"] == {"url": source.url, "title": title} | ({"note": note} if note else {})
