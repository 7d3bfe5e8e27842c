import pytest

from feeds.normalise.wordings import CLOSING, DATED, EDITORS, labelled


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Source: Reuters", "Reuters"),
        ("(Quelle: dpa)", "dpa"),
        ("来源：新华社", "新华社"),
        ("Աղբյուրը՝ Արմենպրես", "Արմենպրես"),
        ("Port: Reuters", None),
    ],
)
def test_a_line_with_a_label(line, said):
    match = labelled().line.fullmatch(line)
    assert (match and match[1]) == said


@pytest.mark.parametrize(
    ("line", "said"), [("Agencias (EFE)", "(EFE"), ("इनपुट-एएनआई", "एएनआई"), ("Texts Reuters", None)]
)
def test_a_label_that_is_one_where_an_agency_follows(line, said):
    match = labelled().named.fullmatch(line)
    assert (match and match[1]) == said


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("MAP: 18 janvier 2024", "MAP"),
        ("MAP-04/05/2024", "MAP"),
        ("La Presse canadienne, 2024", "La Presse canadienne"),
        ("News1", "News1"),
        ("France 24", "France 24"),
    ],
)
def test_a_date_behind_a_name(words, left):
    assert DATED.sub("", words) == left


@pytest.mark.parametrize(
    ("line", "expected"), [("责任编辑：李明", True), ("Editor: Ann Lee", True), ("The editor: a life", False)]
)
def test_who_edited(line, expected):
    assert bool(EDITORS.fullmatch(line)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("It reopened. (AFP)", True), ("It reopened. /AFP", True), ("ข่าวท่าเรือ (AFP)", True), ("reopened (AFP) it", False)],
)
def test_what_stands_behind_the_last_sentence(text, expected):
    assert bool(CLOSING.search(text)) == expected
