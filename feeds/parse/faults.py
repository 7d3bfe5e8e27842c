"""What is wrong with a document as it came, in words that its publisher can look up; asked only of what is mended."""

from collections.abc import Mapping

from feeds.parse.encoding import Decoded
from feeds.parse.xml import MalformedError, parse_tree

_LONGEST = 200


def fault_of(decoded: Decoded, start: int) -> str | None:
    """Why a document is no well-formed XML; None when it is. Its first markup stands at `start`."""
    if not decoded.sure:
        return f"its bytes are not in the encoding that it declares, {decoded.encoding}"
    if start:
        return f"{start} bytes of something else in front of the document"
    try:
        parse_tree(decoded.data)
    except MalformedError as error:
        return " ".join(str(error).split())[:_LONGEST]
    return None


def served_as(headers: Mapping[str, str]) -> str | None:
    """The fault of a feed that the server calls something else; RFC 7303, section 4."""
    said = headers.get("content-type", "")
    if not said:
        return None
    kind = said.partition(";")[0].strip()[:_LONGEST].lower()
    return None if not kind or "xml" in kind or "json" in kind else f"the server calls it {kind}, which is no XML"
