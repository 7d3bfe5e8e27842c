"""Which characters the bytes of a document stand for."""

import codecs
import re
from collections.abc import Mapping
from typing import NamedTuple

from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", re.I)
_AROUND = re.compile(r"\s{0,9}=\s{0,9}")
_WIDE = {b"<\0\0\0": "utf-32-le", b"\0\0\0<": "utf-32-be", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_WIDE_NAMES = ("utf-16", "utf-32")
_SAMPLE = 32768
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_SURROGATE = re.compile(  # escaped; half a pair is a group, and what only looks like an escape is matched with it
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_MAX_MIXED = 10_000  # bytes that are looked at one by one


class Decoded(NamedTuple):
    """A document in UTF-8, and what it was. Not `sure`: nothing declared fits, the bytes are as they came."""

    data: bytes
    encoding: str
    sure: bool = True


def paired(text: str) -> str:
    """JSON without escapes of half a surrogate pair: they are no characters (RFC 8259, section 8.2)."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _SURROGATE.sub(lambda found: "" if found[1] else found[0], text)


def _declared_encoding(body: bytes) -> str | None:
    """The encoding of the XML declaration, as the name of a Python codec; None when absent or unknown."""
    found = _DECLARED.match(body[:1024])
    return resolve_encoding(found.group(1).decode("ascii")) if found else None


def to_utf8(body: bytes, headers: Mapping[str, str]) -> Decoded:
    """The document as UTF-8, by byte order mark, header, declaration (RFC 7303, section 3).

    Against the RFC, bytes that *are* UTF-8 and are declared so by either of the two stay UTF-8: servers add
    `charset=iso-8859-1` to everything. UTF-8 itself is not checked here: the parser does that.
    """
    mark = read_bom(body)
    if mark[0] is not None:
        return _decode(body[len(mark[1]) :], mark[0])
    for start, encoding in _WIDE.items():
        if body.startswith(start):
            return _decode(body, encoding)
    header = http_content_type_encoding(_unquoted(headers.get("content-type")))
    declared = _declared_encoding(body)
    # A wide encoding was seen by now, or it is not true: the declaration itself was readable as ASCII.
    said = [name for name in (header, declared) if name and not name.startswith(_WIDE_NAMES)] or ["utf-8"]
    if said == ["utf-8"] * len(said) or ("utf-8" in said and _is_utf8(body)):
        return Decoded(body, "utf-8")
    return _decode(body, *said)


def _unquoted(content_type: str | None) -> str | None:
    """A media type without the quotes and blanks that some servers put around its charset."""
    if content_type is None or not any(sign in content_type for sign in "'\"="):
        return content_type
    return _AROUND.sub("=", content_type.replace("'", "").replace('"', ""))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(body: bytes, *candidates: str | None) -> Decoded:
    for encoding in filter(None, candidates):
        try:
            return Decoded(body.decode(encoding).encode(), encoding)
        except (UnicodeError, LookupError):
            if encoding.startswith(_WIDE_NAMES):  # nothing else reads them
                return Decoded(body.decode(encoding, "replace").encode(), encoding)
    return Decoded(body, next(filter(None, candidates), "utf-8"), sure=False)


def guess(body: bytes, encoding: str, *, sure: bool) -> tuple[str, str]:
    """The text of bytes that may not be what they are said to be, and the encoding that they seem to have.

    `sure`: they are UTF-8 by now, and `encoding` is what they were.
    """
    try:
        return body.decode("utf-8"), encoding if sure else "utf-8"
    except UnicodeDecodeError:
        for candidate in ("utf-8",) if sure else (encoding, "utf-8"):
            text = body.decode(candidate, "replace")
            bad = text.count("\ufffd")
            if bad <= len(_NOT_ASCII.findall(text)) - bad:
                mixed = candidate == "utf-8" and bad <= _MAX_MIXED
                return (body.decode("utf-8", "feeds-cp1252") if mixed else text), candidate
    return _detect(body)


def _detect(body: bytes) -> tuple[str, str]:
    sample = _sample(body)
    runs = sum(map(len, _RUN.findall(sample)))
    if 2 * runs < len(_HIGH.findall(sample)):  # single letters between others: Latin, and then the usual encoding of it
        return body.decode("cp1252", "replace"), "cp1252"
    from charset_normalizer import from_bytes  # slow to import, and needed for one feed in hundreds

    best = from_bytes(sample).best()
    name = best.encoding if best is not None and best.encoding not in ("ascii", "utf_8") else "cp1252"
    found = resolve_encoding(name) or "cp1252"
    return body.decode(found, "replace"), found


def _sample(body: bytes) -> bytes:
    """The first bytes that are not ASCII, with what stands around them."""
    first = _HIGH.search(body)
    start = max(0, first.start() - 1024) if first else 0
    return body[start : start + _SAMPLE]


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode what does not fit as Windows-1252, the usual stranger in a document of another encoding."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("feeds-cp1252", _as_cp1252)
