"""The output folder: files appear whole or not at all, and only when their bytes change."""

import ctypes
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from feeds.errors import PublishError
from feeds.model import Document
from feeds.publish import paths

FEW = 50  # files are synced one by one
_TEMPORARY = ".tmp-"  # no published name begins with a dot
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_REASONS = {
    errno.EROFS: "the file system is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.ENOTDIR: "a file or a link stands where a folder should be",
    errno.ELOOP: "a link stands where a folder should be",
    errno.EEXIST: "a file stands where a folder should be",
    errno.EISDIR: "a folder stands where the file should be",
}


class Output:
    """One output folder. `root` itself may be a link; nothing below it may be, as files would land elsewhere."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write_if_changed(self, document: Document) -> bool:
        """Whether the file had other bytes, or was missing, and was written."""
        return bool(self.write_all((document,)))

    def write_all(self, documents: Iterable[Document]) -> tuple[str, ...]:
        """The paths that were written: in the order given, folder by folder. Replaced only once all are on the disk."""
        folders: dict[str, list[tuple[str, bytes]]] = {}
        for document in documents:
            folder, name = _split(document.path)
            folders.setdefault(folder, []).append((name, document.data))
        staged: dict[str, list[str]] = {}
        try:
            for folder, files in folders.items():
                self._stage(folder, files, staged.setdefault(folder, []))
            changed = {folder: names for folder, names in staged.items() if names}
            self._sync(changed, temporary=True)
            for folder, names in changed.items():
                self._put_in_place(folder, names)
            self._sync(changed, temporary=False)
        except BaseException:
            self._unstage(staged)
            raise
        return tuple(_path(folder, name) for folder, names in changed.items() for name in names)

    def _stage(self, folder: str, files: list[tuple[str, bytes]], staged: list[str]) -> None:
        """Writes what differs beside its place."""
        with self._translated(folder or "."), self._opened(folder, create=True) as descriptor:
            for name, data in files:
                with self._translated(_path(folder, name)):
                    if _differs(descriptor, name, data):
                        staged.append(name)
                        _write(descriptor, _temporary(name), data)

    def _sync(self, changed: dict[str, list[str]], *, temporary: bool) -> None:
        """Waits until files (or else only their folders) are on the disk: one by one, or the whole file system."""
        if sum(map(len, changed.values())) > FEW:
            with self._translated("."), self._opened("", create=True) as descriptor:
                _sync_file_system(descriptor)
            return
        if not temporary:
            for folder in {above for below in changed for above in _with_those_above(below)}:
                with self._translated(folder or "."), self._opened(folder, create=False) as descriptor:
                    os.fsync(descriptor)
            return
        for folder, names in changed.items():
            with self._translated(folder or "."), self._opened(folder, create=False) as descriptor:
                for name in names:
                    with self._translated(_path(folder, name)):
                        _sync_file(descriptor, _temporary(name))

    def _put_in_place(self, folder: str, names: list[str]) -> None:
        with self._translated(folder or "."), self._opened(folder, create=False) as descriptor:
            for name in names:
                with self._translated(_path(folder, name)):
                    os.replace(_temporary(name), name, src_dir_fd=descriptor, dst_dir_fd=descriptor)

    def _unstage(self, staged: dict[str, list[str]]) -> None:
        """Takes away what was not put in place; the first error says more than one from here."""
        for folder, names in staged.items():
            with suppress(OSError), self._opened(folder, create=False) as descriptor:
                for name in names:
                    with suppress(OSError):
                        os.unlink(_temporary(name), dir_fd=descriptor)

    def remove(self, path: str) -> bool:
        """Whether the file was there, and is gone."""
        folder, name = _split(path)
        with self._translated(path):
            try:
                with self._opened(folder, create=False) as descriptor:
                    os.unlink(name, dir_fd=descriptor)
                    os.fsync(descriptor)
            except FileNotFoundError:
                return False
        return True

    def tidy(self) -> int:
        """How many temporary files a crash had left, now removed. Walks the whole output: once, at the start."""
        removed = 0
        if not self.root.exists():
            return removed
        with self._translated("."):
            for _, _, names, folder in os.fwalk(self.root.resolve()):
                for name in (n for n in names if n.startswith(_TEMPORARY)):
                    os.unlink(name, dir_fd=folder)
                    removed += 1
        return removed

    @contextmanager
    def _opened(self, folder: str, *, create: bool) -> Iterator[int]:
        """A descriptor of a folder, reached segment by segment without following a link."""
        if create:
            self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for segment in folder.split("/") if folder else ():
                inner = _enter(descriptor, segment, create)
                os.close(descriptor)
                descriptor = inner
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
            raise PublishError(f"{self.root / path} cannot be written: {reason}") from error


def _split(path: str) -> tuple[str, str]:
    if not paths.all_safe(path.split("/")):
        raise PublishError(f"{path!r} is not a path to publish at: names are lower case letters, digits, . _ and -")
    folder, _, name = path.rpartition("/")
    return folder, name


def _enter(parent: int, segment: str, create: bool) -> int:
    if create:
        with suppress(FileExistsError):
            os.mkdir(segment, 0o755, dir_fd=parent)
    return os.open(segment, _FOLDER, dir_fd=parent)


def _differs(folder: int, name: str, data: bytes) -> bool:
    """Whether a file is missing, of another kind or of other bytes. The size is asked first, for it is cheap."""
    try:
        known = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return True
    if stat.S_ISDIR(known.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    if not stat.S_ISREG(known.st_mode) or known.st_size != len(data):
        return True
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        return file.readall() != data


def _with_those_above(folder: str) -> Iterator[str]:
    """A folder and every one that it lies in, which may have been made for it; "" is the root."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _path(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _temporary(name: str) -> str:
    return f"{_TEMPORARY}{os.getpid()}-{name}"


def _write(folder: int, name: str, data: bytes) -> None:
    with os.fdopen(_create(folder, name), "wb") as file:
        file.write(data)


def _sync_file(folder: int, name: str) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _sync_file_system(descriptor: int) -> None:
    """syncfs(2): Python has only fsync, a wait for each of a thousand files, and sync, for every disk there is."""
    if _libc().syncfs(descriptor):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _create(folder: int, name: str) -> int:
    """A new file; one of that name can only be what a dead process with our number left."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(name, flags, 0o644, dir_fd=folder)
    except FileExistsError:
        os.unlink(name, dir_fd=folder)
        return os.open(name, flags, 0o644, dir_fd=folder)
