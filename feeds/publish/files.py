"""The output folder: files appear whole or not at all, and only when their bytes change."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from feeds.errors import PublishError
from feeds.model import Document
from feeds.publish import paths

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
        """The paths that were written; each folder is synced once. In the order given, folder by folder."""
        folders: dict[str, list[tuple[str, bytes]]] = {}
        for document in documents:
            folder, name = _split(document.path)
            folders.setdefault(folder, []).append((name, document.data))
        return tuple(path for folder, files in folders.items() for path in self._write_folder(folder, files))

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

    def _write_folder(self, folder: str, files: list[tuple[str, bytes]]) -> list[str]:
        written = []
        with self._translated(folder or "."), self._opened(folder, create=True) as descriptor:
            for name, data in files:
                path = f"{folder}/{name}" if folder else name
                with self._translated(path):
                    if _differs(descriptor, name, data):
                        _replace(descriptor, name, data)
                        written.append(path)
            if written:
                os.fsync(descriptor)
        return written

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
        try:
            os.mkdir(segment, 0o755, dir_fd=parent)
            os.fsync(parent)
        except FileExistsError:
            pass
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


def _replace(folder: int, name: str, data: bytes) -> None:
    temporary = f"{_TEMPORARY}{os.getpid()}-{name}"
    descriptor = _create(folder, temporary)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):  # the first error says more
            os.unlink(temporary, dir_fd=folder)
        raise


def _create(folder: int, name: str) -> int:
    """A new file; one of that name can only be what a dead process with our number left."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(name, flags, 0o644, dir_fd=folder)
    except FileExistsError:
        os.unlink(name, dir_fd=folder)
        return os.open(name, flags, 0o644, dir_fd=folder)
