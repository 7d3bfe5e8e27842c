"""The output folder: whole files, only when changed, nothing outside."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import PublishError
from feeds.model import Document
from feeds.publish import files
from feeds.publish.files import Output


def document(path="world/atom.xml", data=b"<feed/>"):
    return Document(path=path, media_type="application/atom+xml", data=data)


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_document_becomes_a_file(tmp_path):
    Output(tmp_path / "out").write_if_changed(document())
    assert (tmp_path / "out/world/atom.xml").read_bytes() == b"<feed/>"


def test_writing_says_what_was_written(tmp_path):
    output = Output(tmp_path)
    output.write_if_changed(document("a.xml"))
    assert output.write_all([document("a.xml"), document("b.xml"), document("c/d.xml")]) == ("b.xml", "c/d.xml")


def test_an_unchanged_file_is_left_alone(tmp_path):
    output = Output(tmp_path)
    output.write_if_changed(document())
    before = (tmp_path / "world/atom.xml").stat()
    written = output.write_if_changed(document())
    after = (tmp_path / "world/atom.xml").stat()
    assert (written, after.st_mtime_ns, after.st_ino) == (False, before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize("data", [b"<food/>", b"<feed></feed>", b""], ids=["same size", "longer", "empty"])
def test_a_changed_file_is_replaced(tmp_path, data):
    output = Output(tmp_path)
    output.write_if_changed(document())
    output.write_if_changed(document(data=data))
    assert (tmp_path / "world/atom.xml").read_bytes() == data


def test_a_reader_of_the_old_file_keeps_it_whole(tmp_path):
    output = Output(tmp_path)
    output.write_if_changed(document(data=b"old"))
    with (tmp_path / "world/atom.xml").open("rb") as reader:
        output.write_if_changed(document(data=b"new and longer"))
        assert reader.read() == b"old"


def test_no_temporary_file_stays(tmp_path):
    Output(tmp_path).write_all([document("a.xml"), document("b/c.xml")])
    assert names(tmp_path) == ["a.xml", "b/c.xml"]


def test_the_umask_is_honoured(tmp_path):
    former = os.umask(0o027)
    try:
        Output(tmp_path).write_if_changed(document())
    finally:
        os.umask(former)
    assert stat.S_IMODE((tmp_path / "world/atom.xml").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "path",
    [
        "../a.xml",
        "/etc/a.xml",
        "a/../../b",
        "",
        "a//b",
        "a/",
        ".hidden",
        "A.xml",
        "a b",
        "a\\b",
        "a\0b",
        "ü",
        "x" * 300,
    ],
    ids=ascii,
)
def test_odd_paths_are_refused(tmp_path, path):
    with pytest.raises(PublishError, match="is not a path to publish at"):
        Output(tmp_path / "out").write_if_changed(document(path))


@given(path=st.text(alphabet="ab./\\\0-_~é", max_size=20))
def test_no_path_leads_out_of_the_root(tmp_path_factory, path):
    base = tmp_path_factory.mktemp("base")
    with suppress(PublishError):
        Output(base / "out").write_if_changed(document(path))
    assert [name for name in names(base) if not name.startswith("out/")] == []


@pytest.mark.parametrize("path", ["world/atom.xml", "world/deep/atom.xml"])
def test_a_linked_folder_is_not_followed(tmp_path, path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/world").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PublishError, match="a file or a link stands where a folder should be"):
        Output(tmp_path / "out").write_if_changed(document(path))
    assert names(tmp_path / "elsewhere") == []


def test_a_linked_file_is_replaced_and_its_target_left_alone(tmp_path):
    (tmp_path / "secret").write_bytes(b"<feed/>")
    (tmp_path / "out/world").mkdir(parents=True)
    (tmp_path / "out/world/atom.xml").symlink_to(tmp_path / "secret")
    Output(tmp_path / "out").write_if_changed(document(data=b"<new/>"))
    assert ((tmp_path / "secret").read_bytes(), (tmp_path / "out/world/atom.xml").is_symlink()) == (b"<feed/>", False)


def test_the_root_may_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    Output(tmp_path / "out").write_if_changed(document())
    assert names(tmp_path / "real") == ["world/atom.xml"]


def test_a_file_in_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "world").write_bytes(b"")
    with pytest.raises(
        PublishError, match=r"world cannot be written: a file or a link stands where a folder should be"
    ):
        Output(tmp_path).write_if_changed(document())


def test_a_file_in_place_of_the_root_is_named(tmp_path):
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(PublishError, match="a file stands where a folder should be"):
        Output(tmp_path / "out").write_if_changed(document())


def test_a_folder_in_place_of_the_file_is_named(tmp_path):
    (tmp_path / "world/atom.xml").mkdir(parents=True)
    with pytest.raises(PublishError, match="a folder stands where the file should be"):
        Output(tmp_path).write_if_changed(document())


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the file system is read-only"),
        (errno.EACCES, "permission is denied"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_what_the_system_refuses_is_said_in_words(tmp_path, monkeypatch, number, sentence):
    def refuse(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    (tmp_path / "world").mkdir()
    with pytest.raises(PublishError, match=f"world/atom.xml cannot be written: {sentence}"):
        Output(tmp_path).write_if_changed(document())


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    output = Output(tmp_path)
    output.write_if_changed(document(data=b"old"))

    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PublishError):
        output.write_if_changed(document(data=b"new"))
    assert (names(tmp_path), (tmp_path / "world/atom.xml").read_bytes()) == (["world/atom.xml"], b"old")


def test_tidying_removes_what_a_crash_left(tmp_path):
    output = Output(tmp_path)
    output.write_if_changed(document())
    (tmp_path / "world/.tmp-99-atom.xml").write_bytes(b"<fe")
    assert (output.tidy(), names(tmp_path)) == (1, ["world/atom.xml"])


def test_tidying_follows_the_root_where_it_is_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/.tmp-99-atom.xml").write_bytes(b"<fe")
    (tmp_path / "out").symlink_to(tmp_path / "real")
    assert (Output(tmp_path / "out").tidy(), names(tmp_path / "real")) == (1, [])


def test_a_folder_that_cannot_be_looked_into_is_not_known_to_be_filled(tmp_path):
    """Root may look everywhere, but nobody into a name that is too long."""
    assert Output(tmp_path / ("a" * 300)).is_filled() is False


def test_a_folder_that_cannot_be_looked_into_is_not_tidied(tmp_path):
    with pytest.raises(PublishError, match="cannot be written"):
        Output(tmp_path / ("a" * 300)).tidy()


def test_tidying_before_the_first_publication_finds_nothing(tmp_path):
    assert Output(tmp_path / "out").tidy() == 0


def test_a_leftover_of_our_own_number_is_overcome(tmp_path):
    (tmp_path / "world").mkdir()
    (tmp_path / f"world/.tmp-{os.getpid()}-atom.xml").write_bytes(b"<fe")
    Output(tmp_path).write_if_changed(document())
    assert names(tmp_path) == ["world/atom.xml"]


def test_removing_says_what_was_there(tmp_path):
    output = Output(tmp_path)
    output.write_if_changed(document())
    asked = ("world/rss.xml", "world/atom.xml", "gone/x")
    assert (output.remove(asked), output.remove(asked), names(tmp_path)) == (("world/atom.xml",), (), [])


def test_where_nothing_was_published_nothing_is_removed(tmp_path):
    assert Output(tmp_path / "out").remove(["world/atom.xml"]) == ()


def test_removing_does_not_follow_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/atom.xml").write_bytes(b"")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/world").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PublishError):
        Output(tmp_path / "out").remove(["world/atom.xml"])
    assert names(tmp_path / "elsewhere") == ["atom.xml"]


def test_each_folder_is_synced_once_and_so_are_those_above(tmp_path, monkeypatch):
    (tmp_path / "world").mkdir()
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode)))
    Output(tmp_path).write_all([document(f"world/{n}.html") for n in range(5)])
    assert (synced.count(True), synced.count(False)) == (2, 5)


def test_many_files_are_written_in_one_go(tmp_path):
    many = [document(f"article/{n % 7}/{n}.html") for n in range(files.FEW + 10)]
    written = Output(tmp_path).write_all(many)
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.html")) == sorted(written)


def test_nothing_of_many_is_replaced_when_the_disk_fails(tmp_path, monkeypatch):
    def refuse(_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(files, "_sync_file_system", refuse)
    with pytest.raises(PublishError):
        Output(tmp_path).write_all([document(f"world/{n}.html") for n in range(files.FEW + 10)])
    assert [p.name for p in (tmp_path / "world").iterdir()] == []


def test_more_folders_than_may_be_open_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_OPEN", 3)
    paths = [f"article/{number:02}/page.html" for number in range(20)]
    before = open_files()
    written = Output(tmp_path).write_all(document(path) for path in paths)
    assert (list(written), names(tmp_path), open_files()) == (paths, paths, before)


def test_a_folder_says_from_which_store_it_is_filled(tmp_path):
    output = Output(tmp_path / "public")
    before = output.owner()
    output.mark("4711")
    assert (before, output.owner(), [p.name for p in output.root.iterdir()]) == (None, "4711", [".copydesk"])


@pytest.mark.parametrize("left", [b"", b"\n", "\N{SNOWMAN}".encode()], ids=["empty", "blank", "garbage"])
def test_a_mark_that_says_nothing_counts_for_none(tmp_path, left):
    tmp_path.joinpath(".copydesk").write_bytes(left)
    assert Output(tmp_path).owner() is None


def test_a_mark_that_cannot_be_written_is_a_publish_error(tmp_path):
    tmp_path.joinpath(".copydesk").mkdir()
    with pytest.raises(PublishError, match=r"\.copydesk cannot be written"):
        Output(tmp_path).mark("4711")
