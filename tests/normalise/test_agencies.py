import time
from pathlib import Path

import pytest

import feeds.normalise
from feeds.normalise.agencies import agencies_in, agency_named, mentioned, only_agencies

TABLE = Path(feeds.normalise.__file__).parent / "data" / "agencies.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]


def test_every_row_has_its_columns():
    assert [row[0] for row in ROWS if len(row) not in (5, 6)] == []


def test_every_agency_stands_once():
    assert len({row[0] for row in ROWS}) == len(ROWS)


def test_every_row_names_country_languages_and_home():
    odd = [
        row[0]
        for row in ROWS
        if not (len(row[2]) == 2 and row[2].isupper() and row[3].islower() and row[4].startswith("http"))
    ]
    assert odd == []


def test_every_agency_goes_by_its_own_name_where_it_is_certain():
    assert [row[0] for row in ROWS if agency_named(row[0], row[3].partition(";")[0], certain=True) != row[0]] == []


def test_a_hundred_countries_have_one():
    assert len({row[2] for row in ROWS}) >= 100


def test_agencies_of_one_short_name_have_towns_or_languages_to_tell_them():
    names = [alias for row in ROWS for alias in row[1].split(";") if alias]
    shared = {alias for alias in names if alias[0] == "~" and names.count(alias) > 1}
    told = {alias for row in ROWS for alias in row[1].split(";") if len(row) == 6}
    assert shared - told == set()


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("AP", None, "The Associated Press"),
        ("REUTERS", None, "Reuters"),
        ("ap", None, None),
        ("Ann Lee", None, None),
        ("trend", None, None),
        ("MAP", "en", None),
        ("MAP", "fr", "Maghreb Arabe Presse"),
        ("APA", "de-AT", "Austria Presse Agentur"),
        ("APA", "en", None),
        ("", None, None),
        (None, None, None),
        ("x" * 200, None, None),
    ],
)
def test_names_of_agencies(words, language, expected):
    assert agency_named(words, language) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [("Alger", "Algérie Presse Service"), ("Dakar", "Agence de Presse Sénégalaise"), ("Paris", None)],
)
def test_a_shared_name_is_told_by_the_town(place, expected):
    assert agency_named("APS", None, certain=True, place=place) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("AFP/dpa", ("Agence France-Presse", "Deutsche Presse-Agentur")),
        ("Reuters and AFP", ("Reuters", "Agence France-Presse")),
        ("AFP, dpa, and the AP", ("Agence France-Presse", "Deutsche Presse-Agentur", "The Associated Press")),
        ("Reuters (Reuters)", ("Reuters",)),
        ("By Associated Press", ("The Associated Press",)),
        ("Jane Doe, Reuters", ("Reuters",)),
        ("Reuters, Interfax", ("Reuters", "Interfax")),
        ("Bloomberg, Michael", ()),
        ("Lusa, Maria", ()),
        ("Staff and agencies", ()),
        ("Michael Bloomberg", ()),
        ("", ()),
        (None, ()),
        ("AFP, " * 100, ()),
    ],
)
def test_the_agencies_among_several_names(words, expected):
    assert agencies_in(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("AFP/Reuters", ("Agence France-Presse", "Reuters")),
        ("dpa/lno", ("Deutsche Presse-Agentur",)),
        ("Jane Doe/AFP", ()),
        ("dpa/picture alliance", ()),
    ],
)
def test_agencies_and_nobody_else(words, expected):
    assert only_agencies(words) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He told Bernama and, later, AFP.", ("Bernama", "Agence France-Presse")),
        ("Kantor berita Bernama melaporkan.", ("Bernama",)),
        ("据新华社报道，港口曾经关闭。", ("Xinhua News Agency",)),
        ("The Foreign Press Association met Michael Bloomberg; the Dow Jones fell.", ()),
        ("The TASSELS of BERNAMAX", ()),
        ("", ()),
    ],
)
def test_mentions(text, expected):
    assert mentioned(text) == expected


def test_a_credit_without_end_is_nobodys_and_costs_little():
    began = time.process_time()
    assert only_agencies(f"Jane Doe{' ' * 500_000}AFP") == ()
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("words", "language", "names"),
    [
        ("NTB-Reuters", "no", ("NTB", "Reuters")),
        ("TT–AFP", "sv", ("TT", "Agence France-Presse")),
        ("Keystone-SDA", "de", ("Keystone-SDA",)),
        ("AFP-Harbour", "en", ()),
        ("Redacción EFE", "es", ("EFE",)),
        ("新华社记者 王明", "zh", ("Xinhua News Agency",)),
        ("İHA", "tr", ("İhlas News Agency",)),
        ("İHLAS HABER AJANSI", "tr", ("İhlas News Agency",)),
        ("TT-AFP-Reuters", "sv", ("TT", "Agence France-Presse", "Reuters")),
        ("দৈনিক বন্দর ও রয়টার্স", "bn", ("Reuters",)),
        ('وكالة الأنباء السعودية "واس"', "ar", ("Saudi Press Agency",)),
    ],
)
def test_names_in_one_another(words, language, names):
    assert agencies_in(words, language) == names
