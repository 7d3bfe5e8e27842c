"""What an entry says, whatever the format."""

import pytest

from feeds.model import Agency, Image, Person, Sibling
from feeds.publish.items import feed_item
from tests.publish.samples import NOON, RICH, SITE, article, carrier, rich_view, view
from tests.values import replace

REL = 'rel="noopener noreferrer nofollow ugc"'
CREDIT = (
    f'<p class="copydesk-credit"><a href="https://gazette.example/" {REL}>The Gazette</a>. '
    f'<a href="https://gazette.example/a" {REL}>Read at gazette.example</a></p>'
)


def html(entry):
    return feed_item(SITE, entry).html


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("full", article().content + CREDIT),
        ("summary", "<p>The ferry runs again after a winter of repairs.</p>" + CREDIT),
        ("headline", CREDIT),
    ],
)
def test_the_content_policy_decides_the_body(policy, expected):
    assert html(view(content_policy=policy)) == expected


def test_full_without_content_falls_back_to_the_summary():
    assert html(view(article(content=""), content_policy="full")).startswith("<p>The ferry runs")


def test_a_headline_has_no_summary_pictures_or_files():
    item = feed_item(SITE, rich_view(content_policy="headline"))
    assert (item.summary, item.images, item.enclosures) == ("", (), ())


def test_the_marked_line_names_agency_carriers_and_original():
    credit = html(rich_view(content_policy="headline"))
    assert credit == (
        f'<p class="copydesk-credit">Xinhua · <a href="https://gazette.example/" {REL}>The Gazette</a>. '
        f'Also reported by <a href="https://courier.example/a" {REL}>The Courier</a>, '
        f'<a href="https://herald.example/" {REL}>The Herald</a>. '
        f'<a href="https://gazette.example/rich" {REL}>Read at gazette.example</a></p>'
    )


def test_an_agency_that_is_the_source_is_named_once():
    assert "·" not in html(view(article(agency=Agency(name="The Gazette", how="source"))))


def test_all_agencies_are_named():
    both = Agency(name="Reuters", how="credit line", also=("Bernama",))
    item = feed_item(SITE, view(article(agency=both)))
    assert (item.agency, "Reuters, Bernama · " in item.html) == ("Reuters, Bernama", True)


def test_a_paywall_is_announced():
    assert html(view(paywall=True)).endswith("Read at gazette.example</a> (subscription)</p>")


def test_many_carriers_are_cut_short():
    others = tuple(carrier(f"paper-{n}") for n in range(300))
    assert "and 288 more." in html(view(others=others))


def test_a_source_is_named_once_as_a_carrier():
    item = feed_item(SITE, view(others=(carrier("courier"), carrier("gazette", "b"), carrier("courier", "c"))))
    assert [c.source for c in item.others] == ["courier"]


def test_markup_in_names_is_text():
    assert "<script>" not in html(view(carrier=carrier(title="<script>alert(1)</script>")))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//gazette.example/a", "/a", "", None], ids=repr
)
def test_only_web_addresses_are_linked(url):
    item = feed_item(SITE, view(carrier=carrier(url=url, home=url), others=(carrier("courier", url=url, home=url),)))
    assert (item.original, item.link, "href" in item.html) == (None, item.page, False)


def test_addresses_beyond_ascii_are_escaped():
    item = feed_item(SITE, view(carrier=carrier(url="https://gazette.example/türkiye haber")))
    assert item.link == "https://gazette.example/t%C3%BCrkiye%20haber"


@pytest.mark.parametrize(
    ("policy", "shown"), [("none", False), ("link", True), ("copy", True)], ids=lambda value: str(value)
)
def test_the_images_policy_decides_the_picture(policy, shown):
    item = feed_item(SITE, view(RICH, image_policy=policy))
    assert (bool(item.images), "<img" in item.html) == (shown, shown)


def test_content_with_a_picture_gets_no_second_one():
    lead = replace(RICH, content='<p>Text</p><img src="https://gazette.example/own.jpg">')
    assert html(view(lead, content_policy="full")).count("<img") == 1


def test_pictures_leave_the_content_under_the_policy_none():
    lead = replace(
        RICH, content='<p>Text</p><figure><img src="https://g.example/o.jpg"><figcaption>C</figcaption></figure>'
    )
    assert html(view(lead, content_policy="full", image_policy="none")).startswith(
        '<p>Text</p><p class="copydesk-credit">'
    )


def test_an_untitled_article_borrows_from_its_summary():
    assert feed_item(SITE, view(article(title=""))).title == "The ferry runs again after a winter of repairs."


def test_a_source_that_signs_as_itself_is_no_by_line():
    item = feed_item(SITE, view(article(authors=(Person(name="The Gazette"),))))
    assert [a.name for a in item.authors] == ["The Gazette"]


def test_the_notice_of_the_source_goes_before_the_articles():
    assert feed_item(SITE, rich_view(rights="Ask first")).rights == "Ask first"


def test_pictures_are_bounded():
    images = tuple(Image(url=f"https://g.example/{n}.jpg") for n in range(50))
    assert len(feed_item(SITE, view(article(images=images))).images) == 10


def test_the_dates_are_the_entrys():
    lead = replace(article(), published=NOON.replace(year=1999))
    entry = replace(view().entry, published=NOON, updated=NOON)
    assert feed_item(SITE, view(lead, entry=entry)).published == NOON


def test_what_it_shows_of_its_story_stands_before_the_marked_line():
    other = view(
        article("b", title="Ferry <b> & bell", agency=Agency(name="Orbis", how="dateline")),
        carrier=carrier("courier", "b"),
        others=(carrier("herald", "b"),),
        paywall=True,
    )
    assert html(view(content_policy="headline", inside=(other,), further=2)) == (
        '<div class="copydesk-story"><p>Also in this story:</p><ul>'
        f'<li><a href="https://courier.example/b" {REL}>Ferry &lt;b&gt; &amp; bell</a><br>'
        f'Orbis · <a href="https://courier.example/" {REL}>The Courier</a>. '
        f'Also reported by <a href="https://herald.example/b" {REL}>The Herald</a>. (subscription)</li>'
        "</ul><p>And 2 more.</p></div>" + CREDIT
    )


def test_where_it_stands_inside_it_is_not_named_again():
    one, other = view(article("b")), view(article("c"))
    more = tuple(
        Sibling(id=v.entry.id, title=v.lead.title, language=None, source="The Gazette", published=NOON)
        for v in (one, other)
    )
    item = feed_item(SITE, view(inside=(one,), more=more))
    assert [named.title for named in item.more] == [other.lead.title]


def test_where_the_policy_says_so_our_page_is_the_link_of_what_is_inside():
    item = feed_item(SITE, view(inside=(view(article("b"), link_policy="page"),)))
    assert item.inside[0].link == item.inside[0].page
