"""The places of datelines: countries by any name that newsrooms write, towns that stand alone, states."""

from functools import cache
from pathlib import Path
from sys import intern

from feeds.normalise.dates import fold

_DATA = Path(__file__).parent / "data"
# A state of the US is called so too: a country only with a town that is there.
_GEORGIA = frozenset("batumi gori kutaisi poti rustavi sukhumi tbilisi tskhinvali zugdidi".split())  # noqa: SIM905
_REGIONS = frozenset(
    "alabama|alaska|alberta|arizona|arkansas|british columbia|california|colorado|connecticut|delaware|england|"  # noqa: SIM905
    "florida|georgia|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|manitoba|maryland|"
    "massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new brunswick|new hampshire|"
    "new jersey|new mexico|new south wales|new york|newfoundland|north carolina|north dakota|northern ireland|"
    "nova scotia|ohio|oklahoma|ontario|oregon|pennsylvania|queensland|rhode island|saskatchewan|scotland|"
    "south carolina|south dakota|tasmania|tennessee|texas|utah|vermont|virginia|wales|washington|west bank|"
    "west virginia|wisconsin|wyoming|yukon|crimea|gaza|gaza strip|kashmir".split("|")
)
_SHORT_REGIONS = frozenset(
    "Ala. Ariz. Ark. Calif. Colo. Conn. D.C. Del. Fla. Ga. Ill. Ind. Kan. Ky. La. Mass. Md. Mich. Minn. Miss. Mo. "  # noqa: SIM905
    "Mont. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nev. Ohio Okla. Ore. Pa. R.I. S.C. S.D. Tenn. Va. Vt. W.Va. Wash. Wis. "
    "Wyo. Alta. B.C. Man. N.B. N.L. N.S. N.W.T. Ont. P.E.I. Que. Sask. DC AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA "
    "KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY".split()
)

_BRAZIL = frozenset({"BR"})
_OF_BRAZIL = frozenset("AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO".split())  # noqa: SIM905
_OF_INDIA = frozenset(
    "andhra pradesh|arunachal pradesh|assam|bihar|chhattisgarh|goa|gujarat|haryana|himachal pradesh|jharkhand|"  # noqa: SIM905
    "karnataka|kerala|madhya pradesh|maharashtra|manipur|meghalaya|mizoram|nagaland|odisha|punjab|rajasthan|sikkim|"
    "tamil nadu|telangana|tripura|uttar pradesh|uttarakhand|west bengal|jammu and kashmir|ladakh".split("|")
)
# "Vila Nova de Gaia, Porto", as Lusa writes; between two of them the comma parts two towns.
_OF_PORTUGAL = frozenset(
    "acores|aveiro|beja|braga|braganca|castelo branco|coimbra|evora|faro|guarda|leiria|lisboa|madeira|portalegre|porto|"  # noqa: SIM905
    "santarem|setubal|viana do castelo|vila real|viseu".split("|")
)
_PROVINCES = frozenset(  # of the Philippines, Indonesia, Malaysia and Pakistan
    "abra|agusan del norte|agusan del sur|aklan|albay|antique|aurora|bataan|batangas|benguet|bohol|"  # noqa: SIM905
    "bukidnon|bulacan|cagayan|camarines norte|camarines sur|capiz|catanduanes|cavite|cebu|cotabato|"
    "davao del norte|davao del sur|davao oriental|ilocos norte|ilocos sur|iloilo|isabela|la union|"
    "laguna|lanao del norte|lanao del sur|leyte|maguindanao|masbate|misamis occidental|"
    "misamis oriental|negros occidental|negros oriental|nueva ecija|nueva vizcaya|palawan|pampanga|"
    "pangasinan|quezon|rizal|samar|sorsogon|south cotabato|sultan kudarat|sulu|surigao del norte|"
    "surigao del sur|tarlac|zambales|zamboanga del norte|zamboanga del sur|aceh|bali|banten|"
    "jawa barat|jawa tengah|jawa timur|kalimantan barat|kalimantan selatan|kalimantan tengah|"
    "kalimantan timur|kalimantan utara|kepulauan riau|lampung|maluku|maluku utara|nusa tenggara barat|"
    "nusa tenggara timur|papua|papua barat|riau|sulawesi barat|sulawesi selatan|sulawesi tengah|"
    "sulawesi tenggara|sulawesi utara|sumatera barat|sumatera selatan|sumatera utara|west java|"
    "central java|east java|north sumatra|south sulawesi|kelantan|terengganu|pahang|perak|perlis|"
    "kedah|selangor|sabah|sarawak|johor|khyber pakhtunkhwa|balochistan|sindh|punjab|gilgit-baltistan".split("|")
)
_OF_MEXICO = frozenset(
    "ags bc bcs camp cdmx chih chis coah col dgo edomex gro gto hgo jal mex mich mor nay nl oax pue qro qroo roo sin "  # noqa: SIM905
    "slp son tab tam tamps tlax ver yuc zac".split()
)


