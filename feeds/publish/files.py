"""The output folder: files appear whole or not at all, and only when their bytes change."""

import ctypes
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path

from feeds.errors import PublishError
from feeds.model import Document
from feeds.publish import paths

FEW = 50  # files are synced one by one
MOST_OPEN = 200  # folders at a time; a process may have 1,024 files open, and often no more
_TEMPORARY = ".tmp-"  # no published name begins with a dot
MARK = ".copydesk"  # from which store the folder is filled
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
        by_folder: dict[str, list[tuple[str, bytes]]] = {}
        for document in documents:
            folder, name = _split(document.path)
            by_folder.setdefault(folder, []).append((name, document.data))
        staged: dict[str, list[str]] = {}
        with closing(_Folders(self.root, create=True)) as folders:
            try:
                for folder, files in by_folder.items():
                    self._stage(folders, folder, files, staged.setdefault(folder, []))
                changed = {folder: names for folder, names in staged.items() if names}
                self._sync(folders, changed, temporary=True)
                for folder, names in changed.items():
                    self._put_in_place(folders, folder, names)
                self._sync(folders, changed, temporary=False)
            except BaseException:
                self._unstage(folders, staged)
                raise
        return tuple(_path(folder, name) for folder, names in changed.items() for name in names)

    def _stage(self, folders: "_Folders", folder: str, files: list[tuple[str, bytes]], staged: list[str]) -> None:
        """Writes what differs beside its place."""
        with self._translated(folder or "."):
            descriptor = folders.descriptor(folder)
        for name, data in files:
            with self._translated(_path(folder, name)):
                if _differs(descriptor, name, data):
                    staged.append(name)
                    _write(descriptor, _temporary(name), data)

    def _sync(self, folders: "_Folders", changed: dict[str, list[str]], *, temporary: bool) -> None:
        """Waits until files (or else only their folders) are on the disk: one by one, or the whole file system."""
        if sum(map(len, changed.values())) > FEW:
            with self._translated("."):
                _sync_file_system(folders.descriptor(""))
            return
        if not temporary:
            for folder in {above for below in changed for above in _with_those_above(below)}:
                with self._translated(folder or "."):
                    os.fsync(folders.descriptor(folder))
            return
        for folder, names in changed.items():
            for name in names:
                with self._translated(_path(folder, name)):
                    _sync_file(folders.descriptor(folder), _temporary(name))

    def _put_in_place(self, folders: "_Folders", folder: str, names: list[str]) -> None:
        with self._translated(folder or "."):
            descriptor = folders.descriptor(folder)
        for name in names:
            with self._translated(_path(folder, name)):
                os.replace(_temporary(name), name, src_dir_fd=descriptor, dst_dir_fd=descriptor)

    def _unstage(self, folders: "_Folders", staged: dict[str, list[str]]) -> None:
        """Takes away what was not put in place; the first error says more than one from here."""
        for folder, names in staged.items():
            for name in names:
                with suppress(OSError):
                    os.unlink(_temporary(name), dir_fd=folders.descriptor(folder))

    def remove(self, files: Iterable[str]) -> tuple[str, ...]:
        """Those of these files that were there, and are gone."""
        removed = []
        with closing(_Folders(self.root, create=False)) as folders:
            for path in files:
                folder, name = _split(path)
                with self._translated(path), suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=folders.descriptor(folder))
                    removed.append(path)
            for folder in {_split(path)[0] for path in removed}:
                with self._translated(folder or "."):
                    os.fsync(folders.descriptor(folder))
        return tuple(removed)

    def owner(self) -> str | None:
        """From which store the folder is filled; None where that is not known."""
        try:
            return self.root.joinpath(MARK).read_text("ascii").strip() or None
        except (OSError, UnicodeDecodeError):  # whoever writes next says what is wrong with the folder
            return None

    def is_filled(self) -> bool:
        """Whether it was published to before, as far as that can be seen."""
        return self.holds(paths.OPML)

    def holds(self, path: str) -> bool:
        """Whether a file is there; not, where the folder may not be looked into: whoever writes next says that."""
        with suppress(OSError):
            return (self.root / path).exists()
        return False

    def mark(self, owner: str) -> None:
        """Writes into the folder from which store it is filled."""
        with closing(_Folders(self.root, create=True)) as folders, self._translated(MARK):
            descriptor = folders.descriptor("")
            _write(descriptor, _temporary(MARK), f"{owner}\n".encode("ascii"))
            os.replace(_temporary(MARK), MARK, src_dir_fd=descriptor, dst_dir_fd=descriptor)

    def tidy(self) -> int:
        """How many temporary files a crash had left, now removed. Walks the whole output: once, at the start."""
        removed = 0
        with self._translated("."):
            if not self.root.exists():
                return removed
            for _, _, names, folder in os.fwalk(self.root.resolve()):
                for name in (n for n in names if n.startswith(_TEMPORARY)):
                    os.unlink(name, dir_fd=folder)
                    removed += 1
        return removed

    @contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
            raise PublishError(f"{self.root / path} cannot be written: {reason}") from error


class _Folders:
    """Folders below a root, each opened once: a thousand pages lie in 256 of them."""

    def __init__(self, root: Path, *, create: bool) -> None:
        self._root = root
        self._create = create
        self._opened: dict[str, int] = {}

    def descriptor(self, folder: str) -> int:
        """Of a folder, reached segment by segment without following a link; good until another is asked for."""
        known = self._opened.get(folder)
        if known is not None:
            return known
        if len(self._opened) >= MOST_OPEN:
            self.close()
        above, _, name = folder.rpartition("/")
        opened = self._enter(self.descriptor(above), name) if folder else self._open_root()
        self._opened[folder] = opened
        return opened

    def close(self) -> None:
        """Lets go of all of them."""
        while self._opened:
            os.close(self._opened.popitem()[1])

    def _open_root(self) -> int:
        if self._create:
            self._root.mkdir(parents=True, exist_ok=True)
        return os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def _enter(self, parent: int, name: str) -> int:
        try:
            return os.open(name, _FOLDER, dir_fd=parent)
        except FileNotFoundError:
            if not self._create:
                raise
        with suppress(FileExistsError):
            os.mkdir(name, 0o755, dir_fd=parent)
        return os.open(name, _FOLDER, dir_fd=parent)


def _split(path: str) -> tuple[str, str]:
    if not paths.all_safe(path.split("/")):
        raise PublishError(f"{path!r} is not a path to publish at: names are lower case letters, digits, . _ and -")
    folder, _, name = path.rpartition("/")
    return folder, name


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
    descriptor, left = _create(folder, name), memoryview(data)
    try:
        while left:
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)


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
