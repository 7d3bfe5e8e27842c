"""What is no text of an article though it stands in it or around it: by its words, and by how its lines are marked."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlsplit

from feeds.normalise.dates import fold
from feeds.parse.page.byline import signed
from feeds.parse.page.plain import is_credit
from feeds.parse.page.rows import BOLD, Row, date_of, is_label
from feeds.parse.page.said import Said
from feeds.parse.page.teasers import is_related_heading, leads_elsewhere
from feeds.parse.page.titles import letters
from feeds.parse.page.tree import is_block, words

_HEAD, _TAIL = 6, 12  # lines that are looked at
_PROSE = 14  # words; a line of so many is a paragraph
_HEADING = 12  # words
_NOTE = 60  # words
_LONGEST = 400  # characters
_TITLE = 12  # letters
_HEADLINE = 4  # words
_SENTENCE = 5  # words; fewer with a full stop are a label
_NAME = 3  # words
_INITIALS = 4
_SHORT_LINK = 6  # words
_MANY_LINKS = 3
_MOST_LINKS = 50
_MOST_ALIKE = 20
_PICTURE = re.compile(
    r"(?:cr[ée]dits? ?(?:photos?|images?)|photos? credits?|(?:featured |main |cover )?image (?:credits?|source|via|by)"
    r"|photos? (?:by|via)|image illustrative|illustration|bildquellen?|bildnachweise?|beitragsbild|titelbild|teaserbild"
    r"|aufmacherbild|fotos?|bild(?:er)?|foto de portada|imagen(?: de portada)?|immagine|fotokredit|fotocredit|фото|写真"
    r"|图片来源|圖片來源)\s?(?:[:：©/(]|\b(?:via|by|von|par|de)\b)",
    re.I,
)
_URL = re.compile(r"https?://\S+")
_NETWORK = re.compile(
    r"facebook|twitter|instagram|youtube|pinterest|linkedin|whatsapp|telegram|tiktok|flipboard|bluesky|mastodon|threads"
    r"|newsletter",
    re.I,
)


class Lines:
    """The lines of a page, found by what they say."""

    def __init__(self, rows: Sequence[Row], host: str) -> None:
        self._rows, self._host = rows, host
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            if len(row.text) <= _LONGEST and len(found := self._places[letters(row.text)]) < _MOST_ALIKE:
                found.append(place)

    def __call__(self, line: str) -> list[Row]:
        """The lines of the page that say so."""
        return [self._rows[place] for place in self._places.get(letters(line), ())]

    def heads_links(self, line: str) -> bool:
        """Whether links follow the last line that says so."""
        place = self._places.get(letters(line), [len(self._rows)])[-1]
        links = [row for row in self._rows[place + 1 : place + 5] if row.href and not row.aside]
        return len(links) >= 2

    def are_teasers(self, rows: Sequence[Row]) -> bool:
        """Whether these are headlines that lead to other pages of the site."""
        return _is_heading(rows) and all(row.size >= _HEADLINE and self._stays(row.href) for row in rows)

    def _stays(self, href: str | None) -> bool:
        try:
            return bool(href) and (urlsplit(href or "").hostname or self._host).removeprefix("www.") == self._host
        except ValueError:
            return False


def is_foreign(line: str, page: Lines) -> bool:
    """Whether a line inside a text leads to another article, is a caption, or asks for leave to show something."""
    return leads_elsewhere(line) or _asks_consent(line) or _is_caption(page(line))


def first_and_end(lines: Sequence[str], said: Said, page: Lines) -> tuple[int, int]:
    """Where the text begins and ends among its lines: `said` has fields of its own, `page` says how lines are marked.

    Before the text stand its title, dates and names again, and what is beside it on the page; behind it, headings with
    nothing under them, links, teasers and credits of pictures.
    """
    prose = [rows for line in lines if Row(line).size >= _PROSE and (rows := page(line))]
    beside = 2 * sum(1 for rows in prose if all(row.aside for row in rows)) < len(prose)  # else all of it is marked so
    first = _first(lines, said, page, beside=beside)
    end = _end(lines, first, page, beside=beside)
    return first, _before_teasers(lines, first, end, page)


def _first(lines: Sequence[str], said: Said, page: Lines, *, beside: bool) -> int:
    above = {letters(one) for one in (said.title, *said.sections, *(person.name or "" for person in said.authors))}
    title = letters(said.title)
    first = 0
    prose = any(Row(line).size >= _PROSE for line in lines)  # else short lines are all that there is
    for place, line in enumerate(lines[: len(lines) - 1 if prose else min(len(lines) - 1, _HEAD)]):
        again = _repeats(line, title)
        if not again and (Row(line).size >= (_SENTENCE if _ends(line) else _PROSE)):
            break
        own = letters(line) in above or date_of(line[:80]) or is_label(line) or (said.authors and signed(line))
        if again or (place == first and (own or (prose and _is_apart(page(line), beside=beside, longest=_SHORT_LINK)))):
            first = place + 1
    return first


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the title, with or without a kicker."""
    if len(title) < _TITLE or len(line) > _LONGEST:
        return False
    own = letters(line)
    return title in own and 2 * len(title) >= len(own)


