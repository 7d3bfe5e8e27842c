"""What Copydesk itself adds to an entry is taken off again; the line of credit in `normalise`."""

from lxml import etree

from feeds.model import Text

JOINER = "\u2060"
_STYLE = "theme/copydesk.css"
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


def story(root: etree._Element) -> etree._Element | None:
    """The article in a page that Copydesk published; None in any other page."""
    styles = root.iterfind("head/link[@rel='stylesheet']")
    if not any((style.get("href") or "").endswith(_STYLE) for style in styles):
        return None
    return root.find(".//article[@class='story']")
