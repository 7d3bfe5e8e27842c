"""An article out of bare lines: where its headline, date, section, author and paragraphs stand."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from feeds.model import Person
from feeds.normalise.agencies import agency_named
from feeds.normalise.dates import fold, parse_date
from feeds.parse.page.byline import signed
from feeds.parse.page.rows import BOLD, Row
from feeds.parse.page.said import Said
from feeds.parse.page.titles import parts

_PROSE = 14  # words; a line of so many is a paragraph
_NEAR = 12  # lines around the headline
_PIECE = 12  # characters of a window's title between its bars
_HEADLINE = 4  # words; a heading of fewer names the site, or a section, as often
_CHANGED = re.compile(
    r"(?:last |zuletzt |laatst |sist )?(?:updated?|modified|changed|aktualisiert|geändert|stand|mise? à jour|modifié"
    r"|actualizad[oa]|modificad[oa]|aggiornat[oa]|atualizad[oa]|bijgewerkt|oppdatert|uppdaterad|opdateret|güncelle\w*"
    r"|zaktualizowan[oa]|aktualizacja|обновлено|оновлено|更新)\b",
    re.I,
)
_MODIFIED = re.compile("updated|modified", re.I)
_LEADS = 3  # lines
_LONG_LEAD = 80
_LEAD = re.compile(  # "29.11.2022 – ", "Bergen, (29 November 2022). ", "BERGEN, November 29, 2022 - "
    r"(?:[^\W\d_][^\d(]{0,40}[ ,(]|\()?(\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? [^\W\d_]{3,12}\.? \d{4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}, \d{4})\s?(?:\)|[–—:-]\s)"
)
_CREDIT = re.compile(
    r"(?:sources?|credits?|via|quelle|fuente|fonte|kaynak|kilde|källa|bron|źródło|источник|来源|來源|出典)\s?[:：]\s*\S.{0,80}",
    re.I,
)
_NAMES = re.compile(r"[^\W\d_]+(?:[ '’.\-,&]{1,3}[^\W\d_]+){0,9}\.?")


class Read(NamedTuple):
    """What the lines say, and those that are the text."""

    said: Said
    body: list[Row]
    heads: bool = False  # the headline is the page's first, and no hint repeats it


def read(rows: Sequence[Row], hints: Sequence[str]) -> Read:
    """The article of these lines; `hints` are titles that the page gives itself elsewhere."""
    matter = [row for row in rows if not row.aside and not _is_sign(row)]
    at, hinted = _headline(matter, [fold(" ".join(hint.split())) for hint in hints if hint])
    first = next((n for n, row in enumerate(matter) if n > at and is_prose(row)), len(matter))
    body = _body(matter, first)
    published, updated = _dates(matter, at, first)
    said = Said(
        title=matter[at].text if at >= 0 else "",
        published=published,
        updated=updated,
        authors=_authors(matter[max(0, at - 2) : at + _NEAR]) if at >= 0 else (),
        sections=_section(matter, at),
    )
    return Read(said, body, not hinted and at >= 0 and matter[at].level == 1 and matter[at].size >= _HEADLINE)


# ---------------------------------------------------------------- the headline and what is near


def _is_sign(row: Row) -> bool:
    """Whether a heading is the site's own, over all of its pages: it leads to the front page."""
    if not row.href or row.level not in range(1, BOLD):
        return False
    try:
        parts = urlsplit(row.href)
    except ValueError:
        return False
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _headline(rows: Sequence[Row], hints: Sequence[str]) -> tuple[int, bool]:
    """The line that a hint repeats, else the first of the first rank, else what looks like one; -1: none.

    And whether it was a hint that said so.
    """
    folded = [fold(row.text) if row.size <= 60 else "" for row in rows]
    first = next((n for n, row in enumerate(rows) if is_prose(row)), 0)
    front = [n for n in range(first) if not rows[n].href]
    headed = [n for n, row in enumerate(rows) if row.level]
    ranked = [n for n in headed if rows[n].level == 1]
    pieces = {part for hint in hints for part in parts(hint) if len(part) >= _PIECE}

    def whole(text: str) -> bool:
        return any(_repeats(text, hint) for hint in hints)

    for places, fits in (
        (ranked, whole),
        (headed, whole),
        (headed, pieces.__contains__),
        (range(len(rows)), whole),
        ([] if ranked else front, pieces.__contains__),
    ):
        found = next((n for n in places if folded[n] and fits(folded[n])), None)
        if found is not None:
            return found, True
    if ranked:
        return ranked[0], False
    long = [n for n in front if rows[n].size >= 4 and rows[n].date() is None]
    marked = [n for n in long if rows[n].level]
    return (marked or long or [-1])[0], False


