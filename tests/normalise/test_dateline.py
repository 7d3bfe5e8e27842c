import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Dateline
from feeds.normalise.dateline import read

BODY = "The port reopened on Thursday, its master said."


@pytest.mark.parametrize(
    ("lead", "place", "country", "date", "agency"),
    [
        ("Izmir [Turkiye], January 8: ", "Izmir", "Türkiye", "January 8", None),
        ("Portland, OR [US], January 9: ", "Portland, OR", "US", "January 9", None),
        ("Pune [India], January 9 (ANI): ", "Pune", "India", "January 9", "Asian News International"),
        ("IZMIR, Jan. 8 (Xinhua) -- ", "Izmir", None, "Jan. 8", "Xinhua News Agency"),
        ("IZMIR, Türkiye, Jan 8, 2026 (AA) — ", "Izmir", "Türkiye", "Jan 8, 2026", "Anadolu Agency"),
        ("HULL, England (AP) — ", "Hull, England", None, None, "The Associated Press"),
        ("HULL/LEEDS, March 3 (Reuters) - ", "Hull/Leeds", None, "March 3", "Reuters"),
        ("Bremen (dpa) - ", "Bremen", None, None, "Deutsche Presse-Agentur"),
        ("Bremen/Graz (dpa/APA) – ", "Bremen/Graz", None, None, "Deutsche Presse-Agentur"),
        ("Le Havre (AFP) - ", "Le Havre", None, None, "Agence France-Presse"),
        ("Gijón, 8 ene (EFE).- ", "Gijón", None, "8 ene", "EFE"),
        ("VIGO, 8 Ene. (EUROPA PRESS) - ", "Vigo", None, "8 Ene.", "Europa Press"),
        ("(ANSA) - BARI, 08 GEN - ", "Bari", None, "08 GEN", "ANSA"),
        ("PENANG, Jan 8 (Bernama) -- ", "Penang", None, "Jan 8", "Bernama"),
        ("BUSAN, Jan. 8 (Yonhap) -- ", "Busan", None, "Jan. 8", "Yonhap News Agency"),
        ("ROTTERDAM — ", "Rotterdam", None, None, None),
        ("NEW ORLEANS -- ", "New Orleans", None, None, None),
        ("SAN JUAN, Puerto Rico — ", "San Juan", "Puerto Rico", None, None),
        ("Mangaluru, May 4: ", "Mangaluru", None, "May 4", None),
        ("IZMIR (AA)\n", "Izmir", None, None, "Anadolu Agency"),
        ("WELLINGTON, AAP — ", "Wellington", None, None, "Australian Associated Press"),
        ("АСТАНА. КАЗИНФОРМ ", "Астана", None, None, "Kazinform"),
        ("Roma, 04 mag 2024 16:00 - (Agenzia Nova) - ", "Roma", None, "04 mag 2024", "Agenzia Nova"),
        ("Hà Nội (TTXVN 4/5) ", "Hà Nội", None, "4/5", "Vietnam News Agency"),
        ("(Lima, AFP) ", "Lima", None, None, "Agence France-Presse"),
        ("Santo Domingo, 4 may (EFE).- ", "Santo Domingo", None, "4 may", "EFE"),
        ("ООН, 4 мая. /ТАСС/. ", "ООН", None, "4 мая.", "TASS"),
        ("НЬЮ-ЙОРК, 4 мая. /Корр. ТАСС Анна Ли/. ", "Нью-Йорк", None, "4 мая.", "TASS"),
        ("新华社青岛1月8日电（记者李明）", "青岛", None, "1月8日", "Xinhua News Agency"),
    ],
)
def test_datelines_are_taken_off(lead, place, country, date, agency):
    reading = read(lead + BODY)
    found = (reading.text, reading.dateline, reading.agency and reading.agency.name)
    assert found == (BODY, Dateline(place=place, country=country, date=date), agency)


@pytest.mark.parametrize("lead", ["(Reuters) - ", "[Reuters] - ", "By Ann Lee, Reuters\n"])
def test_a_credit_may_stand_alone(lead):
    reading = read(lead + BODY)
    assert (reading.text, reading.dateline, reading.agency.name) == (BODY, None, "Reuters")


