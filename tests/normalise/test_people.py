import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Person
from feeds.normalise.people import authors


def names(*said):
    return [person.name for person in authors(tuple(Person(name=name) for name in said))]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Ann Lee", ["Ann Lee"]),
        ("  Ann   Lee ", ["Ann Lee"]),
        ("By Ann Lee", ["Ann Lee"]),
        ("BY ANN LEE", ["Ann Lee"]),
        ("Von Anna Lehmann", ["Anna Lehmann"]),
        ("desk@news.example (Ann Lee)", ["Ann Lee"]),
        ("Ann Lee <desk@news.example>", ["Ann Lee"]),
        ("desk@news.example", []),
        ("mailto:desk@news.example", []),
        ("https://news.example/ann", []),
        ("Ann Lee and Bob Roe", ["Ann Lee", "Bob Roe"]),
        ("Ann Lee, Bob Roe and Cy Doe", ["Ann Lee", "Bob Roe", "Cy Doe"]),
        ("Ann Lee; Bob Roe", ["Ann Lee", "Bob Roe"]),
        ("A.Lee, B.Roe & C.Doe", ["A.Lee", "B.Roe", "C.Doe"]),
        ("Hafen Online und Ufer GmbH & Co KG", ["Hafen Online und Ufer GmbH & Co KG"]),
        ("Ann Lee, Bob Roe; Harbour News Ltd", ["Ann Lee", "Bob Roe", "Harbour News Ltd"]),
        ("No reply Harbour.example", []),
        ("harbour.example via ann", ["ann"]),
        ("Ann Lee via Bob Roe", ["Ann Lee via Bob Roe"]),
        ("desk@news.example (No reply)", []),
        ("Anna Lehmann und Bert Roth", ["Anna Lehmann", "Bert Roth"]),
        ("Lee, Ann", ["Lee, Ann"]),
        ("Ortega y Gasset", ["Ortega y Gasset"]),
        ("Marks & Spencer", ["Marks & Spencer"]),
        ("Jean-Luc O’Neill", ["Jean-Luc O’Neill"]),
        ("Ann &amp; Sons Ltd", ["Ann & Sons Ltd"]),
        ('<a rel="author" href="/ann">Ann Lee</a>', ["Ann Lee"]),
        ("李明", ["李明"]),
        ("Written by Ann Lee", ["Ann Lee"]),
        ("Par Anne Lefèvre", ["Anne Lefèvre"]),
        ("Por: Ana Leal", ["Ana Leal"]),
        ("Di Anna Lotti", ["Anna Lotti"]),
        ("Di Maio", ["Di Maio"]),
        ("Автор: Анна Лес", ["Анна Лес"]),
        ("作者：李明", ["李明"]),
        ("记者 李明", ["李明"]),
        ("김리 기자", ["김리"]),
        ("بقلم: آنا لي", ["آنا لي"]),
        ("Ann Lee, Political correspondent", ["Ann Lee"]),
        ("Ann Lee, Harbour editor, and Bob Roe, reporter", ["Ann Lee", "Bob Roe"]),
        ("Ann Lee | Senior Reporter", ["Ann Lee"]),
        ("Ann Lee (Harbour News)", ["Ann Lee"]),
        ("Ann Lee (@annlee)", ["Ann Lee"]),
        ("Ann Lee in Ankara and Bob Roe in Izmir", ["Ann Lee", "Bob Roe"]),
        ("Ann Lee / Bob Roe", ["Ann Lee", "Bob Roe"]),
        ("李明、王芳", ["李明", "王芳"]),
        ("Ann Lee with Bob Roe", ["Ann Lee", "Bob Roe"]),
        ("MARY O'NEILL", ["Mary O'Neill"]),
        ("BBC NEWS", ["BBC NEWS"]),
        ("AFP", ["AFP"]),
        ("Web Desk", []),
        ("La Redacción", []),
        ("Harbour News Staff", ["Harbour News Staff"]),
        ("admin", []),
        ("N/A", []),
        ("---", []),
        ("", []),
        ("x" * 500, []),
    ],
)
def test_names_out_of_author_fields(said, expected):
    assert names(said) == expected


def test_a_name_comes_once():
    assert names("Ann Lee", "ANN LEE", "Bob Roe and Ann Lee") == ["Ann Lee", "Bob Roe"]


def test_a_page_of_the_author_stays_and_the_mail_address_goes():
    said = Person(name="Ann Lee", email="ann@news.example", uri="https://news.example/ann")
    assert authors((said,)) == (Person(name="Ann Lee", uri="https://news.example/ann"),)


def test_a_name_in_the_place_of_the_address():
    assert authors((Person(email="desk@news.example (Ann Lee)"),)) == (Person(name="Ann Lee"),)


def test_twenty_are_enough():
    assert len(names(*(f"Ann L{chr(97 + i)}e" for i in range(26)))) == 20


@given(st.lists(st.text(max_size=60) | st.text("Ab ,;&@().and<>\n", max_size=60), max_size=30))
def test_names_are_short_lines(said):
    assert all(1 < len(name) <= 120 and "\n" not in name for name in names(*said))
