"""Texts that were spoilt on their way: decoded with the wrong encoding, escaped twice, an element never closed.

Each is mended only where there is no doubt, and looked for only where a cheap sign of it stands.
"""

import html
import re
import unicodedata

_LONGEST = 200_000  # characters; nobody waits for a longer one to be mended

# UTF-8 that was read as latin-1 or windows-1252 and written as UTF-8 again, in bytes: a first byte of a sequence (from
# "Â" to "ô"), then its other bytes as those two encodings show them. In bytes, because few texts hold the first one.
_LATER = rb"(?:\xc2[\x80-\xbf]|\xe2\x80[\x93-\xba]|\xe2\x82\xac|\xe2\x84\xa2|\xc6\x92|\xcb[\x86\x9c]"
_LATER += rb"|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe])"
_SPOILT = re.compile(rb"\xc3(?:[\x82-\x9f]%b|[\xa0-\xaf]%b{2}|[\xb0-\xb4]%b{3}|\x83 )" % (_LATER, _LATER, _LATER))
_CERTAIN = frozenset({"encode", "decode"})
_STEPS = frozenset({"restore_byte_a0", "decode_inconsistent_utf8"})

_NAMES = (
    r"(?:amp|quot|apos|#\d{2,5}|#[xX][0-9a-fA-F]{2,4}|[lr][sd]quo|[nm]dash|hellip|laquo|raquo|bull|middot|euro|"
    r"[aeiouAEIOU](?:acute|grave|circ|uml|tilde)|[anocANOC](?:tilde|cedil)|szlig|[oO]slash|[aA]ring|(?:ae|AE)lig);"
)
_TWICE = re.compile(f"&amp;{_NAMES}")
_TAG_OR_TWICE = re.compile(f"<[^<>]*>|&amp;({_NAMES})")
# Not "&lt;" and "&nbsp;", which are as likely spoken of as meant; but for "&nbsp;" inside of what would be one word.
_REFERENCE = re.compile(rf"&{_NAMES}|(?<=\w)&nbsp;(?=\w)")
_CODE = ("<code", "<pre", "<kbd", "<samp")
_NAME = re.compile(r"<(!|[A-Za-z][A-Za-z0-9]*)")
_EMBEDS = frozenset("iframe object video audio textarea title noembed noframes applet canvas xmp".split())  # noqa: SIM905
_NOSCRIPT = re.compile(r"</?noscript[^<>]*>", re.I)
_FRAME = re.compile(r"""<iframe\b(?:[^<>"']|"[^"<]{0,2000}"|'[^'<]{0,2000}')*+>(?:[^<]*</iframe\s*>)?""", re.I)
_MATH = re.compile(
    r"</?(?:math|semantics|m(?:i|n|o|s|text|space|row|frac|sqrt|root|style|error|padded|phantom|fenced|enclose|sub|sup"
    r"|subsup|under|over|underover|multiscripts|prescripts|table|tr|td|labeledtr|action))\b[^<>]*>",
    re.I,
)
_NO_DECLARATION = re.compile(r"<!(?![-\[/>A-Za-z])")
_SWALLOWING = re.compile(
    r"<(/?)(iframe|object|video|audio|textarea|noembed|noframes|title|applet|canvas|xmp)\b[^<>]*>", re.I
)

_BLOCK = re.compile(r"<(?:p|div|ul|ol|dl|table|blockquote|h[1-6]|pre|figure|section|article|hr)\b", re.I)
_BLANK_LINES = re.compile(r"(?<![>\s])[ \t\r]*+\n[ \t\r]*+\n\s*+(?!<br)")  # not beside a <br>, which parts as well

_LATE = re.compile(r"data-(?:lazy-)?(?:src|original)=|srcset=")
_IMG = re.compile(r"<img\s[^<>]*>", re.I)
_LATER_NAMES = ("data-src", "data-lazy-src", "data-original", "data-original-src")
_SOURCES = re.compile(
    r"""\s(src|srcset|data-src|data-lazy-src|data-original|data-original-src)=(?:["']([^"'<>]*)["']|([^\s"'<>]+))""",
    re.I,
)
_SOURCE = re.compile(r"""\ssrc=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)""", re.I)
_PLACEHOLDER = re.compile(
    r"placeholder|blank\.|spacer|1x1|transparent\.|lazy[-_]?load|loading\.|grey\.gif|pixel\.gif", re.I
)


def decoded_right(text: str) -> str:
    """The text as it was before somebody read its UTF-8 as latin-1 or windows-1252; as it is, unless that is certain.

    ftfy knows how likely a sequence is in good text; of its ways to mend only those count that lose nothing, so that
    what it gives, encoded and read wrongly again, is the text.
    """
    if text.isascii() or len(text) > _LONGEST or not _SPOILT.search(text.encode(errors="replace")):
        return text
    from ftfy import fix_encoding_and_explain  # 60 ms to import, for one text in thousands

    fixed, steps = fix_encoding_and_explain(text)
    certain = all(step.action in _CERTAIN or step.parameter in _STEPS for step in steps or ())
    return fixed.removeprefix("\ufeff") if certain else text


