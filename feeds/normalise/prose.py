"""How much of a text is shown: whole sentences, as far as there is room."""

import re

WORDS = 60
SPACELESS = 120  # characters of a text that does not put spaces between words
LONGEST = 1000  # characters in any case

_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_END = re.compile(r"[.!?…][\"”’')»\]]*(?=\s|$)|[。！？][”」』）]*")
_ABBREVIATIONS = frozenset(
    "adm approx apr aug bros ca capt cf cmdr co col corp dec dept dr e.g etc feb fig ft gen gov hon inc i.e jan jr "  # noqa: SIM905
    "ltd lt maj mr mrs ms mt nov no nos oct prof rep rev sen sep sept sgt sr st vs z.b bzw nr mio mrd sra mme".split()
)


def shorten(text: str) -> str:
    """At most 60 words, or 120 characters without spaces, of a text; ends at a sentence, with "…" only inside one."""
    words = text[:LONGEST].split(None, WORDS)
    if not text.isascii() and 2 * len(_NO_SPACES.findall(text[:200])) > len(text[:200]):
        flat = " ".join(text[: 2 * LONGEST].split())
        room = flat[:SPACELESS]
    elif len(words) <= WORDS and len(text) <= LONGEST:
        return " ".join(words)
    else:
        flat = " ".join(words)
        room = " ".join(words[:WORDS])[: LONGEST - 1]
    if len(room) == len(flat) and len(text) <= LONGEST:
        return flat
    end = next((match.end() for match in reversed([*_END.finditer(room)]) if not _goes_on(flat, match)), 0)
    return room[:end] if 4 * end >= len(room) else room.rstrip(" ,;:–—-(") + "…"


def first_sentence(text: str) -> str:
    """The first sentence of the first paragraph, as `shorten` leaves it."""
    paragraph = text.partition("\n")[0][:LONGEST]
    ends = (match.end() for match in _END.finditer(paragraph) if not _goes_on(paragraph, match))
    return shorten(paragraph[: next(ends, len(paragraph))])


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether a full stop only ends an abbreviation, an initial or an ordinal."""
    if text[match.end() : match.end() + 2].strip()[:1].islower():
        return True
    if match[0][0] != ".":
        return False
    word = text[max(0, match.start() - 20) : match.start()].rpartition(" ")[2].lstrip("(\"“‘'")
    short = len(word) == 1 or "." in word or word.lower() in _ABBREVIATIONS
    return match.end() < len(text) and (short or (word.isdigit() and len(word) < 3))
