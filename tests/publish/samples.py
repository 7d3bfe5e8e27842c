"""Editions built in Python; every text is ours."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from feeds.model import (
    Agency,
    Article,
    Carrier,
    Category,
    Dateline,
    Edition,
    Enclosure,
    Entry,
    EntryView,
    Image,
    Person,
    Section,
    Site,
)
from tests.values import replace

NOON = datetime(2026, 1, 8, 12, 0, tzinfo=UTC)
SITE = Site(
    title="Harbour Wire", base_url="https://wire.example.org/", timezone="Europe/Istanbul", rights="© Harbour Wire"
)
WORLD = Section(name="world", title="World")
SPORT = Section(name="sport", title="Sport", description="Results and reports")
SECTIONS = (WORLD, SPORT)


def urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, name).urn


def article(name: str = "a", **changes: object) -> Article:
    values: dict[str, object] = {
        "id": urn(name),
        "source": "gazette",
        "guid": name,
        "url": f"https://gazette.example/{name}",
        "canonical": f"https://gazette.example/{name}",
        "title": f"Ferry line {name} reopens",
        "summary": "The ferry runs again after a winter of repairs.",
        "content": "<p>IZMIR, Jan 8: The ferry runs again after a winter of repairs.</p><p>It sails twice a day.</p>",
        "text": "The ferry runs again after a winter of repairs. It sails twice a day.",
        "match_text": "The ferry runs again",
        "digest": 1,
        "published": NOON,
        "published_from": "published",
        "updated": NOON,
        "updated_from": "updated",
        "first_seen": NOON,
        "language": "en",
    }
    return Article(**(values | changes))  # type: ignore[arg-type]


RICH = article(
    "rich",
    authors=(
        Person(name="Jane Doe", email="jane@gazette.example"),
        Person(name="Can Demir", uri="https://can.example/"),
    ),
    agency=Agency(name="Xinhua", how="credit line"),
    dateline=Dateline(place="Izmir", country="TR", date="Jan 8"),
    categories=(
        Category(term="transport", scheme="https://gazette.example/topics", label="Transport"),
        Category(term="sea"),
    ),
    images=(Image(url="https://gazette.example/f.jpg", width=640, height=480, alt="The ferry", credit="A. Lens"),),
    enclosures=(
        Enclosure(url="https://gazette.example/a.mp3", type="audio/mpeg", length=1234, title="Listen", seconds=61),
        Enclosure(url="https://gazette.example/b.pdf"),
    ),
    comments="https://gazette.example/rich#comments",
    rights="© The Gazette",
)


def carrier(source: str = "gazette", name: str = "a", **changes: object) -> Carrier:
    values: dict[str, object] = {
        "source": source,
        "title": f"The {source.title()}",
        "home": f"https://{source}.example/",
        "url": f"https://{source}.example/{name}",
        "published": NOON,
    }
    return Carrier(**(values | changes))  # type: ignore[arg-type]


def view(lead: Article | None = None, **changes: object) -> EntryView:
    lead = lead or article()
    values: dict[str, object] = {
        "entry": Entry(
            id=lead.id, lead=lead.id, published=lead.published, updated=lead.updated, first_seen=lead.first_seen
        ),
        "lead": lead,
        "carrier": carrier(name=lead.guid or ""),
        "sections": ("world",),
    }
    return EntryView(**(values | changes))  # type: ignore[arg-type]


def rich_view(**changes: object) -> EntryView:
    return view(RICH, **({"others": (carrier("courier"), carrier("herald", url=None))} | changes))


def edition(*views: EntryView, **changes: object) -> Edition:
    values: dict[str, object] = {
        "site": SITE,
        "section": WORLD,
        "entries": views,
        "updated": NOON,
        "sections": SECTIONS,
    }
    return Edition(**(values | changes))  # type: ignore[arg-type]


def full_edition(count: int = 100, policy: str = "summary") -> Edition:
    """Entries of 3 kB each, half an hour apart."""
    body = "<p>" + "The ferry runs again after a winter of repairs, the port said. " * 12 + "</p>"
    return edition(*(_plain_view(n, body * 4, policy) for n in range(count)))


def _plain_view(n: int, content: str, policy: str) -> EntryView:
    when = NOON - timedelta(minutes=30 * n)
    changes = {"id": urn(str(n)), "guid": str(n), "title": f"Ferry line {n} reopens", "content": content}
    lead = replace(RICH, **changes, published=when, updated=when, enclosures=(), authors=RICH.authors[:1])
    return view(lead, content_policy=policy, others=(carrier("courier", str(n)),))
