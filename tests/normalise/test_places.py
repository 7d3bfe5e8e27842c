import pytest

from feeds.normalise.places import country_named, is_city, is_mexican, is_region, stands_alone, without_region


@pytest.mark.parametrize(
    ("words", "town", "expected"),
    [
        ("Turkiye", "Ankara", "Türkiye"),
        ("Turkey", "Ankara", "Türkiye"),
        ("Allemagne", "Cologne", "Germany"),
        ("Великобритания", "", "UK"),
        ("US", "", "US"),
        ("United States", "", "US"),
        ("U.A.E.", "", "UAE"),
        ("Georgia", "Tbilisi", "Georgia"),
        ("Georgia", "Savannah", None),
        ("Côte d’Ivoire", "", "Ivory Coast"),
        ("Texas", "", None),
        ("", "", None),
    ],
)
def test_countries(words, town, expected):
    assert country_named(words, town) == expected


@pytest.mark.parametrize(
    ("words", "expected"), [("Ore.", True), ("OR", True), ("England", True), ("Jr.", False), ("MDX", False)]
)
def test_states(words, expected):
    assert is_region(words) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [("TOKYO", True), ("BERLIN/ZURICH", True), ("SÃO PAULO", True), ("STOCKHOLM SYNDROME", False), ("", False)],
)
def test_towns_that_stand_alone(place, expected):
    assert stands_alone(place) == expected


@pytest.mark.parametrize(
    ("place", "left"),
    [
        ("Cascais, Lisboa", "Cascais"),
        ("Lisboa, Porto", "Lisboa, Porto"),
        ("LINGAYEN, Pangasinan", "LINGAYEN"),
        ("Bandung, Jawa Barat", "Bandung"),
        ("Halle (Saale)", "Halle (Saale)"),
        ("Columbus, Ohio", "Columbus, Ohio"),
    ],
)
def test_provinces_go_and_what_tells_towns_apart_stays(place, left):
    assert without_region(place, None) == left


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("BOLOGNA", True),
        ("Bologna/Roma", True),
        ("BOLOGNA/NIRGENDWO", False),
        ("Köln", True),
        ("Moskau", True),
        ("कोच्चि", True),
        ("KYIV", True),
        ("КИЇВ", True),
        ("Erewhon", False),
        ("NATAL", False),
        ("", False),
    ],
)
def test_larger_towns(place, expected):
    assert is_city(place) == expected


def test_a_town_of_certain_countries():
    assert (is_city("Mangaluru", frozenset({"IN"})), is_city("Bologna", frozenset({"IN"}))) == (True, False)


@pytest.mark.parametrize(
    ("town", "state", "expected"),
    [("Guadalajara", "Jal.", True), ("TIJUANA", "B.C", True), ("Vancouver", "B.C.", False), ("Tijuana", "Cal.", False)],
)
def test_states_of_mexico(town, state, expected):
    assert is_mexican(town, state) == expected
