"""What Copydesk itself adds to an entry is taken off again: here the picture, in `normalise` the line of credit."""

from feeds.model import Text

_IMAGE = '<p class="copydesk-image">'


def without_marks(said: Text | None) -> Text | None:
    """The text without the picture in front; None when nothing else was there."""
    if said is None or not said.value.startswith(_IMAGE):
        return said
    value = said.value.partition("</p>")[2].strip()
    return Text(value=value, type=said.type) if value else None