@pytest.mark.parametrize(
    ("text", "language", "place", "agency"),
    [
        ("epd Hannover. ", "de", "Hannover", "epd"),
        ("Tromsø (NTB): ", "no", "Tromsø", "NTB"),
        ("(NTB-Reuters): ", "no", None, "NTB"),
        ("(PAP) - ", "pl", None, "Polska Agencja Prasowa"),
        ("Z Brukseli Jan Nowak (PAP)\n", "pl", None, "Polska Agencja Prasowa"),
        ("(Montréal) ", "fr", "Montréal", None),
        ("(Montréal) ", "en", None, None),
        ("ТАСС. ", "ru", None, "TASS"),
        ("/ТАСС/. ", "ru", None, "TASS"),
        ("Com Lusa\n", "pt", None, "Lusa"),
        ("Jane Doe (AP): ", "en", None, None),
        ("باريس - «أ.ف.ب»: ", "ar", "باريس", "Agence France-Presse"),
        ("إسطنبول/ أحمد علي/ الأناضول\n", "ar", "إسطنبول", "Anadolu Agency"),
        ("ایسنا/اصفهان ", "fa", "اصفهان", "ISNA"),
        ("به نقل از ایسنا، ", "fa", None, "ISNA"),
        ("اسلام آباد۔4مئی (اے پی پی):", "ur", "اسلام آباد", "Associated Press of Pakistan"),
        ("तिरुवनंतपुरम, 4 मई (भाषा) ", "hi", "तिरुवनंतपुरम", "Press Trust of India"),
    ],
)
def test_ways_of_one_language(text, language, place, agency):
    body = (
        BODY if text.isascii() or text[0].isupper() or text[0] in "(/e" else "بندر پس از یک هفته تعمیر دوباره باز شد."
    )
    reading = read(text + body, language)
    assert ((reading.dateline and reading.dateline.place), (reading.agency and reading.agency.name)) == (place, agency)


def test_an_agency_at_the_end_vouches_for_the_town_at_the_beginning():
    reading = read(f"Bologna – {BODY}\nAFP", "en")
    assert (reading.text, reading.dateline, reading.agency.name) == (
        BODY,
        Dateline(place="Bologna"),
        "Agence France-Presse",
    )


@pytest.mark.parametrize(
    "text",
    [
        "BREAKING — The port reopened.",
        "VIDEO - The port reopened.",
        "PRIMAVERA – The coach spoke.",
        "Bremen - The port reopened.",
        "The port — closed for a week — reopened.",
        "Apple — the company — reopened it.",
        "Canada, 1946: A small house.",
        "Ann Lee, 38: I quit.",
        "Monday, January 8: The agenda.",
        "Q&A: What reopened?",
        "What to know: it reopened.",
        "(CNN) - The port reopened.",
        "U.S. - China talks resume.",
        "NASA: the probe is back.",
        "(laughing) - he said.",
        "Port of Hull (2024) - a novel",
        "",
        "—",
        ": ",
        "()",
    ],
)
def test_what_only_looks_like_a_dateline_stays(text):
    assert read(text) == (text, None, None)


@pytest.mark.parametrize(
    ("tail", "agency"),
    [
        ("\nSource: Xinhua News Agency", "Xinhua News Agency"),
        ("\nSource: Reuters.", "Reuters"),
        (" Source: Xinhua", "Xinhua News Agency"),
        ("\nQuelle: dpa", "Deutsche Presse-Agentur"),
        ("\n来源：新华网", "Xinhua News Agency"),
        ("\nSource: Ministry of Ports", None),
        (" (Xinhua)", "Xinhua News Agency"),
        (" — AFP", "Agence France-Presse"),
        ("\nAFP", "Agence France-Presse"),
        ("\n© 2026 AFP", "Agence France-Presse"),
        ("\n(Bernama)", "Bernama"),
    ],
)
def test_credit_lines_are_taken_off(tail, agency):
    reading = read(BODY + tail)
    assert (reading.text, reading.agency and reading.agency.name) == (BODY, agency)


@pytest.mark.parametrize(
    "tail", [" He smiled (broadly)", " - and so on", "\nSource: see below: there", "\nRead more", " (see Table 2)"]
)
def test_what_only_looks_like_a_credit_stays(tail):
    assert read(BODY + tail) == (BODY + tail, None, None)


