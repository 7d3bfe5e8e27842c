"""What stands behind a text and is not part of it: "Read more", "The post … appeared first on …", share buttons.

The words are data, `data/boilerplate.txt`, in the languages that publishing software speaks. Only what ends a text is
looked at, and only a whole paragraph or link that says nothing else is taken off.
"""

import html
import re
from collections import deque
from functools import cache
from pathlib import Path
from typing import NamedTuple

_MOST = 8  # tails of one text
_REACH = 1000  # characters that a tail may take with its markup
_NEAR = 200
_WORDS = 400
_PHRASE = 60
_LONG = 200

_AROUND = " \t\n\xa0.…[](){}<>«»→›»▸►⇒·|:-–—➡️👉>"
_BLOCK_START = re.compile(
    r"<(?:p|div|h[1-6])(?:\s[^<>]*)?>|<br>|<hr>|</(?:p|div|h[1-6]|[uo]l|figure|table|blockquote)>"
)
_BLOCK = re.compile(r"</?+(?!(?:a|b|br|code|em|i|img|q|s|small|span|strong|sub|sup|u)\b)")
_CLOSING = re.compile(r"(?:\s|<br>|<hr>|</(?:div|blockquote|small|span|p|em|i|strong|b)>)*")
_LAST_LINK = re.compile(r"<a [^<>]*>(.{0,300})", re.S)
_BEHIND_LINK = re.compile(r"</a>[\s)\]….]*")
_TAG = re.compile(r"<[^<>]*>")
_SHARE = re.compile(r'<a href="https?://([^"<>]{1,2000})"[^<>]*>(?:[^<>]|<(?!/?a[\s>])[^<>]*>){0,20}?</a>')
_ENDED = re.compile(r"[!?]$|\w\w\.$")
_HOME = re.compile(r'<a href="https?://(?:www\.)?([^"/]{1,253})/?"[^<>]*>[^<>]{1,200}</a>(</p>|</div>|)')
_BEGINS = re.compile(r"(?:<(?:p|div|br)>|[.!?…\]][\"”’»)]?(?:\s|&nbsp;)+)$")
_HOST = re.compile(r'<a href="https?://([^/"]+)')
_SENTENCE = re.compile(r"[^\s<>][.!?]\s*(?:</(?!a>)\w+>\s*)*$")  # boilerplate ends in a link or without a full stop
_STOP = re.compile(r"[.!?…\])»”\"]\s+")
_CUT = re.compile(r"\s*(?:\[\s*(?:…|\.{2,4})\s*\]|\(\s*(?:…|\.{3})\s*\)|\[\s*\+\s*\d+ chars\]|\s…|\s\.{3})\s*$")


class Boilerplate(NamedTuple):
    """What `data/boilerplate.txt` says."""

    phrases: frozenset[str]
    starts: tuple[tuple[str, str], ...]  # how a line begins, and what must follow in it
    first: tuple[str, ...]
    within: tuple[str, ...]
    endings: tuple[str, ...]
    shares: tuple[str, ...]
    hosts: frozenset[str]


@cache
def boilerplate() -> Boilerplate:
    """The words, as they are compared."""
    lines = (Path(__file__).parent / "data" / "boilerplate.txt").read_text("utf-8").splitlines()
    said: dict[str, list[str]] = {"": [], "start": [], "within": [], "ending": [], "address": []}
    for line in lines:
        kind, _, rest = line.partition(" ")
        if line and not line.startswith("#"):
            said[kind if kind in said else ""].append(rest if kind in said else line)
    starts = [(before, after) for before, _, after in (start.partition(" … ") for start in said["start"])]
    return Boilerplate(
        frozenset(said[""]),
        tuple(starts),
        tuple(dict.fromkeys(before for before, _ in starts)),
        tuple(said["within"]),
        tuple(said["ending"]),
        tuple(said["address"]),
        frozenset(address.partition("/")[0] for address in said["address"]),
    )


def is_boilerplate(words: str) -> bool:
    """Whether a line says nothing but that there is more, or who had it first."""
    rules = boilerplate()
    words = words.strip(_AROUND)
    if len(words) > _PHRASE:
        if len(words) > _WORDS or not words[:_PHRASE].casefold().lstrip().startswith(rules.first):
            return len(words) <= _WORDS and any(part in words for part in rules.within)
        words = " ".join(words.casefold().split())
        return any(words.startswith(f"{before} ") and after in words for before, after in rules.starts)
    words = " ".join(words.casefold().split())
    if words in rules.phrases or any(part in words for part in rules.within):
        return True
    if not words.startswith(rules.first):
        return False
    return any(words.startswith(f"{before} ") and after in words for before, after in rules.starts)


def without_tails(cleaned: str) -> str:
    """Clean HTML without share buttons anywhere, and without boilerplate at its end."""
    if "<" not in cleaned:
        return text_without_tails(cleaned)
    if not boilerplate().hosts.isdisjoint(_HOST.findall(cleaned)):
        cleaned = _SHARE.sub(_unless_sharing, cleaned)
    if _SENTENCE.search(cleaned, max(0, len(cleaned) - 60)) and not _is_named(cleaned[-_LONG:]):
        return cleaned
    for _ in range(_MOST):  # what stands before boilerplate is often more, and may end in a full stop
        shorter = _shorter(cleaned)
        if shorter == cleaned:
            break
        cleaned = shorter
    return _marked(cleaned) if cleaned[-20:].rpartition("<")[0].endswith(("]", ")")) else cleaned


