import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.normalise.capitals import capitalised


@pytest.mark.parametrize(
    ("printed", "language", "normal"),
    [
        ("NAIROBI", "en", "Nairobi"),
        ("DEN HAAG", "nl", "Den Haag"),
        ("'S-HERTOGENBOSCH", "nl", "'s-Hertogenbosch"),
        ("IJMUIDEN", "nl", "IJmuiden"),
        ("SÃO PAULO", "pt", "São Paulo"),
        ("RIO DE JANEIRO", "pt", "Rio de Janeiro"),
        ("SANTA CRUZ DE LA SIERRA", "es", "Santa Cruz de la Sierra"),
        ("LA PAZ", "es", "La Paz"),
        ("L'AQUILA", "it", "L'Aquila"),
        ("REGGIO NELL'EMILIA", "it", "Reggio nell'Emilia"),
        ("SANT’ANGELO", "it", "Sant’Angelo"),
        ("AIX-EN-PROVENCE", "fr", "Aix-en-Provence"),
        ("VILLENEUVE-D’ASCQ", "fr", "Villeneuve-d’Ascq"),
        ("PORT-AU-PRINCE", "fr", "Port-au-Prince"),
        ("FRANKFURT AM MAIN", "de", "Frankfurt am Main"),
        ("STRATFORD-UPON-AVON", "en", "Stratford-upon-Avon"),
        ("COX'S BAZAR", "en", "Cox's Bazar"),
        ("SANA'A", "en", "Sana'a"),
        ("XI'AN", "en", "Xi'an"),
        ("N'DJAMENA", "fr", "N'Djamena"),
        ("COEUR D'ALENE, Idaho", "en", "Coeur d'Alene, Idaho"),
        ("DAR ES SALAAM", "en", "Dar es Salaam"),
        ("ST JOHN'S", "en", "St John's"),
        ("ООН", "ru", "ООН"),
        ("SHARM EL-SHEIKH", "en", "Sharm el-Sheikh"),
        ("DEIR al-BALAH", "en", "Deir al-Balah"),
        ("THE HAGUE", "en", "The Hague"),
        ("PORT OF SPAIN", "en", "Port of Spain"),
        ("ST. JOHN'S, N.L.", "en", "St. John's, N.L."),
        ("WASHINGTON, D.C.", "en", "Washington, D.C."),
        ("WASHINGTON, DC", "en", "Washington, DC"),
        ("WASHINGTON DC", "en", "Washington DC"),
        ("PORTLAND, OR", "en", "Portland, OR"),
        ("HULL, England", "en", "Hull, England"),
        ("HULL/LEEDS", "en", "Hull/Leeds"),
        ("NASHIK (MAHARASHTRA)", "en", "Nashik (Maharashtra)"),
        ("McALLEN, Texas", "en", "McAllen, Texas"),
        ("MCALLEN", "en", "McAllen"),
        ("DeKALB, Ill.", "en", "DeKalb, Ill."),
        ("U.N.", "en", "U.N."),
        ("UN", "en", "UN"),
        ("UAE", "en", "UAE"),
        ("NYC", "en", "NYC"),
        ("UFA", "en", "Ufa"),
        ("KRK", "hr", "KRK"),
        ("İSTANBUL", "tr", "İstanbul"),
        ("DİYARBAKIR", None, "Diyarbakır"),
        ("KIRIKKALE", "tr", "Kırıkkale"),
        ("ISPARTA", "tr", "Isparta"),
        ("BAKI", "az", "Bakı"),
        ("MADRID", "tr", "Madrid"),
        ("KIRIBATI", "en", "Kiribati"),
        ("МОСКВА", "ru", "Москва"),
        ("РОСТОВ-НА-ДОНУ", "ru", "Ростов-на-Дону"),
        ("ΑΘΗΝΑΣ", "el", "Αθηνας"),
        ("ΑΘΗΝΑ", "el", "Αθήνα"),
        ("ΝΕΑ ΥΟΡΚΗ", "el", "Νέα Υόρκη"),
        ("ΒΟΛΟΣ", "el", "Βόλος"),
        ("ԵՐԵՎԱՆ", "hy", "Երևան"),
        ("ZÜRICH", "de", "Zürich"),
        ("ΠΑΤΡΑ", "el", "Πάτρα"),
        ("ᲗᲑᲘᲚᲘᲡᲘ", "ka", "თბილისი"),
        ("Nairobi", "en", "Nairobi"),
        ("Delhi NCR", "en", "Delhi NCR"),
        ("القاهرة", "ar", "القاهرة"),
        ("北京", "zh", "北京"),
        ("", None, ""),
    ],
)
def test_capitals_become_a_name(printed, language, normal):
    assert capitalised(printed, language) == normal


@given(st.text(max_size=60))
def test_a_name_stays_what_it_became(printed):
    once = capitalised(printed)
    assert capitalised(once) == once


@given(st.text(max_size=60))
def test_only_the_letters_case_changes(printed):
    assert capitalised(printed).casefold().replace("և", "եվ").replace("i̇", "i") == (
        printed.casefold().replace("և", "եվ").replace("i̇", "i")
    )
