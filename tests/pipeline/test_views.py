"""What decides the print, and what of a source may be told."""

import pytest

from feeds.model import Category, Entry, Image, Member, Person, Related, Site, Via
from feeds.model.said import Enclosure
from feeds.pipeline.views import press, view
from feeds.publish import items, paths
from feeds.store.shelf import Shown, SourceRecord
from tests.newsroom import HOUR, NOON, SPORT, WORLD, article, source, state
from tests.values import replace

SITE = Site(title="Harbour Wire", base_url="https://wire.example/")
GAZETTE = source(title="The Gazette", home="https://gazette.example/")


def record(of, **changes):
    return SourceRecord(state=state(of.name, **changes), configured=of, active=True, leased_until=None)


def entry(*copies, dropped=()):
    lead = copies[0]
    return Shown(
        entry=Entry(
            id=lead.id,
            lead=lead.id,
            published=NOON,
            updated=NOON,
            first_seen=NOON,
            members=tuple(Member(article=c.id, source=c.source, rule="first") for c in copies),
        ),
        lead=lead,
        copies=copies,
        sections=("world",),
        dropped=dict.fromkeys((c.id for c in dropped), "dropped by a rule"),
    )


def seen(*copies, sources=(GAZETTE,), records=(), **more):
    return view(entry(*copies, **more), press(SITE, (WORLD, SPORT), sources, records))


@pytest.mark.parametrize(
    ("configured", "said", "shown"),
    [
        (
            {"title": "Ours", "home": "https://ours.example/"},
            {"title": "Theirs", "home": "x"},
            "Ours https://ours.example/",
        ),
        ({}, {"title": "Theirs", "home": "https://theirs.example/"}, "Theirs https://theirs.example/"),
        ({}, {}, "gazette None"),
        ({"private": True}, {"title": "For Anna", "home": "https://gazette.example/?key=1"}, "gazette None"),
        ({"private": True, "title": "Ours", "home": "https://ours.example/"}, {}, "Ours https://ours.example/"),
    ],
)
def test_a_source_goes_by_its_configuration_then_by_its_feed_unless_it_is_private(configured, said, shown):
    one = source(**configured)
    carrier = seen(article(), sources=[one], records=[record(one, **said)]).carrier
    assert f"{carrier.title} {carrier.home}" == shown


@pytest.mark.parametrize(
    ("policy", "link", "wanted"),
    [
        ("full", None, "page"),
        ("summary", None, "original"),
        ("headline", None, "original"),
        ("full", "original", "original"),
        ("summary", "page", "page"),
    ],
)
def test_where_a_click_leads(policy, link, wanted):
    assert seen(article(), sources=[replace(GAZETTE, content=policy, link=link)]).link_policy == wanted


@pytest.mark.parametrize(("policy", "leads_to"), [("summary", "https://gazette.example/a"), ("full", None)])
def test_another_lead_moves_no_link(policy, leads_to):
    first, lead = article(), article("b", "herald")
    shown = entry(first, lead)
    sources = (replace(GAZETTE, content=policy), source("herald", content="summary"))
    one = view(replace(shown, lead=lead), press(SITE, (WORLD,), sources, ()))
    page = paths.url(SITE, paths.entry_path(first.id))
    assert items.feed_item(SITE, one).link == (leads_to or page)


def test_what_the_lead_can_be_read_at_is_the_leads_own():
    first, lead = article(), article("b", "herald")
    one = view(replace(entry(first, lead), lead=lead), press(SITE, (WORLD,), (GAZETTE, source("herald")), ()))
    assert items.feed_item(SITE, one).original == "https://herald.example/b"


def test_others_are_named_once_each_in_the_order_in_which_they_came():
    copies = [article(), *(article(n, by) for n, by in [("b", "herald"), ("c", "bugle"), ("d", "herald")])]
    assert [c.source for c in seen(*copies).others] == ["herald", "bugle"]


def test_a_dropped_copy_is_not_named():
    other = article("b", "herald")
    assert seen(article(), other, dropped=[other]).others == ()


def test_only_sections_of_the_configuration_are_named():
    shown = replace(entry(article()), sections=("gone", "world"))
    assert view(shown, press(SITE, (WORLD,), [GAZETTE], [])).sections == ("world",)


