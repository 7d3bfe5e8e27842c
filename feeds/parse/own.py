"""What Copydesk itself adds to an entry is taken off again; the line of credit in `normalise`."""

from feeds.model import Text

JOINER = "\u2060"
_IMAGE = '<p class="copydesk-image">'


def without_marks(said: Text | None) -> Text | None:
    """The text without the picture in front; None when nothing else was there."""
    if said is None or not said.value.startswith(_IMAGE):
        return said
    value = said.value.partition("</p>")[2].strip()
    return Text(value=value, type=said.type) if value else None


def as_it_was(title: str) -> str:
    """A title without what keeps other readers from taking it for markup."""
    return title.replace(f"<{JOINER}", "<").replace(f"&{JOINER}", "&")
