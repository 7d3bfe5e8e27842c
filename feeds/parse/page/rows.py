"""A page as its lines: what stands between two breaks, with what its markup says of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from feeds.normalise.dates import parse_date
from feeds.normalise.markup import chars
from feeds.parse.page.tree import is_block, is_skipped, words

MOST_ROWS = 20_000

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BOLD = frozenset({"b", "strong", "big"})
BOLD = 7
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|(?<!article[_-])(?<!entry[_-])(?<!story[_-])foot(?:er)?|breadcrumbs?"
    r"|side-?bar|share|sharing|social|cookies?|consent"
    r"|newsletter|promos?|advert(?:s|isement|ising)?|ads?|sponsor(?:ed)?|comments?|banner|subscribe|toolbar|pagination"
    r"|pager|modal|popup|legal|copyright|masthead|taboola|outbrain|trending|most-?read|most-?popular)(?:$|[\s_-])",
    re.I,
)
_KICKER = re.compile(
    "kicker|overline|topline|roofline|eyebrow|strapline|dachzeile|spitzmarke|oberzeile|surtitre|antetitulo|volanta"
    "|occhiello",
    re.I,
)
_ASIDE_TAGS = frozenset({"nav", "footer", "aside"})
_ASIDE_ROLES = frozenset({"navigation", "contentinfo", "complementary", "banner", "search", "menu", "dialog"})

_LABEL = re.compile(
    r"^(?:(?:first |last )?(?:published|updated|posted|modified|date|on|veröffentlicht|aktualisiert|stand|publié"
    r"|publicad[oa]|pubblicato|gepubliceerd|yayın(?:lanma)?|güncelleme|опубликовано)"
    r"(?: (?:on|at|am|le|el|em|il|op))?\s?[:：]?)\s*",
    re.I,
)
_SEPARATOR = re.compile(r"\s+[|•·–—]\s+|\s*[|•·]\s*")


@dataclass(slots=True)
class Row:
    """A line of a page."""

    text: str
    element: etree._Element | None = None  # where it begins; None in plain text
    level: int = 0  # 1 to 6 in a heading, 7 in bold type, else 0
    href: str | None = None  # when all of it is one link
    moment: str | None = None  # `time datetime`
    aside: bool = False  # navigation, footer, advertisement
    linked: int = 0  # characters inside links
    gap: bool = False  # plain text: a blank line stands before it

    @property
    def size(self) -> int:
        """How many words it has, or what stands for words where these have no spaces between them."""
        return max(self.text.count(" ") + 1, len(self.text.encode()) // 12)

    def date(self) -> str | None:
        """The date that it says, as said, when it says nothing else."""
        return self.moment or (date_of(self.text) if len(self.text) <= 80 else None)


def date_of(text: str) -> str | None:
    """The part of a short text that is a date, as said."""
    for part in (text, *_SEPARATOR.split(text)[:6]):
        said = _LABEL.sub("", part.strip(" ()[]|"), count=1)
        if any(map(str.isdigit, said)) and not said.isdigit() and parse_date(said):
            return said
    return None


def is_label(text: str) -> bool:
    """Whether a line only says that a date follows."""
    return bool(text) and _LABEL.fullmatch(text) is not None


def of_text(text: str) -> list[Row]:
    """The lines of a plain text."""
    rows: list[Row] = []
    gap = False
    for line in text.splitlines()[:MOST_ROWS]:
        squeezed = " ".join(chars(line).split())
        if squeezed:
            rows.append(Row(squeezed, gap=gap))
        gap = not squeezed
    return rows


def of_tree(root: etree._Element) -> list[Row]:
    """The lines of a page that a reader sees, in the order of the document."""
    gatherer = _Gatherer()
    for _ in gatherer.walk(root):
        if len(gatherer.rows) >= MOST_ROWS:
            break
    return gatherer.rows


class _Gatherer:
    """One walk over a tree, without calling itself."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._pieces: list[tuple[str, str | None, int]] = []  # text, link, level
        self._starts: list[etree._Element] = []
        self._moment: str | None = None
        self._links: list[str | None] = [None]
        self._levels = [0]
        self._asides = [False]

    def walk(self, root: etree._Element) -> Iterator[None]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._close(element, root)
            elif element is not root and is_skipped(element):
                walk.skip_subtree()
                self._open(element)
            else:
                self._open(element)
                self._say(element.text, element)
            yield
        self._end_row()

    def _open(self, element: etree._Element) -> None:
        kicker = bool(self._levels[-1]) and _is_kicker(element)
        if kicker or is_block(element) or element.tag == "time":
            self._end_row()
        self._links.append(element.get("href") if element.tag == "a" else self._links[-1])
        level = _HEADINGS.get(str(element.tag), 0)
        level = level or (BOLD if element.tag in _BOLD or element.get("role") == "heading" else 0)
        self._levels.append(0 if kicker else self._levels[-1] or level)
        self._asides.append(self._asides[-1] or is_aside(element))
        if element.tag == "time" and not self._moment and (moment := element.get("datetime")) and parse_date(moment):
            self._moment = moment

    def _close(self, element: etree._Element, root: etree._Element) -> None:
        kicker = not self._levels[-1] and len(self._levels) > 1 and bool(self._levels[-2])
        if kicker or is_block(element) or element.tag == "time":
            self._end_row()
        for stack in (self._links, self._levels, self._asides):
            stack.pop()
        if element is not root:
            self._say(element.tail, element.getparent())

    def _say(self, text: str | None, element: etree._Element | None) -> None:
        if text and not text.isspace() and element is not None:
            self._pieces.append((text, self._links[-1], self._levels[-1]))
            self._starts.append(element)
        elif text:
            self._pieces.append((" ", None, -1))

    def _end_row(self) -> None:
        if self._starts:
            text = " ".join(chars("".join(piece for piece, _, _ in self._pieces)).split())
            said = [(len(piece.strip()), link, level) for piece, link, level in self._pieces if level >= 0]
            links = {link for _, link, _ in said}
            levels = {level for _, _, level in said}
            self.rows.append(
                Row(
                    text,
                    element=self._starts[0],
                    level=max(levels) if 0 not in levels else 0,
                    href=next(iter(links)) if len(links) == 1 else None,
                    moment=self._moment,
                    aside=self._asides[-1],
                    linked=sum(size for size, link, _ in said if link),
                )
            )
        if self._starts or self._pieces:
            self._pieces, self._starts = [], []
        if self.rows and self._moment and self.rows[-1].moment == self._moment:
            self._moment = None


def _is_kicker(element: etree._Element) -> bool:
    """Whether a part of a heading stands over the headline proper, as a line of its own."""
    if element.getprevious() is not None or not _KICKER.search((element.get("class") or "")[:200]):
        return False
    heading = next((one for one in element.iterancestors() if one.tag in _HEADINGS), None)
    return heading is not None and 2 * len(words(element)) < len(words(heading))


def is_aside(element: etree._Element) -> bool:
    """Whether it holds what is beside the matter: navigation, footer, advertisement."""
    if element.tag == "footer" and next(element.iterancestors("article"), None) is not None:
        return False  # of the article: its credit stands there
    if element.tag in _ASIDE_TAGS or element.get("role") in _ASIDE_ROLES:
        return True
    if element.tag in ("body", "html", "article", "main"):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(names) < 2 or not _ASIDE.search(names[:300]):
        return False
    own = " ".join(name for name in names[:300].split() if not name.startswith(("has-", "with-", "no-")))
    return _ASIDE.search(own) is not None
