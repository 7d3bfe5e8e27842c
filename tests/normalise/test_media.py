import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Enclosure, Image, Item
from feeds.normalise.media import enclosures, images

BASE = "https://news.example/feed"
SMALL = Image(url="https://news.example/small.jpg", width=80, height=60)
LARGE = Image(url="https://news.example/large.jpg", width=1600, height=900)
UNKNOWN = Image(url="https://news.example/unknown.jpg")
INSIDE = '<p>x</p><img src="https://news.example/in.jpg?a=1&amp;b=2" alt="A &quot;pier&quot;" width="640" height="400">'


def test_the_largest_comes_first_and_thumbnails_last():
    assert images(Item(images=(SMALL, UNKNOWN, LARGE)), BASE) == (LARGE, UNKNOWN, SMALL)


def test_a_picture_among_the_enclosures():
    item = Item(enclosures=(Enclosure(url="/a.jpg", type="image/jpeg"), Enclosure(url="/b.mp3", type="audio/mpeg")))
    assert images(item, BASE) == (Image(url="https://news.example/a.jpg"),)


def test_the_first_picture_of_the_text_when_nothing_is_said():
    inside = Image(url="https://news.example/in.jpg?a=1&b=2", alt='A "pier"', width=640, height=400)
    assert images(Item(), BASE, "", INSIDE) == (inside,)


def test_the_first_picture_of_the_text_when_only_a_thumbnail_is_said():
    assert [image.url for image in images(Item(images=(SMALL,)), BASE, INSIDE)][1] == SMALL.url


def test_no_picture_of_the_text_beside_a_large_one():
    assert images(Item(images=(LARGE,)), BASE, INSIDE) == (LARGE,)


def test_counters_are_no_pictures():
    tracked = (
        Image(url="https://news.example/a.gif", width=1, height=1),
        Image(url="https://pixel.quantserve.com/pixel.gif"),
        Image(url="data:image/gif;base64,R0lGODlh"),
        Image(url="javascript:alert(1)"),
    )
    assert images(Item(images=tracked), BASE) == ()


def test_a_face_the_size_of_a_stamp_is_no_picture():
    face = Image(url="https://faces.example/u/1", width=48, height=48)
    assert images(Item(images=(face, SMALL)), BASE) == (SMALL,)


def test_of_one_address_the_size_is_kept_that_is_said_anywhere():
    item = Item(images=(SMALL,), enclosures=(Enclosure(url=SMALL.url, type="image/jpeg"),))
    assert images(item, BASE) == (SMALL,)


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        (["/a.jpg?width=140", "/a.jpg?width=700&quality=80", "/a.jpg?width=460"], ["/a.jpg?width=700&quality=80"]),
        (["/a-150x150.jpg", "/a-1024x683.jpg", "/a-300x200.jpg"], ["/a-1024x683.jpg"]),
        (["/a.jpg?id=1", "/a.jpg?id=2"], ["/a.jpg?id=1", "/a.jpg?id=2"]),
        (["/a_4x3_384.jpg", "/a_16x9_1600.jpg", "/a_16x9_992.jpg"], ["/a_4x3_384.jpg"]),
        (["/small-80x60.jpg", "/large-1600x900.jpg"], ["/large-1600x900.jpg", "/small-80x60.jpg"]),
    ],
)
def test_of_one_picture_in_several_sizes_the_largest_is_kept(urls, expected):
    found = images(Item(images=tuple(Image(url=url) for url in urls)), BASE)
    assert [image.url.removeprefix("https://news.example") for image in found] == expected


def test_the_largest_keeps_the_words_of_the_others():
    small = Image(url="/a.jpg?w=80", width=80, height=60, alt="A pier", credit="Ann Lens")
    found = images(Item(images=(small, Image(url="/a.jpg?w=800", width=800, height=600))), BASE)
    assert [(image.width, image.alt, image.credit) for image in found] == [(800, "A pier", "Ann Lens")]


def test_enclosures_are_absolute_and_come_once():
    said = (
        Enclosure(url="/a.mp3", type=" Audio/MPEG ", length=12, seconds=3),
        Enclosure(url="https://news.example/a.mp3"),
        Enclosure(url="ftp://news.example/b.mp3"),
        Enclosure(url="c.mp3", type="nonsense", length=-1),
    )
    assert enclosures(Item(enclosures=said), BASE) == (
        Enclosure(url="https://news.example/a.mp3", type="audio/mpeg", length=12, seconds=3),
        Enclosure(url="https://news.example/c.mp3"),
    )


sizes = st.none() | st.integers()
pictures = st.builds(Image, url=st.text(max_size=20) | st.integers().map("/{}.png".format), width=sizes, height=sizes)


@given(st.lists(pictures, max_size=40), st.text(max_size=60))
def test_at_most_ten_pictures_with_web_addresses(said, markup):
    found = images(Item(images=tuple(said)), BASE, markup)
    assert len(found) <= 10 and all(image.url.startswith(("http://", "https://")) for image in found)
