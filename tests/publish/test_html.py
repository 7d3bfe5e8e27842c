"""Pages: what they carry, what they link, and that nothing in them comes from elsewhere."""

import json
from datetime import timedelta

import pytest
from lxml import html as lxml_html

from feeds.model import Agency, Related, Section, Sibling, Site, Source
from feeds.publish import html, paths
from tests.publish.samples import (
    NOON,
    SECTIONS,
    SITE,
    SPORT,
    WORLD,
    article,
    carrier,
    edition,
    full_edition,
    rich_view,
    urn,
    view,
)
from tests.values import replace

PAGE_OF_A = f"article/e1/{urn('a').removeprefix('urn:uuid:')}.html"


def tree(document):
    return lxml_html.fromstring(document.data.decode())


def entry(entry_view):
    return tree(html.entry_page(SITE, entry_view, SECTIONS))


def texts(root, path):
    return [" ".join(e.text_content().split()) for e in root.xpath(path)]


def every_page():
    made = edition(rich_view(), view())
    sources = [Source(name="gazette", url="https://gazette.example/rss", home="https://gazette.example/")]
    return [
        *html.section_pages(made),
        html.front_page(SITE, [made]),
        html.sources_page(SITE, sources, SECTIONS),
        html.entry_page(SITE, rich_view(content_policy="full"), SECTIONS),
    ]


@pytest.mark.parametrize("page", every_page(), ids=lambda page: page.path)
def test_every_page_has_a_strict_policy(page):
    policy = tree(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"]


class TestAnAlias:
    @pytest.fixture
    def page(self):
        other = Sibling(id=urn("b"), title="Ferry <b> sails", language="en", source="The Herald", published=NOON)
        return entry(view(survivor=other))

    def test_it_names_the_entry_that_it_went_into(self, page):
        (link,) = page.xpath("//p[@class='notice']/a")
        assert (link.text, link.get("href")) == ("Ferry <b> sails", f"../../{paths.entry_path(urn('b'))}")

    def test_its_address_for_machines_is_the_others(self, page):
        wanted = paths.url(SITE, paths.entry_path(urn("b")))
        (data,) = page.xpath("//script[@type='application/ld+json']/text()")
        found = [*page.xpath("//link[@rel='canonical']/@href"), json.loads(data)["mainEntityOfPage"]]
        assert found == [wanted, wanted]

    def test_it_still_tells_its_own_story(self, page):
        assert texts(page, "//h1") == ["Ferry line a reopens"]


def test_other_pages_name_themselves():
    assert entry(view()).xpath("//link[@rel='canonical']/@href") == [paths.url(SITE, PAGE_OF_A)]


@pytest.mark.parametrize("page", every_page(), ids=lambda page: page.path)
def test_no_page_loads_anything_from_elsewhere(page):
    loaded = tree(page).xpath(
        "//img/@src | //script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //iframe/@src"
    )
    assert [url for url in loaded if ":" in url or url.startswith("//")] == []


@pytest.mark.parametrize("page", every_page(), ids=lambda page: page.path)
def test_every_foreign_link_is_marked(page):
    links = tree(page).xpath("//body//a[starts-with(@href, 'http')]")
    assert {link.get("rel") for link in links} <= {"noopener noreferrer nofollow ugc"}


@pytest.mark.parametrize("page", every_page(), ids=lambda page: page.path)
def test_every_page_can_be_walked_without_a_mouse(page):
    root = tree(page)
    assert (root.xpath("//body/a[1]/@href"), len(root.xpath("//main[@id='main']")), len(root.xpath("//h1"))) == (
        ["#main"],
        1,
        1,
    )


@pytest.mark.parametrize("page", every_page(), ids=lambda page: page.path)
def test_every_page_names_its_language_and_address(page):
    root = tree(page)
    address = SITE.base_url + page.path.removesuffix("index.html")
    assert (root.get("lang"), root.get("dir"), root.xpath("//link[@rel='canonical']/@href")) == ("en", "ltr", [address])


def test_the_same_values_give_the_same_bytes():
    assert [p.data for p in every_page()] == [p.data for p in every_page()]


def test_an_entry_lies_at_its_address_for_ever():
    assert html.entry_page(SITE, view(), SECTIONS).path == PAGE_OF_A


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("//p[@class='kicker']", ["World"]),
        ("//h1", ["Ferry line rich reopens"]),
        ("//article/header//time", ["January 8, 2026, 3:00 PM"]),
        ("//article/header//*[@class='place']", ["Izmir, TR"]),
        ("//article/header//*[@class='source']", ["The Gazette"]),
        ("//div[@class='body']/p", [
            "IZMIR, Jan 8: The ferry runs again after a winter of repairs.",
            "It sails twice a day.",
        ]),
        ("//footer[@class='credit']/p", [
            "Xinhua, from The Gazette.",
            "Also reported by The Courier, The Herald.",
            "© The Gazette",
        ]),
        ("//p[@class='read']/a", ["Read it at gazette.example"]),
        ("//aside//li", ["More on ferries", "other.example"]),
    ],
)  # fmt: skip
def test_an_entry_carries(path, expected):
    related = (
        Related(url="https://wire.example.org/x.html", title="More on ferries"),
        Related(url="https://other.example/"),
    )
    assert texts(entry(rich_view(content_policy="full", related=related)), path) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("summary", ["The ferry runs again after a winter of repairs."]), ("headline", [])],
)
def test_the_content_policy_decides_the_body(policy, expected):
    assert texts(entry(view(content_policy=policy)), "//div[@class='body']") == expected


