import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.normalise.prose import first_sentence, shorten

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


@given(st.text("ab .!?…,\n。港\u00a0", max_size=1500) | st.text(max_size=300))
def test_a_summary_is_short_and_its_own_summary(text):
    summary = shorten(text)
    assert (len(summary.split()) <= 60, len(summary) <= 1000, shorten(summary)) == (True, True, summary)
