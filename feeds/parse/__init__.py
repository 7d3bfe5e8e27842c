"""Bytes come in, a `ParsedFeed` goes out; the one room that knows the formats of feeds.

Strict readers on lxml first; where a document is malformed it is repaired and read once more; feedparser reads
what is left. `ParsedFeed.path` says which of them it was.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree
from msgspec.structs import replace

from feeds.errors import ParseError
from feeds.model import Outcome, PageSelectors, ParsedFeed, ParsePath, Problem, SourceKind
from feeds.parse import atom, jsonfeed, lenient, rdf, rss, sitemap
from feeds.parse.encoding import Decoded, guess, to_utf8
from feeds.parse.faults import fault_of, served_as
from feeds.parse.kinds import PAGES_ONLY, disagreement
from feeds.parse.reasons import REASONS, Reason
from feeds.parse.repair import cut_back, encoded_twice, repair
from feeds.parse.sniff import Kind, lists_items, sniff
from feeds.parse.tags import matched
from feeds.parse.xml import MalformedError, UntrustedError, parse_tree, split

__all__ = ["REASONS", "Reason", "parse"]

_READERS: dict[str, Callable[[etree._Element, str], ParsedFeed]] = {"rss": rss.read, "rdf": rdf.read, "feed": atom.read}
_READERS |= {"urlset": sitemap.read, "sitemapindex": sitemap.read_index}


def parse(
    body: bytes, url: str, headers: Mapping[str, str], kind: SourceKind = "auto", selectors: PageSelectors | None = None
) -> ParsedFeed:
    """What the document says. `url` is where it came from; names of headers are in lower case.

    `kind` is what the source is configured to be, `selectors` say where things stand on a page. Raises ParseError,
    whose kind is `not a feed`, `empty` or `unparseable`, and nothing else whatever the bytes.
    """
    if not body or body.isspace():
        raise ParseError(Outcome.EMPTY, "the document is empty")
    decoded = to_utf8(body, headers)
    found, start = sniff(decoded.data)
    unknown_feed = found is Kind.XML and kind in ("auto", "feed") and lists_items(decoded.data)
    if not unknown_feed and (wrong := disagreement(kind, found)):
        raise ParseError(Outcome.NOT_A_FEED, wrong)
    if kind == "page":
        from feeds.parse import page  # few sources are pages, and reading them takes more to import

        return page.read(body, url, headers, selectors)
    if found is Kind.JSON:
        return jsonfeed.read(decoded.data.decode("utf-8-sig", "replace"), url)
    if found is Kind.ADDRESSES:
        return sitemap.read_text(decoded.data.decode("utf-8-sig", "replace"), url)
    feed = _read_xml(decoded, start, url, headers, is_sitemap=found is Kind.SITEMAP)
    if feed.format == sitemap.PAGES and kind == "auto":
        raise ParseError(Outcome.NOT_A_FEED, PAGES_ONLY)
    malformed = feed.path != "strict" and fault_of(decoded, start)
    if malformed is None and feed.path == "repaired" and not encoded_twice(decoded.data):  # but for its DOCTYPE
        feed = replace(feed, path="strict")
    fault = malformed or served_as(headers)
    return replace(feed, fault=fault) if fault else feed


class _Attempt(NamedTuple):
    """A document for the strict readers; `lost` items stood in what had to be cut away."""

    data: bytes
    path: ParsePath
    encoding: str
    lost: int = 0


def _read_xml(decoded: Decoded, start: int, url: str, headers: Mapping[str, str], *, is_sitemap: bool) -> ParsedFeed:
    attempt = _Attempt(decoded.data, "strict", decoded.encoding)
    for attempt in _attempts(decoded, start, is_sitemap):
        try:
            feed = _strict(attempt.data, url)
        except UntrustedError:
            if not attempt.lost:
                break
        except MalformedError as error:
            if error.hopeless:
                raise ParseError(Outcome.UNPARSEABLE, f"malformed: {error}") from error
        else:
            cut = (Problem(reason=Reason.CUT_OFF, position=len(feed.items) + at) for at in range(attempt.lost))
            return replace(feed, path=attempt.path, encoding=attempt.encoding, problems=(*feed.problems, *cut))
    read = _recovered(attempt.data, url) if is_sitemap else lenient.read(attempt.data, url, headers)
    return replace(read, encoding=attempt.encoding)


def _attempts(decoded: Decoded, start: int, is_sitemap: bool) -> Iterator[_Attempt]:
    """The documents to try, each made only when the one before it could not be read; the last one is whole."""
    doctype = decoded.data.find(b"<!DOCTYPE", 0, 65536) >= 0
    if decoded.sure and not start and not doctype and not encoded_twice(decoded.data):
        tidy = decoded.data.lstrip()  # blank lines in front are the commonest fault, and the cheapest to mend
        path: ParsePath = "strict" if len(tidy) == len(decoded.data) else "repaired"
        yield _Attempt(tidy, path, decoded.encoding)
    text, encoding = guess(decoded.data[start:], decoded.encoding, sure=decoded.sure)
    mended = repair(text)
    closed, lost = cut_back(mended, sitemap=is_sitemap)
    if closed is not mended:
        yield _Attempt(closed.encode(), "repaired", encoding, lost)
    yield _Attempt(mended.encode(), "repaired", encoding)
    if not is_sitemap and (even := matched(mended)) is not mended:
        yield _Attempt(even.encode(), "repaired", encoding)


def _recovered(data: bytes, url: str) -> ParsedFeed:
    """What is left of a sitemap; feedparser knows none."""
    try:
        return replace(_strict(data, url, recover=True), path="lenient")
    except (MalformedError, UntrustedError) as error:
        raise ParseError(Outcome.UNPARSEABLE, f"malformed: {error}") from error


def _strict(data: bytes, url: str, *, recover: bool = False) -> ParsedFeed:
    root = parse_tree(data, recover=recover)
    reader = _READERS.get(split(str(root.tag))[1].lower())
    if reader is None:
        raise UntrustedError(f"a root element <{root.tag}>")
    return reader(root, url)