def test_a_headline_tells_nothing_of_the_summary():
    assert b"winter of repairs" not in html.entry_page(SITE, view(content_policy="headline"), SECTIONS).data


def test_an_update_is_shown_when_there_was_one():
    changed = replace(view().entry, updated=NOON + timedelta(hours=3))
    assert texts(entry(view(entry=changed)), "//*[@class='updated']") == ["Updated January 8, 2026, 6:00 PM"]


def test_pages_show_no_picture_of_elsewhere():
    lead = article(content='<p>Text</p><img src="https://gazette.example/own.jpg">')
    assert entry(view(lead, content_policy="full")).xpath("//img") == []


@pytest.mark.parametrize(
    ("language", "direction"), [("ar", "rtl"), ("fa-IR", "rtl"), ("en", "ltr"), (None, "auto")], ids=str
)
def test_a_text_has_its_own_direction(language, direction):
    assert entry(view(article(language=language))).xpath("//h1/@dir") == [direction]


def test_linked_data_says_what_the_page_says_and_whether_it_is_free():
    lead = article(summary="It rained.")
    said = [json.loads(entry(view(lead, paywall=paid)).xpath("string(//script)")) for paid in (True, False)]
    assert [(one["description"], one.get("isAccessibleForFree")) for one in said] == [
        ("It rained.", False),
        ("It rained.", None),
    ]


def test_linked_data_cannot_be_broken_out_of():
    page = html.entry_page(SITE, view(article(title="</script><script>alert(1)</script>")), SECTIONS)
    assert page.data.count(b"</script>") == 1


def test_an_entry_outside_the_sections_has_no_kicker():
    assert entry(view(sections=("gone",))).xpath("//p[@class='kicker']") == []


def test_a_section_is_paged_by_thirty():
    assert [page.path for page in html.section_pages(full_edition(61))] == [
        "world/index.html",
        "world/page-2.html",
        "world/page-3.html",
    ]


def test_pages_of_a_section_are_linked_both_ways():
    second = tree(html.section_pages(full_edition(61))[1])
    assert second.xpath("//nav[@class='pages']/a/@href") == ["./", "page-3.html"]


def test_an_empty_section_says_so():
    assert texts(tree(html.section_pages(edition())[0]), "//*[@class='empty']") == ["Nothing here yet."]


def test_a_section_is_grouped_by_the_sites_days():
    late = article("late", published=NOON.replace(hour=21, minute=30))
    made = edition(view(late), view())
    assert texts(tree(html.section_pages(made)[0]), "//section[@class='day']/h2") == [
        "Friday, January 9, 2026",
        "Thursday, January 8, 2026",
    ]


def test_a_section_names_its_feeds():
    head = tree(html.section_pages(edition(view()))[0])
    assert head.xpath("//link[@rel='alternate']/@href") == [
        "../world/atom.xml",
        "../world/rss.xml",
        "../world/feed.json",
    ]