def with_paragraphs(markup: str) -> str:
    """Markup that parts its paragraphs by blank lines, and knows no element that does, with such elements."""
    if "\n" not in markup or "<" not in markup or _BLOCK.search(markup) or not _BLANK_LINES.search(markup):
        return markup
    return "".join(f"<p>{part}</p>" for part in _BLANK_LINES.split(markup.strip()))


def unescaped_once_more(text: str) -> str:
    """A plain text whose "&#8217;" and "&amp;" were escaped twice."""
    if "&" not in text or not _REFERENCE.search(text):
        return text
    return unicodedata.normalize("NFC", _REFERENCE.sub(lambda match: _character(match[0]), text))


def references_once(cleaned: str) -> str:
    """The same for the text of clean HTML, unless it shows code."""
    if not _TWICE.search(cleaned) or any(tag in cleaned for tag in _CODE):
        return cleaned
    return unicodedata.normalize("NFC", _TAG_OR_TWICE.sub(_once, cleaned))


def _once(match: re.Match[str]) -> str:
    return html.escape(_character(f"&{match[1]}"), quote=False) if match[1] else match[0]


def _character(reference: str) -> str:
    """What a reference stands for; itself, when that is no character to be seen, or one that changes its neighbour."""
    char = html.unescape(reference).replace("\xa0", " ")
    return char if char.isprintable() and not unicodedata.combining(char[0]) else reference


def readable(markup: str) -> tuple[str, set[str]]:
    """Markup in which nothing hides more than it was meant to, and the names of the elements that it begins."""
    names = {name.lower() for name in set(_NAME.findall(markup))}
    if "math" in names:
        markup = _MATH.sub("", markup)
    if "iframe" in names:
        markup = _FRAME.sub("", markup)
    if "noscript" in names:
        markup = _NOSCRIPT.sub("", markup)
    if "!" in names:
        markup = _without_declarations(markup)
    if not names.isdisjoint(_EMBEDS):
        markup = _without_unclosed(markup)
    if "image" in names:
        names.add("img")  # as HTML reads it
    return _with_late_pictures(markup) if "img" in names else markup, names


def _without_declarations(markup: str) -> str:
    """Markup whose CDATA sections are text, and whose last comment, if cut off, swallows nothing."""
    markup = (
        markup.replace("<![CDATA[", "").replace("]]>", "").replace("]]&gt;", "") if "<![CDATA[" in markup else markup
    )
    markup = _NO_DECLARATION.sub("&lt;!", markup)
    start = markup.find("<!--", max(markup.rfind("-->"), markup.rfind("--!>"), 0))
    if start < 0 or markup.startswith("<!--[", start):  # of Word's, which nobody wants to read
        return markup
    return markup[:start] + markup[start:].replace("<!--", "<?")  # ends at the next ">"


def _without_unclosed(markup: str) -> str:
    """Markup without the start tags of embedded things that never end: a browser drops all that follows with them."""
    unclosed: dict[str, tuple[int, int]] = {}
    cuts: list[tuple[int, int]] = []
    for match in _SWALLOWING.finditer(markup):
        name = match[2].lower()
        before = unclosed.pop(name, None)
        if not match[1]:
            unclosed[name] = match.span()
            if before:
                cuts.append(before)
    cuts = sorted([*cuts, *unclosed.values()])
    if not cuts:
        return markup
    kept, end = [], 0
    for start, stop in cuts:
        kept.append(markup[end:start])
        end = stop
    return "".join([*kept, markup[end:]])


def _with_late_pictures(markup: str) -> str:
    """Markup whose pictures, which a script was to load, are named where a reader without scripts looks."""
    if "data-" not in markup and "srcset" not in markup:
        return markup
    return _IMG.sub(_loaded, markup) if _LATE.search(markup) else markup


def _loaded(match: re.Match[str]) -> str:
    """The tag with the address that is meant; of a `srcset` the last one, the largest as a rule."""
    tag = match[0]
    said = {name.lower(): value or bare for name, value, bare in _SOURCES.findall(tag)}
    shown = said.get("src", "")
    if shown and not shown.startswith("data:") and not _PLACEHOLDER.search(shown):
        return tag
    later = next((said[name] for name in _LATER_NAMES if said.get(name)), "")
    if not later and said.get("srcset"):
        later = said["srcset"].rpartition(", ")[2].split(" ", 1)[0]
    if not later or "<" in later or ">" in later:
        return tag
    return _SOURCE.sub("", tag).rstrip("/> ") + f' src="{later}">'
