"""What we would make of a feed: nothing is stored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from feeds.cli.common import count, find_config, json_option, kind, load_config, print_json, say, when

if TYPE_CHECKING:
    from feeds.model import Article, ParsedFeed, SourceKind
    from feeds.pipeline.documents import Gathered, Trouble
    from feeds.pipeline.exchange import Exchange

KINDS = ("auto", "feed", "sitemap", "page")
Inspected: TypeAlias = "tuple[ParsedFeed, str, list[dict[str, str]]]"  # the feed, its URL, what it led to


@click.command(short_help="What would be made of a feed; stores nothing.")
@click.argument("what", metavar="URL|FILE")
@click.option("--url", "base", help="For a FILE: the address that it was fetched from, for relative links.")
@click.option(
    "--kind",
    "wanted",
    type=click.Choice(KINDS),
    default="auto",
    show_default=True,
    help="What it is to be read as, as `kind` of a source; auto takes whatever it can be.",
)
@click.option("--limit", default=10, show_default=True, help="How many articles to print; with --json all are.")
@json_option
def inspect(what: str, base: str | None, wanted: "SourceKind", limit: int, as_json: bool) -> None:
    """Show what would be made of a feed, sitemap or page at a URL or in a FILE: its articles. Stores nothing."""
    from feeds.model import Source
    from feeds.pipeline.teased import articles as articles_of

    read = _fetched if what.startswith(("http://", "https://")) else _opened
    feed, url, others = read(what, base, wanted)
    now = datetime.now(UTC).replace(microsecond=0)
    source = Source(name="inspected", url=url, content="full")
    articles = [one for item in feed.items for one in articles_of(item, feed, source, url, now)]
    if as_json:
        print_json({"feed": _feed(feed), "documents": others, "articles": articles})
    else:
        _tell(feed, others, articles, limit)


def _kinds(wanted: "SourceKind") -> "tuple[SourceKind, ...]":
    """What a document is tried as, one after the other."""
    return ("auto", "sitemap", "page") if wanted == "auto" else (wanted,)


def _opened(what: str, base: str | None, wanted: "SourceKind") -> Inspected:
    """What a file holds; what it leads to is not fetched."""
    from feeds.errors import ParseError
    from feeds.fetch import Limits
    from feeds.fetch.bounds import Cut
    from feeds.fetch.coding import unpacked
    from feeds.parse import parse

    path = Path(what)
    if not path.is_file():
        raise click.UsageError(f"{what}: neither a file nor a URL beginning with http:// or https://")
    url, first = base or path.resolve().as_uri(), None
    try:
        body = unpacked(path.read_bytes(), Limits().decoded_bytes)
    except OSError as error:
        raise click.UsageError(f"{what}: cannot be read ({error.strerror})") from error
    except Cut as cut:
        raise ParseError(cut.kind, f"{what} {cut.what}") from cut
    for one in _kinds(wanted):
        try:
            feed = parse(body, url, {}, one)
        except ParseError as error:
            first = first or ParseError(error.kind, f"{what}: {error.kind}: {error}")
        else:
            return feed, url, [{"url": lead, "answer": "not asked: the document is a file"} for lead in feed.follow]
    raise first or AssertionError


def _fetched(url: str, base: str | None, wanted: "SourceKind") -> Inspected:
    """What lies at an address, with what it leads to."""
    from feeds.app import clock, user_agent
    from feeds.fetch import Fetcher
    from feeds.pipeline.documents import Gathered
    from feeds.pipeline.exchange import Answer, Exchanges

    exchanges: Exchanges[Gathered] = Exchanges()
    with Fetcher(user_agent(*_contact()), workers=1) as fetcher:
        for asked, result in fetcher.fetch(exchanges.requests([("inspect", _asked(url, wanted, clock()))])):
            exchanges.answered(asked.key, Answer(result, clock()))
    (found,) = exchanges.ended
    read = [
        {"url": one.state.url, "answer": f"{count(len(one.said), 'item')}, {kind(one.feed.format, one.feed.path)}"}
        for one in found.looks
        if one.feed
    ]
    unread = [{"url": lead, "answer": f"not read: {trouble.sentence}"} for lead, trouble in found.troubles]
    return found.feed()[0], found.first.response.url, read + unread


def _asked(url: str, wanted: "SourceKind", now: datetime) -> "Exchange[Gathered]":
    """The documents of an address, as the first kind that they can be."""
    from feeds.errors import FetchError
    from feeds.fetch.robots import Memory
    from feeds.model import Claim, Outcome, Request, Source, SourceState
    from feeds.pipeline.documents import Trouble, gather
    from feeds.pipeline.permission import permission
    from feeds.pipeline.rules import Manner

    claim = Claim(state=SourceState(name="inspect", url=url), token=0, until=now + timedelta(minutes=10))
    page = Request(key="inspect", url=url, private=True, deadline=timedelta(seconds=30))
    answer, troubles = None, []
    for one in _kinds(wanted):
        if one == "page":
            permit = yield from permission(page, Memory(), now)
            if permit.refusal:
                raise FetchError(Outcome.DISALLOWED, permit.refusal)
        answer = answer or (yield page)
        found = yield from gather(claim, Source(name="inspect", url=url, kind=one, private=True), Manner(), answer)
        trouble = found if isinstance(found, Trouble) else found.failure
        if trouble is None and not isinstance(found, Trouble):
            return found
        troubles += [trouble] if trouble else []
        if trouble is None or trouble.outcome is not Outcome.NOT_A_FEED:
            break
    raise _error(url, troubles[0])


def _error(url: str, trouble: "Trouble") -> Exception:
    """What to tell of an address that gives nothing."""
    from feeds.errors import FetchError, ParseError

    result = trouble.result
    if isinstance(result, FetchError):
        return result
    if result is not None and result.status >= 400 and result.url == url:
        return FetchError(trouble.outcome, f"{url}: the server answered {result.status}; is the address right?")
    return ParseError(trouble.outcome, f"{url}: {trouble.outcome}: {trouble.sentence}")


def _contact() -> tuple[str | None, str | None]:
    """Contact and address of the site that is configured here, so that publishers know who asks."""
    found = find_config()
    if found is None:
        return None, None
    site = load_config(found).site
    return site.contact, site.base_url


def _feed(feed: "ParsedFeed") -> dict[str, Any]:
    fields = (
        "format",
        "version",
        "path",
        "fault",
        "encoding",
        "id",
        "title",
        "description",
        "link",
        "self_link",
        "hub",
        "language",
        "rights",
    )
    return {name: getattr(feed, name) for name in fields} | {"items": len(feed.items), "problems": feed.problems}


def _tell(feed: "ParsedFeed", others: list[dict[str, str]], articles: "list[Article]", limit: int) -> None:
    from feeds.normalise.markup import to_text

    title = (to_text(feed.title).strip() if feed.title else "") or "without a title"
    language = f"language {feed.language}" if feed.language else "language not said"
    say(f"{title}: {kind(feed.format, feed.path, feed.version)}, {count(len(feed.items), 'item')}, {language}")
    if feed.fault:
        say(f"  its fault: {feed.fault}")
    if feed.encoding not in (None, "utf-8"):
        say(f"  encoding: {feed.encoding}")
    for other in others:
        say(f"  {other['url']}: {other['answer']}")
    for problem in feed.problems:
        what = "skipped" if problem.position is None else f"skipped item {problem.position}"
        say(f"  {what}: {problem.reason} {problem.detail or ''}".rstrip())
    for one in articles[:limit]:
        say(f"\n{one.title}")
        say(f"  url        {one.url or '-'}\n  guid       {one.guid or '-'}")
        say(f"  published  {when(one.published)} UTC (from: {one.published_from})")
        for name, value in (
            ("authors", ", ".join(a.name for a in one.authors if a.name)),
            ("agency", f"{one.agency.credit} ({one.agency.how})" if one.agency else ""),
            ("dateline", ", ".join(p for p in _dateline(one) if p)),
            ("categories", ", ".join(c.label or c.term for c in one.categories)),
            ("images", ", ".join(i.url for i in one.images)),
            ("enclosures", ", ".join(e.url for e in one.enclosures)),
            ("related", ", ".join(r.title or r.url or "" for r in one.related)),
            ("paywall", "readers must pay" if one.paywall else ""),
            ("summary", one.summary),
        ):
            if value:
                say(f"  {name:9}  {value}")
    if len(articles) > limit:
        say(f"\n… and {len(articles) - limit} more; --limit {len(articles)} or --json shows all")


def _dateline(one: "Article") -> tuple[str | None, ...]:
    return (one.dateline.place, one.dateline.country, one.dateline.date) if one.dateline else ()
