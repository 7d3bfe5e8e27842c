"""End tags that do not fit, by a slip of the pen: `<language>en</langauge>`."""

import re

_MOST = 1000  # slips of one document
_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>",
    re.S,
)
_FRAME = frozenset({"rss", "rdf", "feed", "channel", "item", "entry"})  # when one of these does not fit, all is lost


def matched(text: str) -> str:
    """The document with each end tag named as the element that it closes; `text` itself when that is not the fault.

    Only where the tags are as many as they should be, so that depth alone says what closes what.
    """
    opened: list[str] = []
    parts: list[str] = []
    last = 0
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name is None:
            continue
        if not tag["end"]:
            if not tag["rest"].endswith("/"):
                opened.append(name)
            continue
        expected = opened.pop() if opened else name
        if expected != name:
            if _is_frame(expected) or _is_frame(name) or len(parts) >= 2 * _MOST:
                return text
            parts += (text[last : tag.start("name")], expected)
            last = tag.end("name")
    return text if opened or not parts else "".join((*parts, text[last:]))


def _is_frame(name: str) -> bool:
    return name.rpartition(":")[2].lower() in _FRAME