def test_a_source_that_is_no_longer_configured_keeps_its_last_policies():
    gone = replace(GAZETTE, content="headline", images="none", paywall=True, rights="All theirs")
    one = seen(article(), sources=[], records=[record(gone)])
    assert (one.content_policy, one.image_policy, one.paywall, one.rights) == ("headline", "none", True, "All theirs")


def test_an_article_that_must_be_paid_for_says_so_itself():
    assert seen(replace(article(), paywall=True)).paywall


SECRET = "https://gazette.example/feed.xml?key=s3cr3t"
TELLING = {
    "comments": f"{SECRET}&comments=1",
    "enclosures": (Enclosure(url=f"{SECRET}&file=1"),),
    "images": (Image(url=f"{SECRET}&image=1"),),
    "related": (Related(url=f"{SECRET}&more=1"),),
    "via": Via(url=SECRET),
    "url": f"{SECRET}#1",
    "authors": (Person(name="Ada", uri=f"{SECRET}&by=1"),),
    "categories": (Category(term="sea", scheme=f"{SECRET}&in=1"),),
    "content": f'<p><a href="{SECRET}&amp;x=1#note">Note</a></p>',
}


@pytest.mark.parametrize(
    "private", [{"private": True}, {"headers": (("Authorization", "x"),)}, {"url": SECRET.replace("//", "//anna:x@")}]
)
def test_a_private_source_is_told_of_by_name_and_home_page_only(private):
    one = replace(GAZETTE, **({"url": SECRET, "content": "full"} | private))
    printed = replace(seen(article(**TELLING), sources=[one]), entry=None)
    told = (printed.carrier.url, printed.lead.comments, printed.lead.enclosures, printed.lead.images, printed.related)
    names = (printed.lead.authors[0].uri, printed.lead.categories[0].scheme, printed.lead.content)
    assert (told, names, printed.carrier.home) == (
        (None, None, (), (), ()),
        (None, None, "<p><a>Note</a></p>"),
        "https://gazette.example/",
    )


def test_a_private_source_among_the_others_is_told_of_without_a_link():
    hidden = source("herald", private=True)
    others = seen(article(), article("b", "herald"), sources=[GAZETTE, hidden]).others
    assert [(c.source, c.url) for c in others] == [("herald", None)]


# ---------------------------------------------------------------- looks


def looks(*sources, site=SITE, sections=(WORLD, SPORT), records=()):
    one = press(site, sections, sources, records)
    return {"all": one.look, "pages": one.page_look, **one.source_looks}


def changed(before, after):
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"title": "Another"}, ["all", "gazette"]),
        ({"home": "https://another.example/"}, ["all", "gazette"]),
        ({"content": "headline"}, ["all", "gazette"]),
        ({"link": "page"}, ["all", "gazette"]),
        ({"images": "none"}, ["all", "gazette"]),
        ({"rights": "All theirs"}, ["all", "gazette"]),
        ({"paywall": True}, ["all", "gazette"]),
        ({"private": True}, ["all", "gazette"]),
        ({"headers": (("Authorization", "x"),)}, ["all", "gazette"]),
        ({"url": "https://gazette.example/other.xml"}, ["all"]),
        ({"note": "Slow on Sundays"}, []),
        ({"disabled": True}, ["all"]),
        ({"interval": HOUR}, []),
        ({"priority": 5}, []),
        ({"sections": ("sport",)}, []),
    ],
)
def test_which_looks_a_change_of_a_source_changes(change, differs):
    assert changed(looks(GAZETTE), looks(replace(GAZETTE, **change))) == differs


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"site": replace(SITE, title="Quay Wire")}, ["all", "pages"]),
        ({"site": replace(SITE, timezone="Europe/Istanbul")}, ["all", "pages"]),
        ({"sections": (SPORT, WORLD)}, ["all", "pages"]),
        ({"sections": (replace(WORLD, title="Globe"), SPORT)}, ["all", "pages"]),
        ({"sections": (replace(WORLD, limit=5), SPORT)}, ["all"]),
    ],
)
def test_which_looks_a_change_of_the_site_changes(change, differs):
    assert changed(looks(GAZETTE), looks(GAZETTE, **change)) == differs


def test_a_source_that_leaves_the_configuration_looks_as_before():
    before = looks(GAZETTE, records=[record(GAZETTE)])
    assert changed(before, looks(records=[record(replace(GAZETTE, url=""))])) == ["all"]


def test_the_order_of_sources_does_not_matter():
    assert looks(GAZETTE, source("herald")) == looks(source("herald"), GAZETTE)
