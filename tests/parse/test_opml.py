"""Lists of feeds that others give us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import ParseError
from feeds.parse import opml
from feeds.parse.opml import Label, Subscription


def document(outlines, head=""):
    return f'{head}<opml version="2.0"><head><title>Mine</title></head><body>{outlines}</body></opml>'.encode()


def feed(url, title="", more=""):
    return f'<outline type="rss" text="{title}" xmlUrl="{url}" {more}/>'


def read(outlines, head=""):
    return opml.read(document(outlines, head)).feeds


def paths(subscription):
    return [tuple(label.title for label in category) for category in subscription.categories]


A, B = "https://a.example/rss", "https://b.example/rss"


def test_all_that_is_said_of_a_feed():
    assert read(feed(A, " The  Post ", 'htmlUrl="https://a.example/" language="tr"')) == (
        Subscription(url=A, title="The Post", home="https://a.example/", language="tr"),
    )


def test_title_before_text():
    assert read(f'<outline text="short" title="A longer one" xmlUrl="{A}"/>')[0].title == "A longer one"


@pytest.mark.parametrize("name", ["xmlUrl", "xmlurl", "xmlURL", "XMLUrl"])
def test_attributes_in_any_case(name):
    assert [one.url for one in read(f'<outline text="x" {name}="{A}"/>')] == [A]


def test_nested_categories():
    found = read(f'<outline text="World"><outline title="Europe">{feed(A)}</outline>{feed(B)}</outline>')
    assert [paths(one) for one in found] == [[("World", "Europe")], [("World",)]]


def test_an_outline_without_a_name_is_no_category():
    assert paths(read(f'<outline text=""><outline text="World">{feed(A)}</outline></outline>')[0]) == [("World",)]


def test_feeds_below_a_feed_stand_in_the_same_category():
    (first, second) = read(f'<outline text="World"><outline text="A" xmlUrl="{A}">{feed(B)}</outline></outline>')
    assert (paths(first), paths(second)) == ([("World",)], [("World",)])


def test_the_category_attribute():
    assert paths(read(feed(A, more='category="/World/Europe, harbours ,/"'))[0]) == [("World", "Europe"), ("harbours",)]


def test_a_feed_in_several_categories_is_one():
    found = read(f'<outline text="World">{feed(A)}</outline><outline text="Sport">{feed(A)}{feed(A)}</outline>')
    assert [paths(one) for one in found] == [[("World",), ("Sport",)]]


def test_what_only_copydesk_says():
    namespace = f'xmlns:copydesk="{opml.OURS}"'
    outlines = (
        f'<outline text="World" copydesk:section="world-1" {namespace}>'
        f'<outline text="post" xmlUrl="{A}" copydesk:name="post" copydesk:disabled="true"/></outline>'
        f'<outline text="Empty" copydesk:section="empty" {namespace}/>'
    )
    found = opml.read(document(outlines))
    assert (found.sections, found.feeds) == (
        (Label("World", "world-1"), Label("Empty", "empty")),
        (Subscription(url=A, categories=((Label("World", "world-1"),),), name="post", disabled=True),),
    )


def test_notes_are_no_feeds():
    assert read('<outline text="Buy milk"/><outline text="x" type="link" url="https://a.example/"/>') == ()


def test_encodings():
    head = '<?xml version="1.0" encoding="windows-1251"?>'
    body = document(feed(A, "Новости порта"), head).decode().encode("windows-1251")
    assert opml.read(body).feeds[0].title == "Новости порта"


# ---------------------------------------------------------------- malformed


def test_a_bare_ampersand_costs_nothing_and_is_told_of():
    found = opml.read(document(feed(f"{A}?a=1&b=2", "Ships & trains") + feed(B)))
    assert ([one.url for one in found.feeds], len(found.problems)) == ([f"{A}?a=1&b=2", B], 1)


def test_a_cut_off_list_is_read_to_its_end():
    body = document(f'<outline text="World">{feed(A)}{feed(B)}')
    found = opml.read(body[: body.index(b"</body>")])
    assert ([(one.url, paths(one)) for one in found.feeds], len(found.problems)) == (
        [(A, [("World",)]), (B, [("World",)])],
        1,
    )


def test_quotes_inside_a_title():
    found = opml.read(document(f'<outline text="The "Old" Post" xmlUrl="{A}"/>{feed(B)}'))
    assert [one.url for one in found.feeds] == [A, B]


def test_outlines_without_a_root():
    assert [one.url for one in opml.read(feed(A).encode()).feeds] == [A]


@pytest.mark.parametrize(
    ("body", "kind", "word"),
    [
        (b"", "empty", "empty"),
        (b" \n\x00", "empty", "empty"),
        (b"<!doctype html><html><body><p>Sign in", "not a feed", "HTML"),
        (b'<rss version="2.0"><channel/></rss>', "not a feed", "RSS feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "not a feed", "Atom feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "not a feed", "JSON"),
        (b"<a><b/></a>", "not a feed", "no outlines"),
        (b"Dear reader", "not a feed", "OPML"),
        (b"\x89PNG\r\n\x1a\n", "not a feed", "OPML"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(body, kind, word):
    with pytest.raises(ParseError) as caught:
        opml.read(body)
    assert (caught.value.kind, word in str(caught.value)) == (kind, True)


# ---------------------------------------------------------------- hostile


def test_entities_are_not_expanded():
    levels = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    head = f'<!DOCTYPE opml [<!ENTITY l0 "ha">{levels}<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    (found,) = read(feed(A, "&l9;&file;"), head)
    assert found.title == "&l9;&file;"


def test_a_plain_doctype_is_no_fault():
    assert opml.read(document(feed(A), '<!DOCTYPE opml SYSTEM "opml.dtd">')).problems == ()


def test_ten_thousand_outlines():
    assert len(read("".join(feed(f"https://a.example/{n}") for n in range(10_000)))) == 10_000


def test_more_than_can_be_is_told_of():
    found = opml.read(document("".join(feed(f"https://a.example/{n}") for n in range(opml.MOST + 5))))
    assert (len(found.feeds), len(found.problems)) == (opml.MOST, 1)


def test_a_depth_of_a_thousand_is_read_as_far_as_it_goes():
    found = opml.read(document(f'<outline text="c">{feed(A)}' * 1000 + "</outline>" * 1000))
    assert ([one.url for one in found.feeds], "depth" in found.problems[0]) == ([A], True)


def test_categories_inside_each_other_are_bounded():
    (found,) = read('<outline text="c">' * 100 + feed(A) + "</outline>" * 100)
    assert len(found.categories[0]) == opml.DEEPEST


def test_one_feed_in_very_many_categories():
    (found,) = read("".join(f'<outline text="c{n}">{feed(A)}</outline>' for n in range(10_000)))
    assert len(found.categories) == 10_000


def test_a_list_that_is_too_large():
    with pytest.raises(ParseError, match="16 MiB"):
        opml.read(b" " * (opml.MAX_BYTES + 1))


@pytest.mark.parametrize(
    "body", [b"<" * 400_000, b'<outline text="' * 60_000, b"<!DOCTYPE [" * 50_000, b"<opml>" * 50_000, b"&" * 400_000]
)
def test_junk_ends_soon(body):
    try:
        assert opml.read(body).feeds == ()
    except ParseError as error:
        assert error.kind in ("not a feed", "unparseable", "empty")


@given(
    st.lists(
        st.sampled_from(
            [
                "<opml>",
                "<body>",
                "<outline",
                ' text="a"',
                ' xmlUrl="https://a.example/"',
                "/>",
                ">",
                "</outline>",
                "<",
                "&",
                '"',
                "<!DOCTYPE x>",
                "\x00",
                "é",
            ]
        )
    )
)
def test_nothing_but_a_parse_error_leaves_it(parts):
    try:
        found = opml.read("".join(parts).encode())
    except ParseError:
        return
    assert len({one.url for one in found.feeds}) == len(found.feeds)


@given(st.binary(max_size=200))
def test_whatever_the_bytes(body):
    try:
        opml.read(body)
    except ParseError as error:
        assert str(error)