def test_an_agency_that_is_quoted_is_not_the_credit():
    reading = read("IZMIR, Jan. 8 (Xinhua) -- It reopened, according to the national news agency Bernama.")
    assert (reading.agency.name, reading.agency.quoted) == ("Xinhua News Agency", ("Bernama",))


def test_an_agency_that_is_only_quoted_is_no_credit():
    assert read("It reopened, according to the national news agency Bernama.").agency is None


@pytest.mark.parametrize(
    ("text", "place", "country", "date"),
    [
        ("By Ann Lee\nHULL, Jan 8 (Reuters) - ", "Hull", None, "Jan 8"),
        ("RIO DE JANEIRO, Jan. 8 (Xinhua) -- ", "Rio de Janeiro", None, "Jan. 8"),
        ("Cologne (Allemagne), 8 jan 2026 (AFP) - ", "Cologne", "Germany", "8 jan 2026"),
        ("SAVANNAH, Georgia (AP) — ", "Savannah, Georgia", None, None),
        ("TBILISI, Georgia (AP) — ", "Tbilisi", "Georgia", None),
        ("Jan 8 (Reuters) - ", None, None, "Jan 8"),
        ("Szeged, 2026. január 8., csütörtök (MTI) - ", "Szeged", None, "2026. január 8., csütörtök"),
        ("Hamar [Nowhere], January 8: ", "Hamar", "Nowhere", "January 8"),
    ],
)
def test_places_countries_and_dates(text, place, country, date):
    reading = read(text + BODY)
    assert (reading.text, reading.dateline) == (BODY, Dateline(place=place, country=country, date=date))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("IZMIR (AP) — eBay said.", "Izmir"),
        ("Izmir, Jan 8 (AP) - iPhones.", "Izmir"),
        ("Izmir (AP) - and so on.", None),
    ],
)
def test_a_text_may_begin_small_behind_a_sure_dateline(text, place):
    line = read(text).dateline
    assert (line and line.place) == place


def test_a_by_line_without_a_dateline_stays():
    assert read(f"By Ann Lee\n{BODY}") == (f"By Ann Lee\n{BODY}", None, None)


LEADS = [
    "IZMIR, Jan. 8 (Xinhua) -- ",
    "Bremen (dpa) - ",
    "(Reuters) - ",
    "(ANSA) - BARI, 08 GEN - ",
    "ROTTERDAM — ",
    "",
]
TAILS = ["\nSource: Reuters", " (AFP)", "\nWith inputs from PTI", "\nAFP", " Enditem", ""]
leads = st.text("ABab .,:-—()[]\n19/é新华社电月日Reuters", max_size=300)


@given(leads | st.text(max_size=300))
def test_reading_only_takes_away_at_both_ends(text):
    assert read(text).text in text


@given(st.lists(st.sampled_from(LEADS) | leads, max_size=4).map("".join), st.lists(st.sampled_from(TAILS), max_size=3))
def test_no_word_of_the_body_is_lost(lead, tails):
    assert BODY in read(lead + BODY + "".join(tails)).text


@given(st.sampled_from(LEADS), st.sampled_from(TAILS), st.sampled_from(["en", "de", "fr", None]))
def test_what_was_read_is_not_read_again(lead, tail, language):
    once = read(lead + BODY + tail, language)
    assert read(once.text, language) == (once.text, None, None)


def test_hostile_text_is_read_in_no_time(benchmark_seconds):
    hostile = ["(" * 100_000, "A " * 100_000, "—" * 100_000, "\n" * 100_000, "A, " * 100_000, "Source: " * 20_000]
    hostile += ["By " + "A" * 100_000, "新华社" * 30_000, "【" * 100_000, "(a=" * 30_000, "/A" * 50_000, "AP " * 50_000]
    hostile += ["AFP - " + "Press Trust of " * 10_000, "(AFP) - " + "BernamaX " * 10_000, "8 " * 50_000]
    hostile += ["Aa. " * 50_000, "A. 1" * 50_000, "BERLIN - " * 20_000, "लखनऊ। " * 20_000, "8 Jan, " * 20_000]
    assert benchmark_seconds(lambda: [read(text) for text in hostile]) < 0.5