def _is_named(end: str) -> bool:
    return any(part in end for part in boilerplate().endings)


def _marked(cleaned: str) -> str:
    body, closing = _split_closing(cleaned)
    return with_mark(body) + closing


def without_home(cleaned: str, page: str) -> str:
    """Clean HTML without the link to its own site's front page behind everything else: a publisher's signature."""
    if not cleaned.endswith(("</a></p>", "</a>", "</a></div>")):
        return cleaned
    at = cleaned.rfind("<a ")
    host = page.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
    match = _HOME.fullmatch(cleaned, at)
    if match is None or match[1].lower() != host or not _BEGINS.search(cleaned, max(0, at - 20), at):
        return cleaned
    return cleaned[:at] + match[2] if _TAG.sub("", cleaned[:at]).strip() else cleaned


def _unless_sharing(match: re.Match[str]) -> str:
    return "" if match[1].lower().startswith(boilerplate().shares) else match[0]


def _shorter(cleaned: str) -> str:
    """Without the last block, link or line, if that is boilerplate or empty."""
    cleaned, closing = _split_closing(cleaned)
    start, begin, inside = _last_block(cleaned)
    body, opened = cleaned[inside:], cleaned[begin:inside]
    if inside == start and start:
        return cleaned + closing
    if _BLOCK.search(body):
        return cleaned + closing
    if "<img" not in body and _says_nothing(body, alone=not begin):
        return _trimmed(cleaned[:begin]) + _without(closing, opened)
    if (at := body.rfind("<a ")) >= 0 and (last := _last_link(body, at)) is not None:
        return cleaned[:inside] + last.rstrip() + closing
    return cleaned + closing


def _last_block(cleaned: str) -> tuple[int, int, int]:
    """From where was looked, where the last block begins, and where its inside does: mostly near the end."""
    for reach in (_NEAR, _REACH):
        start = max(0, len(cleaned) - reach)
        found = deque(_BLOCK_START.finditer(cleaned, start), maxlen=1)
        if found or not start:
            break
    if not found:
        return start, start, start
    (last,) = found
    return start, (last.end() if last[0][1] == "/" else last.start()), last.end()


def _says_nothing(body: str, *, alone: bool) -> bool:
    """Whether a block is empty, or an ornament behind others, or boilerplate; a long one by how it begins."""
    if len(body) > _LONG and not _may_be_boilerplate(body):
        return False
    words = html.unescape(_TAG.sub("", body))
    return not words.strip() or (not alone and not any(map(str.isalnum, words))) or is_boilerplate(words)


def _may_be_boilerplate(body: str) -> bool:
    rules = boilerplate()
    head = _TAG.sub("", body[:_LONG]).lstrip(_AROUND)[:_PHRASE].casefold()
    return head.startswith(rules.first) or any(part in body for part in rules.within)


def _split_closing(text: str) -> tuple[str, str]:
    """A text, and the end tags behind it."""
    at = len(text)
    while at and (text[at - 1] == ">" or text[at - 1].isspace()):
        tag = text.rfind("<", 0, at) if text[at - 1] == ">" else at - 1
        if tag < 0 or (text[tag] == "<" and not _CLOSING.fullmatch(text[tag:at])):
            break
        at = tag
    return text[:at], text[at:]


def _trimmed(text: str) -> str:
    """A text without breaks and white space at its end."""
    at = len(text)
    while at and (text[at - 1].isspace() or text.endswith(("<br>", "<hr>"), 0, at)):
        at -= 1 if text[at - 1].isspace() else 4
    return text[:at]


def _without(closing: str, opened: str) -> str:
    """The end tags without that of the start tag."""
    name = re.match(r"<(\w+)", opened)
    closing = closing.replace("<br>", "").replace("<hr>", "")
    return closing.replace(f"</{name[1]}>", "", 1).lstrip() if name else closing


def _last_link(body: str, at: int) -> str | None:
    """The body without the link that ends it, when the link only says that there is more."""
    end = body.rfind("</a>")
    match = _LAST_LINK.fullmatch(body, at, end) if end > at and _BEHIND_LINK.fullmatch(body, end) else None
    words = html.unescape(_TAG.sub("", match[1])) if match else ""
    if match is None or "<img" in match[1] or (words.strip(_AROUND) and not is_boilerplate(words)):
        return None
    return with_mark(body[:at].rstrip(" \n(["))


def text_without_tails(text: str) -> str:
    """Plain text without the lines, or the last sentence, that are boilerplate; "[…]" is "…"."""
    for _ in range(_MOST):
        before, line_end, last = text.rpartition("\n")
        if last and is_boilerplate(last):
            text = before.rstrip()
        elif (shorter := _without_sentence(last)) != last:
            text = before + line_end + shorter
        else:
            break
    return with_mark(text)


def with_mark(text: str) -> str:
    """A text whose cut is marked with "…", and not with "[...]"; not at all behind a sentence."""
    if not text.endswith(("]", ")", "…", "...")) or (match := _CUT.search(text)) is None:
        return text
    kept = text[: match.start()]
    return kept if _ENDED.search(kept, max(0, len(kept) - 9)) else f"{kept}…"


def _without_sentence(line: str) -> str:
    """A line without a boilerplate sentence at its end, as in "It rained. Read more"."""
    tail = line[-_WORDS:]
    offset = len(line) - len(tail)
    for match in reversed([*_STOP.finditer(tail)][-6:]):
        if is_boilerplate(tail[match.end() :]):
            return line[: offset + match.end()].rstrip()
    return line
