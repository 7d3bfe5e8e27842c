import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Agency, Text
from feeds.normalise.credit import closing, unmarked
from tests.values import replace

BODY = "The port reopened on Thursday, its master said."
REUTERS = Agency(name="Reuters", how="credit line")
LINE = '<p class="copydesk-credit">{}. <a href="https://a.example/1">Read at a.example</a></p>'


@pytest.mark.parametrize(
    ("tail", "how"),
    [
        (" (Reuters)", "credit line"),
        ("\nSource: Reuters", "credit line"),
        ("\nWith inputs from Reuters", "contributors"),
        ("\nAnn Lee of Reuters contributed to this report.", "contributors"),
    ],
)
def test_how_it_was_found(tail, how):
    assert closing(BODY + tail) == (Agency(name="Reuters", how=how), BODY)


@pytest.mark.parametrize(
    "tail",
    [
        "\n(Reporting by Ann Lee; Editing by Can Demir)\nReuters",
        "\nReuters\n(Reporting by Ann Lee; Editing by Can Demir)",
    ],
)
def test_several_lines_are_taken_off(tail):
    assert closing(BODY + tail) == (REUTERS, BODY)


def test_who_contributed_stands_behind_who_signs():
    tail = "\nWith inputs from AFP\nSource: Reuters\n© 2026 Reuters"
    assert closing(BODY + tail) == (replace(REUTERS, also=("Agence France-Presse",)), BODY)


@pytest.mark.parametrize(
    "text", ["Source: Reuters", "(AFP)", "Reuters", "", "\n", "(Reporting by Ann Lee of the port)"]
)
def test_a_text_that_is_nothing_but_credit_stays(text):
    assert closing(text)[1] == text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Reuters · <a href='https://a.example/'>The Gazette</a>", REUTERS),
        ('<a href="https://a.example/">Reuters</a>', REUTERS),
        ("Reuters", REUTERS),
        ("Reuters, Bernama · The Gazette", replace(REUTERS, also=("Bernama",))),
        ("Reuters, Jane Doe · The Gazette", None),
        ('<a href="https://a.example/">The Gazette</a>', None),
        ("The Gazette", None),
    ],
)
def test_our_own_line_is_taken_off(words, expected):
    said = Text(value=f"<p>{BODY}</p>" + LINE.format(words), type="html")
    assert unmarked(said) == (Text(value=f"<p>{BODY}</p>", type="html"), expected)


@pytest.mark.parametrize(
    "markup",
    [
        LINE.format("Reuters") + "<p>more</p>",
        '<p class="copydesk-credit">Reuters',
        "<p>Reuters</p>",
        "",
    ],
)
def test_what_is_not_the_last_line_stays(markup):
    said = Text(value=markup, type="html")
    assert unmarked(said) == (said, None)


tails = st.text("AFPdpa Reutersc.()[]/-–—:\n©", max_size=120)


@given(tails | st.text(max_size=200))
def test_only_the_end_is_taken_off(text):
    assert text.startswith(closing(text)[1])


@given(tails | st.text(max_size=200))
def test_nothing_is_left_to_take_off(tail):
    once = closing(BODY + tail)[1]
    assert closing(once)[1] == once


def test_hostile_tails_are_read_in_no_time(benchmark_seconds):
    hostile = [
        "(" * 100_000,
        "\n" * 100_000 + "a/" * 20,
        "x.\n" + "With " * 60,
        "x.\n" + "contributed to this report " * 11,
        "x.\n(Reporting by " + "; editing " * 28,
        "x.\n" + "© " * 60,
        "x" * 100_000 + " Source: " * 20_000,
        "x.\n" + "Source: " * 40,
        "a.\nAFP" * 50_000,
    ]
    assert benchmark_seconds(lambda: [closing(text) for text in hostile]) < 0.5
