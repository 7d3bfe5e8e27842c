"""What must hold of every string that is printed, whatever was stored."""

import re
from html import unescape

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_URI = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"(?:urn|tag|info):[\w\-.~:/?#@!$&'()*+,;=%]+", re.ASCII | re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]*/[A-Za-z0-9][\w.+-]*(;.*)?", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])|&(?=(#?[A-Za-z0-9]{1,32};?))")
_JOINER = "\u2060"  # WORD JOINER: shows nothing, breaks nothing
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"})


def legible(text: str) -> str:
    """The text without what XML 1.0 `Char` excludes (control characters, lone surrogates).

    `normalise` promises such text; a rule broken there, or a title in the configuration, must not cost a section.
    """
    return text if text.isprintable() else _ILLEGAL.sub("", text)


def unmistakable(title: str) -> str:
    """A title that says the same as plain text and as HTML: readers of RSS take it for either.

    What would be a tag or a character reference gets an invisible character inside; any other title stays as it is.
    """
    return _MARKUP.sub(_parted, title) if "<" in title or "&" in title else title


def _parted(found: re.Match[str]) -> str:
    name = found[1]
    return found[0] if name and unescape(f"&{name}") == f"&{name}" else found[0] + _JOINER


def web_url(url: str | None) -> str | None:
    """An absolute http(s) URL in the characters of RFC 3986; None when it is no such thing."""
    if not url:
        return None
    if _URI.fullmatch(url):
        return url
    if not url[:8].lower().startswith(("http://", "https://")):
        return None
    return _escaped(legible(url))


def iri(name: str | None) -> str | None:
    """What Atom takes for a name: a web address or a URN; None for anything else."""
    return name if name and _NAME.fullmatch(name) else web_url(name)


def _escaped(url: str) -> str | None:
    from w3lib.url import safe_url_string

    try:
        safe = safe_url_string(url.strip())
    except ValueError:  # a host that cannot be one
        return None
    return safe if _URI.fullmatch(safe) else None


def host(url: str) -> str:
    """The host a reader will know a URL by."""
    name = url.split("/", 3)[2].rpartition("@")[2].lower()
    return name.removeprefix("www.")


def language_tag(tag: str | None) -> str | None:
    """The tag, when it has the form that RFC 4287 and HTML ask for."""
    return tag if tag and _LANGUAGE.fullmatch(tag) else None


def direction(tag: str | None) -> str:
    """The `dir` of text in a language; "auto" when that is not known."""
    if not tag:
        return "auto"
    return "rtl" if tag.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def media_type(value: str | None, url: str) -> str:
    """The media type as said, else by the URL's extension, else bytes."""
    if value and _MEDIA_TYPE.fullmatch(value):
        return value
    import mimetypes

    guessed, _ = mimetypes.guess_type(url.partition("?")[0])
    return guessed or "application/octet-stream"


def email(value: str | None) -> str | None:
    """The address, when it looks like one."""
    return value if value and _EMAIL.fullmatch(value) else None