_RIVERS = frozenset("Saale Oder Main Spree Havel Elbe Ruhr Sieg Lahn Westfalen Breisgau Allgäu".split())  # noqa: SIM905


def country_named(words: str, town: str = "") -> str | None:
    """The name that we show for the country that is called `words` in any language; None for what is no country."""
    key = fold(words.strip(" .").replace("’", "'"))
    if key == "georgia" and fold(town) not in _GEORGIA:
        return None
    return _countries().get(key) or _countries().get(f"{key}.") or _countries().get(key.replace("st ", "st. ", 1))


def is_region(words: str) -> bool:
    """Whether the words are a state or a province as datelines write them, in full or short."""
    return words in _SHORT_REGIONS or fold(words) in _REGIONS


def stands_alone(place: str) -> bool:
    """Whether a place needs no country beside it: "TOKYO", "BERLIN/ZURICH"."""
    return all(fold(town).replace("’", "'") in _towns() for town in place.split("/"))


def is_city(place: str, countries: frozenset[str] | None = None) -> bool:
    """Whether a place, or each of "ROMA/MILANO", is one of the larger towns, by the names that newsrooms write.

    Only of these countries (ISO 3166), if given.
    """
    found = [_cities().get(fold(town.strip(" \u200c\u200d")).replace("’", "'")) for town in place.split("/")]
    return all(found) and (countries is None or all(not countries.isdisjoint(one.split()) for one in found if one))


def without_region(place: str, country: str | None) -> str:
    """A place without the state or province behind it: "Mumbai (Maharashtra)", "BRASÍLIA, DF".

    Those stay that tell the towns of one name apart in datelines, the states of the US first.
    """
    if place.endswith(")"):
        town, bracket, region = place[:-1].rpartition("(")
        kept = not bracket or not town.strip() or region in _RIVERS or is_region(region) or country_named(region)
        return place if kept else town.rstrip()
    town, comma, region = place.rpartition(", ")
    if not comma or "," in town:
        return place
    if region in _OF_BRAZIL and is_city(town, _BRAZIL):
        return town
    key = fold(region)
    if key in _OF_PORTUGAL:
        return place if fold(town) in _OF_PORTUGAL else town
    if key in _PROVINCES:
        return town
    beside = bool(country) or key in _OF_INDIA
    return town if beside and is_city(town) and not is_region(region) and not is_city(region) else place


def is_mexican(town: str, state: str) -> bool:
    """Whether town and state are of Mexico, the state in short: "Guadalajara, Jal."."""
    return fold(state).replace(".", "").replace(" ", "") in _OF_MEXICO and is_city(town, frozenset({"MX"}))


@cache
def _cities() -> dict[str, str]:
    """Towns, folded, and the codes of their countries."""
    lines = (_DATA / "cities.tsv").read_text("utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {name: intern(codes) for name, _, codes in rows}


@cache
def _towns() -> frozenset[str]:
    lines = (_DATA / "towns.txt").read_text("utf-8").splitlines()
    return frozenset(" ".join(line for line in lines if not line.startswith("#")).split("; "))


@cache
def _countries() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in (_DATA / "countries.tsv").read_text("utf-8").splitlines():
        if row.startswith("#"):
            continue
        _, shown, others = row.split("\t")
        for name in (shown, *filter(None, others.split(";"))):
            table.setdefault(fold(name), shown)
    return table
