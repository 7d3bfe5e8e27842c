"""What one fetch may cost, and how it ends when it would cost more."""

from msgspec import Struct

from feeds.model import Outcome


class Limits(Struct, frozen=True, kw_only=True):
    """Caps on one answer, in bytes, and on the redirects that are followed for it.

    `wire_bytes` is the body with its framing as it arrives, to within one read buffer; `decoded_bytes` the body
    with its content codings undone, at every stage of it; `header_bytes` status line and headers together.
    """

    wire_bytes: int = 8 * 1024 * 1024
    decoded_bytes: int = 16 * 1024 * 1024
    header_bytes: int = 64 * 1024
    hops: int = 5


class Cut(Exception):  # noqa: N818 - not an error of its own: the door makes a FetchError of it
    """A fetch ends here. `what` goes on from the name of the place: "… sent more than 8 MiB"."""

    def __init__(self, kind: Outcome, what: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what


def size(count: int) -> str:
    """A number of bytes for a person: `size(65536)` is "64 KiB"."""
    for unit, factor in (("MiB", 1024 * 1024), ("KiB", 1024)):
        if count >= factor:
            return f"{count / factor:.4g} {unit}"
    return f"{count} bytes"