def _repeats(row: str, hint: str) -> bool:
    return row == hint or (_much(row, hint) and row in hint) or (_much(hint, row) and hint in row)


def _much(part: str, whole: str) -> bool:
    return len(part) >= 12 and 2 * len(part) >= len(whole)


def _dates(rows: Sequence[Row], at: int, first: int) -> tuple[str, str]:
    """The date nearest to the headline, below it first, then above, then at the head of the text; and that of a change.

    Where no other is told, the change is when it was published.
    """
    below = rows[at + 1 : at + 1 + _NEAR]
    above = reversed(rows[max(0, at - _NEAR // 2) : max(at, 0)])
    near = ((row, row.date()) for row in (*below, *above) if not is_prose(row) or row.moment)
    told = [(date, _tells_change(row)) for row, date in near if date]
    published = next((date for date, changed in told if not changed), "")
    if not told:
        leads = (_LEAD.match(row.text[:_LONG_LEAD]) for row in rows[first : first + _LEADS])
        published = next((lead[1] for lead in leads if lead and parse_date(lead[1])), "")
    updated = next((date for date, changed in told if changed), "")
    return published or updated, updated


def _tells_change(row: Row) -> bool:
    """Whether a date is that of a change: by the words before it, or by what its `time` is called."""
    element = row.element
    names = f"{element.get('class')} {element.get('itemprop')}" if element is not None and element.tag == "time" else ""
    return _CHANGED.match(row.text) is not None or (
        _MODIFIED.search(names) is not None and "publish" not in names.lower()
    )


def _section(rows: Sequence[Row], at: int) -> tuple[str, ...]:
    """A line of one to three words right above the headline."""
    for row in reversed(rows[max(0, at - 2) : max(at, 0)]):
        if row.date() is None:
            short = row.size <= 3 and len(row.text) <= 40 and _NAMES.fullmatch(row.text) is not None
            return (row.text,) if short else ()
    return ()


def _authors(rows: Sequence[Row]) -> tuple[Person, ...]:
    """Whom the first line names that says by whom the text is, alone or together with the line before it."""
    texts = [row.text for row in rows]
    found = (signed(text) or signed(f"{before} {text}") for before, text in zip(["", *texts], texts, strict=False))
    return next(filter(None, found), ())


# ---------------------------------------------------------------- the text


def is_prose(row: Row) -> bool:
    """Whether a line is a paragraph of the page's own matter."""
    return not row.aside and row.size >= _PROSE and row.level in (0, BOLD) and 2 * row.linked < len(row.text)


def _body(rows: Sequence[Row], first: int) -> list[Row]:
    """From the first paragraph to the last; what stands between them belongs to it, and a credit right after."""
    places = [n for n in range(first, len(rows)) if is_prose(rows[n])]
    last = first - 1
    for n in places:
        if n - last > 8 and last >= first:  # so many short lines in between are something else
            break
        last = n
    body = [row for row in rows[first : last + 1] if 2 * row.linked < len(row.text) or row.level]
    for row in rows[last + 1 : last + 3]:
        if body and not row.href and is_credit(row.text):
            body.append(row)
    return body


def is_credit(text: str) -> bool:
    """Whether a line says whose text this is."""
    return len(text) <= 90 and (_CREDIT.fullmatch(text) or agency_named(text.strip("()[]（）."))) is not None
