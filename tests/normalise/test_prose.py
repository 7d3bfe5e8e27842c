import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.normalise.prose import first_sentence, only_repeats, repeats, shorten, without_first_line

SENTENCE = "The harbour was quiet this morning and no ship came in. "
LONG = "word " * 70


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("One  line\nand another", "One line and another"),
        (SENTENCE * 5, (SENTENCE * 5).strip()),
        (SENTENCE * 8, (SENTENCE * 5).strip()),
        (LONG, "word " * 59 + "word…"),
        ("Short one. " + LONG, "Short one. " + "word " * 57 + "word…"),
        ("港口今天早上很安静。" * 10, "港口今天早上很安静。" * 10),
        ("港口今天早上很安静。" * 20, "港口今天早上很安静。" * 12),
        ("港" * 200, "港" * 120 + "…"),
    ],
)
def test_summaries_end_at_a_sentence_or_say_that_they_are_cut(text, expected):
    assert shorten(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. Then it stopped.", "It rained."),
        ("Mr. Smith met Dr. Jones. They talked.", "Mr. Smith met Dr. Jones."),
        ("The U.S. Senate voted. It was late.", "The U.S. Senate voted."),
        ("Am 8. Januar begann es. Dann nicht.", "Am 8. Januar begann es."),
        ("J. K. Rowling wrote. Others read.", "J. K. Rowling wrote."),
        ('"Is it?" he asked. Nobody knew.', '"Is it?" he asked.'),
        ("Prices rose 3.5 percent. Wages did not.", "Prices rose 3.5 percent."),
        ("今天很安静。明天也是。", "今天很安静。"),
        ("No end\nSecond paragraph.", "No end"),
    ],
)
def test_the_first_sentence(text, expected):
    assert first_sentence(text) == expected


def test_as_many_words_as_are_asked_for():
    assert (shorten(SENTENCE * 8, 25), shorten(LONG, 3)) == ((SENTENCE * 2).strip(), "word word word…")


def test_a_script_without_spaces_has_two_characters_for_a_word():
    assert shorten("港口今天早上很安静。" * 20, 20) == "港口今天早上很安静。" * 4


def test_hindi_ends_with_a_danda():
    assert shorten("आज बंदरगाह शांत था। " * 20, 9) == "आज बंदरगाह शांत था। आज बंदरगाह शांत था।"


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ("It rained. Then", "It rained.\nThen it stopped.", True),
        ("It rained. Then…", "It rained. Then it stopped.", True),
        ("It rained.", "It rained.", True),
        ("Rain.", "It rained.", False),
        ("It rained. And so on.", "It rained.", False),
    ],
)
def test_whether_a_summary_repeats_the_text(part, whole, expected):
    assert repeats(part, whole) == expected


@pytest.mark.parametrize(
    ("summary", "title", "expected"),
    [
        ("Ships come in.", "Ships come in", True),
        ("SHIPS COME IN", "Ships come in", True),
        ("Ships come in, and go.", "Ships come in", False),
        ("", "", False),
    ],
)
def test_whether_a_summary_repeats_the_title(summary, title, expected):
    assert only_repeats(summary, title) == expected


def test_a_title_on_a_line_of_its_own_is_not_the_text():
    assert [
        without_first_line(text, "Ships come in") for text in ("Ships come in\nTwo.", "Ships come in", "One.\nTwo.")
    ] == [
        "Two.",
        "Ships come in",
        "One.\nTwo.",
    ]


@given(st.text("ab .!?…,\n。港\u00a0", max_size=1500) | st.text(max_size=300))
def test_a_summary_is_short_and_its_own_summary(text):
    summary = shorten(text)
    assert (len(summary.split()) <= 60, len(summary) <= 1000, shorten(summary)) == (True, True, summary)
