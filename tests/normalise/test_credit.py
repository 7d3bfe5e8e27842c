import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Agency, Text
from feeds.normalise.credit import by_line, closing, in_field, unmarked
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


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Reuters", ("Reuters",)),
        ("Source: Reuters", ("Reuters",)),
        ("Quelle: dpa", ("Deutsche Presse-Agentur",)),
        ("Πηγή - ΑΠΕ-ΜΠΕ", ("Athens-Macedonian News Agency",)),
        ("出典：共同通信", ("Kyodo News",)),
        ("출처=연합뉴스", ("Yonhap News Agency",)),
        ("За матеріалами: Укрінформ", ("Ukrinform",)),
        ("Text: TT", ("TT",)),
        ("© dpa", ()),
        ("Apa/dpa", ()),
        ("Foto: EFE", ()),
        ("Image source: Reuters", ()),
        ("Source: the port", ()),
        ("Ann Lee/AFP", ()),
        ("", ()),
    ],
)
def test_a_field_that_is_for_credit(said, names):
    assert in_field(said) == names


@pytest.mark.parametrize(
    ("said", "language", "names"),
    [
        ("Ann Lee, Reuters", None, ("Reuters",)),
        ("Quelle: AFP", None, ("Agence France-Presse",)),
        ("Avec AFP", "fr", ("Agence France-Presse",)),
        ("Ann Lee, da Reuters", "pt", ("Reuters",)),
        ("The newsroom with files from Reuters", "en", ("Reuters",)),
        ("ANN LEE Associated Press", "en", ("The Associated Press",)),
        ("Ann Lee and Can Demir, PA Political Correspondents", "en", ("PA Media",)),
        ("新华社 李明", "zh", ("Xinhua News Agency",)),
        ("연합뉴스 김하늘 기자", "ko", ("Yonhap News Agency",)),
        ("GNA", "en", ("Ghana News Agency",)),
        ("GNA", "en-US", ()),
        ("Ann Lee, PA", "en-US", ()),
        ("Ann Lee, PA-C", "en", ()),
        ("Ann Reuters", "en", ()),
        ("共同 太郎", "ja", ()),
        ("연합 김", "ko", ()),
        ("Ann Lee", None, ()),
    ],
)
def test_who_signs(said, language, names):
    assert by_line(said, language) == names


@pytest.mark.parametrize(
    ("tail", "language", "name"),
    [
        ("\n据新华社报道", "zh", "Xinhua News Agency"),
        ("\n<저작권자(c) 연합뉴스, 무단 전재 금지>", "ko", "Yonhap News Agency"),
        ("\n[ⓒ 뉴시스]", "ko", "Newsis"),
        ("\nभाषा नेत्रपाल सुरेश", "hi", "Press Trust of India"),
        ("【時事通信社】", "ja", "Jiji Press"),
        ("\nMAP: 18 janvier 2024", "fr", "Maghreb Arabe Presse"),
        ("\nLa Presse canadienne, 2024", "fr", "The Canadian Press"),
        ("\nAvec agences (AFP)", "fr", "Agence France-Presse"),
        (" (abc/dpa)", "de", "Deutsche Presse-Agentur"),
        ("\nabc, PAP", "pl", "Polska Agencja Prasowa"),
        (" /ATS", "fr", "Keystone-SDA"),
        (" dpa/abc", "de", "Deutsche Presse-Agentur"),
        ("\nJan Nowak (PAP)", "pl", "Polska Agencja Prasowa"),
        ("\nJan Nowak (AFP)", "pl", None),
        ("\nAnh Lê/TTXVN", "vi", "Vietnam News Agency"),
        ("\n来源：新华社\n责任编辑：李明", "zh", "Xinhua News Agency"),
        ("\n新华社记者 李明", "zh", "Xinhua News Agency"),
        ("\n新华社记者李明摄", "zh", None),  # a picture's
        ("\n연합뉴스 제공", "ko", None),
        ("\nDiese Meldung wurde von der Deutschen Presse-Agentur (dpa) übernommen.", "de", "Deutsche Presse-Agentur"),
        (" AGERPRES/(AS - autor: Ana Lup, editor: Ion Pop)", "ro", "Agerpres"),
        ("\nԱղբյուրը՝ Արմենպրես", "hy", "Armenpress"),
        (" (İHA)", "tr", "İhlas News Agency"),
        ("\n(This story is auto-generated from a PTI feed.)", "en", "Press Trust of India"),
        ("\n(Except for the headline, this story is published from a PTI feed.)", "en", "Press Trust of India"),
        ("\nThis novel is published by Bloomberg.", "en", None),
        (
            "\nCopyright 2026 The Associated Press. All rights reserved. This material may not be published, "
            "broadcast, rewritten or redistributed.",
            "en",
            "The Associated Press",
        ),
    ],
)
def test_credits_of_many_desks(tail, language, name):
    body = BODY if tail[0] in "\n " else f"{BODY[:-1]}。"
    agency, rest = closing(body + tail, language)
    assert (agency and agency.name, rest) == (name, body if name else body + tail)


@pytest.mark.parametrize(("place", "name"), [("Manila", "Philippine News Agency"), (None, None)])
def test_a_name_that_means_other_things_counts_at_the_end_behind_a_dateline(place, name):
    agency = closing(f"{BODY} (PNA)", "en", place)[0]
    assert (agency and agency.name) == name


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
        "x.\n(This " + "auto-generated by " * 16,
        "x.\n" + "Copyright 2026 " + "a, 2026 " * 35,
        "x.\nभाषा" + " क" * 58,
        "x.\n(Except for " + "published by " * 20,
        "x.\nDiese Meldung wurde " + "von der " * 32,
        "x.\nabc agences (" * 9,
        "x. (a autor: " + "b" * 200_000 + ")",
        "x.\n" + "Ann Lee / " * 11 + "(",
    ]
    assert benchmark_seconds(lambda: [closing(text) for text in hostile]) < 0.5


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("Mit Petra", "de", ()),  # Jordan's agency is called so, and many a woman
        ("With Antara", "en", ()),
        ("con Efe", "es", ("EFE",)),
        ("Mit dpa", "de", ("Deutsche Presse-Agentur",)),
    ],
)
def test_a_by_line_that_thanks_somebody_of_a_name_that_means_more(words, language, expected):
    assert by_line(words, language) == expected
