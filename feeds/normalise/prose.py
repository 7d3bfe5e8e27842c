"""How much of a text is shown: whole sentences, as far as there is room."""

import re

WORDS = 60
LONGEST = 1000  # characters that 60 words may take
_SPACELESS = 2  # characters that stand for a word in a text without spaces between words

_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_END = re.compile(r"[.!?…][\"”’')»\]]*(?=\s|$)|[。！？][”」』）]*|[।؟۔](?=\s|$)")
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
    """A text without its title, where it begins with it as a line of its own."""
    first, _, rest = text.partition("\n")
    return rest if rest and len(first) < LONGEST and _same(first, title) else text


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