def test_a_headline_leads_to_our_page():
    assert tree(html.section_pages(edition(view()))[0]).xpath("//h3/a/@href") == [f"../{PAGE_OF_A}"]


def test_a_teaser_counts_the_others():
    shown = texts(tree(html.section_pages(edition(rich_view()))[0]), "//p[@class='meta']")
    assert shown == ["Izmir, TR The Gazette Xinhua + 2 others"]


def test_the_front_page_shows_six_headlines_of_each_section():
    made = [full_edition(10), replace(full_edition(3), section=SPORT)]
    root = tree(html.front_page(SITE, made))
    assert [len(section.xpath(".//article")) for section in root.xpath("//main//section")] == [6, 3]


def test_the_current_section_is_marked():
    pages = html.section_pages(edition(view()))
    assert texts(tree(pages[0]), "//nav[@aria-label='Sections']//a[@aria-current='page']") == ["World"]


def test_dates_are_in_the_sites_language():
    site = Site(title="Hafen", base_url=SITE.base_url, language="de", timezone="Europe/Berlin")
    page = tree(html.entry_page(site, view(), SECTIONS))
    assert texts(page, "//article/header//time") == ["8. Januar 2026, 13:00"]


def test_clock_and_source_keep_their_own_direction_beside_a_text_from_right_to_left():
    page = tree(html.section_pages(edition(view(article(language="ar"))))[0])
    marks = (
        page.xpath("//article/@dir"),
        len(page.xpath("//article/time/bdi")),
        page.xpath("//*[@class='source']/@dir"),
    )
    assert marks == (["rtl"], 1, ["auto"])


def test_a_private_source_is_listed_by_name_and_home_only():
    secret = Source(
        name="inside",
        title="Inside wire",
        url="https://user:word@inside.example/feed",
        home="https://inside.example/",
        note="paid",
        rights="secret terms",
    )
    root = tree(html.sources_page(SITE, [secret], SECTIONS))
    assert texts(root, "//ul[@class='sources']/li") == ["inside"]


def test_a_source_is_listed_with_its_terms_and_without_our_note():
    source = Source(name="gazette", title="The Gazette", url="https://g.example/rss", note="Daily", rights="© G")
    root = tree(html.sources_page(SITE, [source], SECTIONS))
    assert texts(root, "//ul[@class='sources']/li") == ["The Gazette Summaries © G"]


def test_a_disabled_source_is_not_listed():
    source = Source(name="gazette", url="https://g.example/rss", disabled=True)
    assert texts(tree(html.sources_page(SITE, [source], SECTIONS)), "//ul[@class='sources']/li") == ["None yet."]


def test_the_theme_lies_where_pages_look_for_it():
    assert [document.path for document in html.theme()] == ["theme/copydesk.css", "theme/icon.svg"]


def test_a_site_without_sections_has_pages():
    assert tree(html.front_page(SITE, [])).xpath("//nav") == []


def test_titles_of_sections_are_text():
    section = Section(name="world", title="<b>World</b>")
    assert b"<b>" not in html.section_pages(edition(view(), section=section, sections=(section, WORLD)))[0].data


def test_a_carrier_without_an_address_is_named():
    assert texts(entry(view(carrier=carrier(url=None, home=None))), "//footer[@class='credit']/p") == [
        "From The Gazette."
    ]


def test_search_engines_are_told_dateline_and_credit():
    said = json.loads(entry(rich_view()).xpath("//script/text()")[0])
    assert (said["dateline"], said["creditText"]) == ("Izmir, TR, Jan 8", "Xinhua")


def test_all_agencies_are_named():
    agency = Agency(name="Reuters", how="author", also=("Bernama",))
    page = entry(view(article(agency=agency)))
    said = json.loads(page.xpath("//script/text()")[0])
    footer = texts(page, "//footer[@class='credit']/p/span")
    assert [*footer, said["creditText"]] == ["Reuters, Bernama"] * 2


def test_an_agency_that_is_the_source_is_named_once():
    agency = Agency(name="The Gazette", how="author")
    assert texts(entry(view(article(agency=agency))), "//footer[@class='credit']/p") == ["From The Gazette."]
