"""A desk that is polled by hand and publishes into a folder."""

from feeds.model import Site
from feeds.pipeline.publish import publish
from feeds.pipeline.views import press
from feeds.publish.files import MARK, Output
from tests.newsroom import Desk
from tests.values import replace

SITE = Site(title="Harbour Wire", base_url="https://wire.example/")


class Printer(Desk):
    """Publishes what the desk holds."""

    def __init__(self, store, root, *sources, **changes):
        super().__init__(store, *sources, **changes)
        self.site = SITE
        self.root = root
        self.output = Output(root)

    def press(self, book=None):
        book = book or self.book
        with self.store.reading() as shelf:
            return press(self.site, book.sections, book.sources.values(), shelf.sources())

    def publish(self, **details):
        output = details.pop("output", self.output)
        folder = details.pop("folder", str(self.root))
        return publish(self.store, output, folder, self.press(), self.now, **details)

    def change(self, **changes):
        """The one section "world", or a source, under another configuration."""
        book = self.book
        self.book = replace(book, **changes)

    def files(self, root=None):
        return snapshot(root or self.root)

    def page(self, entry):
        name = entry.removeprefix("urn:uuid:")
        return self.root / "article" / name[:2] / f"{name}.html"


def snapshot(root):
    """Path -> bytes of every file below, but for the mark of whose they are."""
    files = (p for p in sorted(root.rglob("*")) if p.is_file() and p.name != MARK)
    return {str(p.relative_to(root)): p.read_bytes() for p in files}


def stamps(root):
    """Path -> when it was written, and as which file."""
    found = {str(p.relative_to(root)): p.stat() for p in sorted(root.rglob("*")) if p.is_file()}
    return {path: (stat.st_mtime_ns, stat.st_ino) for path, stat in found.items()}
