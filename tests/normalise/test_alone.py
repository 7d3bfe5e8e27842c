import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Dateline
from feeds.normalise.alone import goes_on
from feeds.normalise.dateline import read

BODY = "The port reopened on Thursday, its master said."
HAFEN = "Der Hafen hat am Donnerstag wieder geöffnet, wie sein Leiter sagte."
PORTO = "Il porto ha riaperto giovedì dopo una settimana, ha detto il direttore."


@pytest.mark.parametrize(
    ("lead", "body", "language", "dateline"),
    [
        ("BOLOGNA – ", PORTO, "it", Dateline(place="Bologna")),
        ("BOLOGNA. ", PORTO, "it", Dateline(place="Bologna")),
        ("BERLIN/BOLOGNA - ", BODY, "en", Dateline(place="Berlin/Bologna")),
        ("Hamburg. ", HAFEN, "de", Dateline(place="Hamburg")),
        ("BERLIN taz | ", HAFEN, "de", Dateline(place="Berlin")),
        ("Mangaluru: ", BODY, "en", Dateline(place="Mangaluru")),
        ("GUADALAJARA, Jal.- ", BODY, "es", Dateline(place="Guadalajara", country="Mexico")),
        ("SURABAYA, KABAR.com - ", BODY, "id", Dateline(place="Surabaya")),
        ("KABAR.CO.ID, Jakarta - ", BODY, "id", Dateline(place="Jakarta")),
        ("Jakarta, Kabar Nusa - ", BODY, "id", Dateline(place="Jakarta")),
        ("Liputan6.com, Jakarta ", BODY, "id", Dateline(place="Jakarta")),
        ("Jakarta (KABAR) - ", BODY, "id", Dateline(place="Jakarta")),
        ("Rabat – ", BODY, "fr", Dateline(place="Rabat")),
        ("Suwałki - ", BODY, "pl", Dateline(place="Suwałki")),
        ("Dodoma - ", BODY, "sw", Dateline(place="Dodoma")),
        ("Đà Nẵng - ", BODY, "vi", Dateline(place="Đà Nẵng")),
        ("GÖTEBORG. ", BODY, "sv", Dateline(place="Göteborg")),
        ("KIRUNA. ", BODY, "sv", Dateline(place="Kiruna")),
        ("SANTO DOMINGO. ", BODY, "es", Dateline(place="Santo Domingo")),
        ("Lima, mar. 3. ", BODY, "es", Dateline(place="Lima", date="mar. 3")),
        ("BAKU, Azerbaijan, March 3. ", BODY, "en", Dateline(place="Baku", country="Azerbaijan", date="March 3")),
        ("लखनऊ। ", "बंदरगाह एक सप्ताह की मरम्मत के बाद गुरुवार को फिर खुल गया।", "hi", Dateline(place="लखनऊ")),
        ("പാലാ: ", "തുറമുഖം ഒരാഴ്ചത്തെ അറ്റകുറ്റപ്പണിക്കു ശേഷം വീണ്ടും തുറന്നു.", "ml", Dateline(place="പാലാ")),
        ("القاهرة: ", "أعيد فتح الميناء يوم الخميس بعد أسبوع من أعمال الإصلاح.", "ar", Dateline(place="القاهرة")),
        (
            "เชียงใหม่ 5 มี.ค. - ",
            "ท่าเรือเปิดอีกครั้งหลังซ่อมแซมหนึ่งสัปดาห์",
            "th",
            Dateline(place="เชียงใหม่", date="5 มี.ค."),
        ),
    ],
)
def test_a_town_alone_is_a_dateline(lead, body, language, dateline):
    reading = read(lead + body, language)
    assert (reading.text, reading.dateline) == (body, dateline)


@pytest.mark.parametrize(
    "text",
    [
        f"Hamburg. {BODY}",  # papers in German write so
        f"Bologna – {BODY}",
        f"LIVERPOOL – {BODY}",
        f"TOYOTA - {BODY}",
        f"OPINION. {BODY}",
        f"VICTORIA. {BODY}",
        f"Berlin: {BODY}",
        f"Jakarta, Kabar Nusa - {BODY}",  # in no text of Indonesia
        "BOLOGNA - Roma, the match of the evening, begins at eight.",
        "BOLOGNA - ROMA 2-1: the match of the evening was over soon.",
        "BOLOGNA – a town that reopens.",
        "Hamburg. Eine Stadt. Ein Leben.",
        "تونس: أعيد فتح الميناء يوم الخميس بعد أسبوع من أعمال الإصلاح.",
    ],
)
def test_what_may_be_something_else_stays(text):
    assert read(text, "en").dateline is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("القاهرة: مدينة لا تنام حقا في ليالي الصيف الطويلة والحارة.", "ar"),
        ("दिल्ली: एक शहर, कई कहानियां। पढ़िए पहला भाग आज से हर रविवार।", "hi"),
        ("കൊച്ചി: കായലിന്റെ നഗരം. ഒരു ദിവസം മുഴുവൻ ഞങ്ങൾ സഞ്ചരിച്ചു.", "ml"),
        ("กรุงเทพฯ: เมืองที่ไม่เคยหลับ เราเดินตามรถเข็นขายก๋วยเตี๋ยวตลอดคืน", "th"),
        ("Sevilla - Betis, el partido que parte la ciudad en dos cada año.", "es"),
        ("Paris – Une ville célèbre les cent ans de la carte postale.", "fr"),
        ("京都――この町の豆腐屋は朝が早い。午前三時、明かりがともる。", "ja"),
    ],
)
def test_essays_and_matches_stay(text, language):
    assert read(text, language).dateline is None


@pytest.mark.parametrize(("lead", "name"), [("Reuters - ", "Reuters"), ("EFE.- ", "EFE"), ("Bernama — ", "Bernama")])
def test_an_agency_alone_is_taken_before_a_sentence(lead, name):
    reading = read(lead + BODY)
    assert (reading.text, reading.agency and reading.agency.name) == (BODY, name)


@pytest.mark.parametrize(
    "text", [f"AFP: {BODY}", f"TAP - {BODY}", "Reuters - the agency", "AFP - Reuters and others were there at noon."]
)
def test_an_agency_that_is_spoken_of_stays(text):
    assert read(text) == (text, None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BODY, True),
        ("“The port reopened on Thursday,” its master said.", True),
        ("Two towns", False),
        ("the port reopened on Thursday, its master said.", False),
        ("Roma, the match of the evening, begins at eight.", False),
        ("Inter 2-1 and what they said after the match.", False),
        ("", False),
    ],
)
def test_what_is_a_sentence(text, expected):
    assert goes_on(text) == expected


@given(st.text(max_size=200))
def test_any_text_is_judged(text):
    assert goes_on(text) in (True, False)
