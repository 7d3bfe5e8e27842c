"""How much of a text is shown: whole sentences, as far as there is room."""

import re

from feeds.normalise.dates import parse_date

WORDS = 60
LONGEST = 1000  # characters that 60 words may take
_SPACELESS = 2  # characters that stand for a word in a text without spaces between words

_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_END = re.compile(r"[.!?…][\"”’')»\]]*(?=\s|$)|[。！？][”」』）]*|[।؟۔](?=\s|$)")
_DATE = 40  # characters of a line that is nothing but a date
_DIGITS = re.compile(r"\d\D{1,12}\d|\d{4}")
_BEGIN = 1500  # characters in which a summary begins and ends
_ADDRESS = re.compile(r"https?://|\bwww\.")
_ABBREVIATIONS = frozenset(
    "adm approx apr aug bros ca capt cf cmdr co col corp dec dept dr e.g etc feb fig ft gen gov hon inc i.e jan jr "  # noqa: SIM905
    "ltd lt maj mr mrs ms mt nov no nos oct prof rep rev sen sep sept sgt sr st vs z.b bzw nr mio mrd sra mme".split()
)


def shorten(text: str, most: int = WORDS) -> str:
    """At most so many words of a text, in a script without spaces twice as many characters.

    Ends at a sentence; with "…" only inside one.
    """
    longest = LONGEST * most // WORDS
    words = text[:longest].split(None, most)
    if not text.isascii() and 2 * len(_NO_SPACES.findall(text[:200])) > len(text[:200]):
        flat = " ".join(text[: 2 * longest].split())
        room = flat[: _SPACELESS * most]
    elif len(words) <= most and len(text) <= longest:
        return " ".join(words)
    else:
        flat = " ".join(words)
        room = " ".join(words[:most])[: longest - 1]
    if len(room) == len(flat) and len(text) <= longest:
        return flat
    end = next((match.end() for match in reversed([*_END.finditer(room)]) if not _goes_on(flat, match)), 0)
    return room[:end] if 4 * end >= len(room) else room.rstrip(" ,;:–—-(") + "…"


def first_sentence(text: str) -> str:
    """The first sentence of the first paragraph, as `shorten` leaves it."""
    paragraph = text.partition("\n")[0][:LONGEST]
    ends = (match.end() for match in _END.finditer(paragraph) if not _goes_on(paragraph, match))
    return shorten(paragraph[: next(ends, len(paragraph))])


def repeats(part: str, whole: str) -> bool:
    """Whether a text, or what is left of a text that was cut, is how another one begins."""
    flat = part.replace("\n", " ").rstrip(" .…")
    return whole[: len(flat) + 1].replace("\n", " ").startswith(flat)


def without_first_line(text: str, title: str) -> str:
    """A text without its title or its date, where it begins with it as a line of its own."""
    first, _, rest = text.partition("\n")
    if not rest or len(first) >= LONGEST:
        return text
    is_date = len(first) <= _DATE and first[-1].isalnum() and _DIGITS.search(first) and parse_date(first)
    return rest if is_date or _same(first, title) else text


def without_addresses(text: str) -> str:
    """A text up to the line that names where else to look, as descriptions of films do behind their first lines."""
    begin = text[:_BEGIN]
    if ("http" not in begin and "www." not in begin) or not (match := _ADDRESS.search(begin)):
        return text
    told = text[: max(0, text.rfind("\n", 0, match.start()))]
    while "\n" in told and (told.endswith(":") or not any(map(str.isalnum, told.rpartition("\n")[2]))):
        told = told.rpartition("\n")[0]  # "All of them are here:"
    return text if not told or told.endswith(":") else told


def only_repeats(summary: str, title: str) -> bool:
    """Whether a summary says what the title says, and no more."""
    return len(summary) < 2 * len(title) + 10 and _same(summary, title)


def _same(one: str, other: str) -> bool:
    begin_alike = one[:4].casefold() == other[:4].casefold()  # cheap, and seldom so
    return bool(other) and begin_alike and _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether a full stop only ends an abbreviation, an initial or an ordinal."""
    if text[match.end() : match.end() + 2].strip()[:1].islower():
        return True
    if match[0][0] != ".":
        return False
    word = text[max(0, match.start() - 20) : match.start()].rpartition(" ")[2].lstrip("(\"“‘'")
    short = len(word) == 1 or "." in word or word.lower() in _ABBREVIATIONS
    return match.end() < len(text) and (short or (word.isdigit() and len(word) < 3))