def _end(lines: Sequence[str], first: int, page: Lines, *, beside: bool) -> int:
    end = len(lines)
    links = list(takewhile(_are_links, (page(line) for line in reversed(lines))))
    longest = 0 if len(links) > _MANY_LINKS else _PROSE - 1  # many of them are what the text lists
    most = min(_TAIL, max(2, (len(lines) - first) // 3))
    for place in range(len(lines) - 1, max(first, len(lines) - most - 1), -1):
        line = lines[place]
        if is_related_heading(Row(line)) or (
            place == end - 1 and (_is_tail(line, page) or _is_apart(page(line), beside=beside, longest=longest))
        ):
            end = place
    return end


def _is_tail(line: str, page: Lines) -> bool:
    """Whether the last line of a text is none of it."""
    row = Row(line)
    if row.size > _NOTE:
        return False
    if row.text.endswith(":") and row.size <= _HEADING:
        return True
    rows = page(line)
    if _PICTURE.match(line) or _is_heading(rows) or any(map(_leads_to_networks, rows)):
        return True
    signs = _ends(line) or is_credit(line) or _is_name(line) or _URL.match(line) or any(map(str.isdigit, line))
    return row.size <= _HEADING and not signs and page.heads_links(line)


def _is_heading(rows: Sequence[Row]) -> bool:
    return bool(rows) and all(row.level in range(1, BOLD) for row in rows)


def _is_apart(rows: Sequence[Row], *, beside: bool, longest: int) -> bool:
    """Whether a short line stands nowhere but beside the page's matter, or is a link of some words and nothing else."""
    return bool(rows) and all(
        row.size < _PROSE
        and not _ends(row.text)
        and ((beside and row.aside) or (_are_links([row]) and row.size <= longest))
        for row in rows
    )


def _are_links(rows: Sequence[Row]) -> bool:
    return bool(rows) and all(row.href is not None and not row.aside and not _URL.match(row.text) for row in rows)


def _ends(line: str) -> bool:
    return line.rstrip("\"'”’“»«)").endswith((".", "!", "?", "…", "。", "！", "？"))


def _is_name(line: str) -> bool:
    """Whether it may be somebody who signs, by a name or by letters."""
    if line.startswith(("(", "—", "–", "-")) or len(line) <= _INITIALS:
        return True
    return 1 < line.count(" ") + 1 <= _NAME and not any(word[:1].islower() for word in line.split())


def _leads_to_networks(row: Row) -> bool:
    """Whether a paragraph names two networks or more by links to them, as "Follow us" does."""
    element = row.element
    while element is not None and not is_block(element):
        element = element.getparent()
    links = [] if element is None or row.href else list(element.iter("a"))[:_MOST_LINKS]
    found = (_NETWORK.search(fold(words(link))) for link in links if _NETWORK.search(link.get("href") or ""))
    return len({match[0] for match in found if match}) > 1


def _before_teasers(lines: Sequence[str], first: int, end: int, page: Lines) -> int:
    """Where two headings or more begin, in the last third, that lead to the same site: those are other articles'.

    Each has one paragraph at most.
    """
    start, headings, prose = end, 0, 0
    for place in range(end - 1, first + 2 * (end - first) // 3, -1):
        rows = page(lines[place])
        if page.are_teasers(rows):
            start, headings, prose = place, headings + 1, 0
            continue
        prose += Row(lines[place]).size >= _PROSE
        if _is_heading(rows) or prose > 1:
            break
    return start if headings > 1 else end


def _is_caption(rows: Sequence[Row]) -> bool:
    return bool(rows) and all(
        row.size <= _NOTE
        and row.element is not None
        and next(row.element.iterancestors("figcaption"), row.element).tag == "figcaption"
        for row in rows
    )


def _asks_consent(line: str) -> bool:
    if Row(line).size > _NOTE:
        return False
    whole, parts = _consent()
    words = fold(line).strip(" .:!")
    return words in whole or any(part in words for part in parts)


@cache
def _consent() -> tuple[frozenset[str], tuple[str, ...]]:
    data = (Path(__file__).parent / "data" / "consent.txt").read_text("utf-8")
    said = [line for line in data.splitlines() if line and not line.startswith("#")]
    return frozenset(one[1:] for one in said if one[0] == "="), tuple(one for one in said if one[0] != "=")
