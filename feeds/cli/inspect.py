"""What we would make of a feed: nothing is stored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli.common import count, find_config, json_option, kind, load_config, print_json, say, when

if TYPE_CHECKING:
    from feeds.model import Article, ParsedFeed, Response


@click.command(short_help="What would be made of a feed; stores nothing.")
@click.argument("what", metavar="URL|FILE")
@click.option("--url", "base", help="For a FILE: the address that it was fetched from, for relative links.")
@click.option("--limit", default=10, show_default=True, help="How many articles to print; with --json all are.")
@json_option
def inspect(what: str, base: str | None, limit: int, as_json: bool) -> None:
    """Show what would be made of a feed at a URL or in a FILE: its articles in the common schema. Stores nothing."""
    from feeds.errors import ParseError
    from feeds.model import Source
    from feeds.normalise import normalise
    from feeds.parse import parse

    body, url, headers = _body(what, base)
    now = datetime.now(UTC).replace(microsecond=0)
    try:
        feed = parse(body, url, headers)
    except ParseError as error:
        raise ParseError(error.kind, f"{what}: {error.kind}: {error}") from error
    source = Source(name="inspected", url=url, content="full")
    articles = [normalise(item, feed, source, url, now) for item in feed.items]
    if as_json:
        print_json({"feed": _feed(feed), "articles": articles})
    else:
        _tell(feed, articles, limit)


def _body(what: str, base: str | None) -> tuple[bytes, str, dict[str, str]]:
    if what.startswith(("http://", "https://")):
        response = _fetch(what)
        return response.body, response.url, dict(response.headers)
    path = Path(what)
    if not path.is_file():
        raise click.UsageError(f"{what}: neither a file nor a URL beginning with http:// or https://")
    try:
        return path.read_bytes(), base or path.resolve().as_uri(), {}
    except OSError as error:
        raise click.UsageError(f"{what}: cannot be read ({error.strerror})") from error


def _fetch(url: str) -> "Response":
    from feeds.app import user_agent
    from feeds.errors import FetchError
    from feeds.fetch import Fetcher
    from feeds.model import Outcome, Request

    with Fetcher(user_agent(*_contact()), workers=1) as fetcher:
        asked = Request(key="inspect", url=url, private=True, deadline=timedelta(seconds=30))
        _, result = next(iter(fetcher.fetch([asked])))
    if isinstance(result, FetchError):
        raise result
    if result.status >= 400:
        raise FetchError(Outcome.HTTP_ERROR, f"{url}: the server answered {result.status}; is the address right?")
    return result


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
        "path",
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


def _tell(feed: "ParsedFeed", articles: "list[Article]", limit: int) -> None:
    from feeds.normalise.markup import to_text

    title = (to_text(feed.title).strip() if feed.title else "") or "without a title"
    language = f"language {feed.language}" if feed.language else "language not said"
    say(f"{title}: {kind(feed.format, feed.path)}, {count(len(feed.items), 'item')}, {language}")
    for problem in feed.problems:
        say(f"  skipped item {problem.position}: {problem.reason} {problem.detail or ''}".rstrip())
    for one in articles[:limit]:
        say(f"\n{one.title}")
        say(f"  url        {one.url or '-'}\n  guid       {one.guid or '-'}")
        say(f"  published  {when(one.published)} UTC (from: {one.published_from})")
        for name, value in (
            ("authors", ", ".join(a.name for a in one.authors if a.name)),
            ("agency", f"{one.agency.name} ({one.agency.how})" if one.agency else ""),
            ("dateline", ", ".join(p for p in _dateline(one) if p)),
            ("categories", ", ".join(c.label or c.term for c in one.categories)),
            ("images", ", ".join(i.url for i in one.images)),
            ("enclosures", ", ".join(e.url for e in one.enclosures)),
            ("summary", one.summary),
        ):
            if value:
                say(f"  {name:9}  {value}")
    if len(articles) > limit:
        say(f"\n… and {len(articles) - limit} more; --limit {len(articles)} or --json shows all")


def _dateline(one: "Article") -> tuple[str | None, ...]:
    return (one.dateline.place, one.dateline.country, one.dateline.date) if one.dateline else ()
