"""The normal capitalisation of a place that a dateline prints in capitals."""

import re
import unicodedata

from feeds.normalise.places import is_city, is_region

# Words that a name has in small letters unless it begins with them.
_SMALL = frozenset(
    "a à aan al am an and ar as at au aux auf aus b bei by d da das de del dei della delle den der des di do dos du e "  # noqa: SIM905
    "el els em en es et for im in ins ist i ia k la las le les lès los na nad near no o ob of on op oud over per pod "
    "pri près s sous sul sur te ten ter the till u ul und unter upon v van vid vom von vor ve y z za zu zum zur и на "
    "над в у ла ля де эль аль της του τη σε".split()
)
# Before an apostrophe: these are followed by a name of its own, as in "L'Aquila"; the first row is small within a name.
_ELIDED = frozenset("d l all dall dell nell sull".split())  # noqa: SIM905
_OPENING = frozenset("n o sant t".split()) | _ELIDED  # noqa: SIM905
_SHORT = frozenset(
    "BVI CAR DC DRC EU FATA IDF KL NATO NCR NCT NWFP NYC OAS OPEC PNG POK UAE UK UN US USA USS ЕС ООН США".split()  # noqa: SIM905
)
_SAINTS = frozenset({"ST", "STE", "MT", "FT"})  # no abbreviations that stay in capitals
_PART = re.compile(r"[^,/()\[\]]+")
_WORD = re.compile(r"[^\s\-–‐]+")
_PREFIXED = re.compile(r"(Mc|Mac|De|La|Le|Di|Du|Van|Fitz)([^\W\d_]{3,})")  # "McALLEN"
_VOWEL = re.compile("[AEIOUYÀ-ÖØ-Ý]")
_LATIN = re.compile("[A-Z]+")
_GEORGIAN = re.compile("[\u1c90-\u1cbf]")  # its capitals are for whole words only
# Greek capitals have no accents, and a name without is misspelt: the towns that Greek texts open with most.
_GREEK_TOWNS = frozenset(
    "Αθήνα Θεσσαλονίκη Λευκωσία Πάτρα Ηράκλειο Λάρισα Βόλος Ιωάννινα Χανιά Ρόδος Πειραιάς Λεμεσός "  # noqa: SIM905
    "Λάρνακα Πάφος Καβάλα Σέρρες Τρίκαλα Καλαμάτα Κέρκυρα Μυτιλήνη Κομοτηνή Ξάνθη Αλεξανδρούπολη "
    "Ρέθυμνο Χαλκίδα Τρίπολη Κοζάνη Λαμία Κως Λέσβος Χίος Σάμος Κρήτη Κύπρος Βρυξέλλες Λονδίνο Παρίσι "
    "Βερολίνο Ρώμη Μαδρίτη Λισαβόνα Βιέννη Γενεύη Στρασβούργο Μόσχα Κίεβο Ουάσινγκτον Υόρκη Πεκίνο "
    "Τόκιο Άγκυρα Κωνσταντινούπολη Αβίβ Ιερουσαλήμ Κάιρο Σόφια Τίρανα Σκόπια Βελιγράδι Βουκουρέστι "
    "Φρανκφούρτη Κοπεγχάγη Νέα".split()
)
_GREEK = {
    "".join(char for char in unicodedata.normalize("NFD", town) if not unicodedata.combining(char)): town
    for town in _GREEK_TOWNS
}
_TURKIC = ("tr", "az", "tt", "crh")
_TURKISH = frozenset({"TR", "AZ", "CY"})


def capitalised(place: str, language: str | None = None) -> str:
    """A place in normal capitalisation: "Rio de Janeiro" for "RIO DE JANEIRO".

    Abbreviations stay ("U.N.", "OR" of a state), as does what is not in capitals; accents that capitals lack stay away.
    """
    if place.islower() or not any(map(str.isupper, place[1:])):
        return place
    turkic = bool(language and language.partition("-")[0] in _TURKIC)
    return _PART.sub(lambda part: _part(part[0], _is_turkic(part[0], turkic), first=not part.start()), place)


def _is_turkic(words: str, here: bool) -> bool:
    """Whether "I" is the letter without a dot; towns abroad keep theirs in Turkish texts: "MADRID"."""
    return "İ" in words or (here and "I" in words and (is_city(words, _TURKISH) or not is_city(words)))


def _part(words: str, turkic: bool, *, first: bool) -> str:
    """One name of several; "OR" behind a comma is a state."""
    if not _is_loud(words) or (not first and is_region(words.strip()) and len(words.strip()) <= 3):
        return words
    start = len(words) - len(words.lstrip())
    return _WORD.sub(lambda word: _word(word[0], turkic, first=word.start() == start), words)


def _is_loud(words: str) -> bool:
    """Whether all words but the small ones are in capitals."""
    told = [word for word in _WORD.findall(words) if word not in _SMALL and word[:2] not in ("d'", "d’", "l'", "l’")]
    return any(told) and all(word.isupper() or _is_prefixed(word) or not word[0].isalpha() for word in told)


def _is_prefixed(word: str) -> bool:
    return bool((match := _PREFIXED.fullmatch(word)) and match[2].isupper())


def _word(word: str, turkic: bool, *, first: bool) -> str:
    if match := _PREFIXED.fullmatch(word):
        return match[1] + _name(match[2], turkic)
    if not word.isupper() or "." in word[:-1] or word.strip("'’") in _SHORT or _is_short(word):
        return word
    small = _lower(word, turkic)
    if not first and small in _SMALL:
        return small
    for mark in ("'", "’"):
        if mark in word[:5]:
            return _behind(word, mark, turkic, first=first)
    return _name(word, turkic)


def _is_short(word: str) -> bool:
    """An abbreviation that cannot be said: "NY"."""
    return len(word) <= 3 and word not in _SAINTS and bool(_LATIN.fullmatch(word)) and not _VOWEL.search(word)


def _behind(word: str, mark: str, turkic: bool, *, first: bool) -> str:
    """What has an apostrophe: "L'Aquila", "Coeur d'Alene", "'s-Hertogenbosch", but "Sana'a" and "Cox's"."""
    before, _, after = word.partition(mark)
    if not before:
        return mark + (_lower(after, turkic) if len(after) < 2 else _name(after, turkic))
    small = _lower(before, turkic)
    if small not in _OPENING or len(after) < 2:
        return _name(before, turkic) + mark + _lower(after, turkic)
    return (small if small in _ELIDED and not first else _name(before, turkic)) + mark + _name(after, turkic)


def _name(word: str, turkic: bool) -> str:
    if word[0] > "\u0370" and (town := _GREEK.get(word[0] + word[1:].lower())):
        return town
    if word.startswith("IJ") and len(word) > 3:
        return f"IJ{_lower(word[2:], turkic)}"
    if word.startswith("MC") and len(word) > 4:
        return f"Mc{_name(word[2:], turkic)}"
    first = _lower(word[0], turkic)
    rest = _lower(word, turkic)[len(first) :].replace("եվ", "և")  # capitals write "և" in two letters
    return (first if _GEORGIAN.match(word) else word[0]) + rest


def _lower(word: str, turkic: bool) -> str:
    return (word.replace("I", "ı").replace("İ", "i") if turkic else word).lower()
