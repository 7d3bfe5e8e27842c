"""The words in which texts and by-lines credit agencies: in a line of its own, behind the last sentence."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data"
_THANKS = (
    r"(?:(?:with )?(?:additional |agency |an? )?"
    r"(?:inputs?|reporting|files|material|information|reports?|story)(?: also)? (?:from|by)"
    r"|(?:unter verwendung von |mit )?(?:agentur)?(?:material|informationen)(?: von| der)?"
    r"|(?:con|amb) (?:información|informacion|informaciones|informació|reportes?|material|datos) del?|con fonte"
    r"|con aportes? de|a partir de (?:información|informaciones) de|tomado de:?|con informazioni d[ai]"
    r"|com (?:informaç(?:ões|ão)|dados|material|agências)(?: d[aoe]s?)?"
    r"|avec des informations (?:de|d['’])|d['’]après|met (?:medewerking|informatie|materiaal) van|op basis van"
    r"|med (?:material|materiale|uppgifter|bidrag|opplysninger) (?:från|fra)"
    r"|(?:на (?:основе|основі) )?(?:по |за |с использованием |з використанням )?"
    r"(?:материалам|материалов|материали|матеріалами|матеріалів|данным|даними|сообщению|повідомленням|информации"
    r"|інформацією)(?: на)?:?|(?:со ссылкой|з посиланням) на|паводле|prema|(?:opr\. )?na (?:podst\.|podstawie)"
    r"|s (?:využitím|přispěním|prispením)(?: zpráv| správ)?|cu (?:informații|date)(?: de la)?"
    r"|με πληροφορίες(?: από| του)?(?: το)?|based on reports? (?:from|by)|dengan laporan(?: dari)?|dilansir(?: dari)?"
    r"|dikutip dari|نقلا(?:ً)? عن|بتصرف عن|به نقل از|به گزارش)\s+"
    r"([^\n]{2,90}?)(?: inputs?| इनपुट(?: के साथ)?)?[\W_]*"
)
WITH = re.compile(rf"[\W_]{{0,3}}{_THANKS}", re.I)  # in so many words; what follows is people and papers, too
WITH_THEM = re.compile(rf"[\s(,–—-]{_THANKS}$", re.I)  # "The newsroom with information from AFP"
EASTERN_WITH = re.compile(  # "综合新华社、中新社报道"
    r"[（(]?(?:综合|綜合|据|據|转自|轉自|摘自|转载自|轉載自|编译自|編譯自|文)[：:／/]?\s?([^\n。]{2,40}?)"
    r"(?:综合|綜合)?(?:报道|報導|報道|消息|电|電|外電)?[)）。]*"
)
EASTERN_DESK = re.compile(  # "新华社记者 李明", "연합뉴스 김하늘 기자", "【翻訳編集】 AFPBB News"
    r"(?!.*[摄攝影])[\u3400-\u9fff]{2,8}(?:记者|記者)\s?[:：]?\s?[\u3400-\u9fff]{2,4}(?:[、\s][\u3400-\u9fff]{2,4}){0,3}"
    r"|(?:[가-힣\d]{2,8} )?[가-힣]{2,4} (?:기자|특파원)(?:·[가-힣\d]{2,8})?|/[가-힣]{2,6}=[가-힣\d]{2,8}"
    r"|【翻訳編集】\s?[\w ]{3,14}"
)
KOREAN = re.compile(  # "<저작권자(c) 연합뉴스, 무단 전재 및 재배포 금지>", "[ⓒ 뉴시스]"
    r"[<\[(〈]?\s?(?:저작권자\s?)?(?:\(c\)|ⓒ|©)\s?([가-힣A-Za-z0-9]{2,12})(?:[ ,.·][^\n]{0,80})?[>\])〉]?"
    r"|\[([가-힣0-9]{2,8})\]",
    re.I,
)
BHASHA = re.compile(  # PTI's Hindi desk, and who worked on it
    r"भाषा(?: (?!(?:का|की|के|में|से|और|को|है|पर|ने|एवं|व)(?:\s|$))[^\W\d_]\S*){0,4}(?: [\d ]+)?"
)
PLAIN_WITH = re.compile(  # what follows must be agencies, and nobody else
    r"[\W_]{0,3}(?:with|mit|avec|con|com|met|med|za:?|z|s|amb|cu|με|dengan|theo|مع|عن|selon|según|secondo|segundo)\s"
    r"([^\n]{2,60}?)(?: inputs?)?[\W_]*",
    re.I,
)
GENERIC = re.compile(
    r"(?:the |a |las? |les |l['’]|der |die |den |as |le )?"
    r"(?:agences? |agencias? |agências? |agenzi[ae] |(?:nachrichten)?agentur(?:en)? |news agency |агентства? )?",
    re.I,
)
CONTRIBUTED = re.compile(
    r"[\W_]{0,3}([^\n]{2,140}?) (?:also )?contributed (?:to (?:this|the) (?:report|story|article)|reporting)"
    r"\b[^\n]{0,40}",
    re.I,
)
ALSO_CONTRIBUTED = re.compile(  # of others than agencies it is a sentence
    r"[\W_]{0,3}([^\n]{2,140}?) (?:(?:also )?contributed|contribuy(?:ó|eron) (?:a|con|en) est[ea] \w+"
    r"|(?:a|ont) contribué à (?:cet article|ce reportage)|contribu(?:iu|íram) para est[ea] \w+)\.?",
    re.I,
)
REPORT_BY = re.compile(r"This report by ([^\n]{2,60}?) was first published\b[^\n]{0,60}", re.I)  # The Canadian Press
FIRST_BY = re.compile(
    r"This (?:report|story|article) was (?:(?:first|originally) (?:published|produced|reported)|produced) (?:by|on|in) "
    r"([^\n]{2,60}?)(?:,? and (?:is )?re(?:published|printed|produced)[^\n]{0,60})?\.?",
    re.I,
)
PAPER_WITH = re.compile(  # "Le Havre Info (avec AFP)", "Le Havre Info avec AFP"
    r"[^()\n]{2,40} \(([^()\n]{2,60})\)|[^\W\d_][^\n.,()]{1,40} ((?:avec|mit) [^\n.]{2,40})"
)
AUTOMATIC = re.compile(  # "(This story is auto-generated from a PTI feed)"
    r"[(*\[]?(?:this|except for) [^\n]{0,160}?(?:(?:auto-?generated|syndicated)[^\n]{0,40}? (?:from|by|via)"
    r"|published from(?=[^\n]{2,60} feed)) (?:an? |the )?(?:syndicated )?(?:feed (?:of|from) )?"
    r"([^\n]{2,40}?)(?: news)?(?: agency)?(?: syndicated)?(?: feed)?[.)\]*\s]*",
    re.I,
)
TAKEN_OVER = re.compile(  # "Diese Meldung wurde von der Deutschen Presse-Agentur (dpa) übernommen."
    r"Diese[rs]? (?:Meldung|Text|Artikel|Nachricht|Beitrag) (?:wurde|ist|stammt)[^\n]{0,60}? (?:von|bei) (?:der |die )?"
    r"([^\n]{2,50}?)(?: übernommen| veröffentlicht| bereitgestellt)?\.?"
)
AGENCIES = re.compile(  # "Avec agences (AFP, Reuters)"
    r"[\W_]{0,3}(?:[^\W\d_]{2,5} )?(?:agenc(?:es|ies|ias)|agências|agències|agenzie|agentur(?:en|material)|agentury)"
    r"[ :]{1,2}\(([^()\n]{2,60})\)\.?",
    re.I,
)
SIGNED = re.compile(
    r"\((?:additional |weitere )?(?:reporting|writing|editing|compiled|reportage|rédigé|reporte|reportería|bericht|"
    r"geschrieben|reportagem|redazione)\b[^\n]{5,300}\)\.?"
    r"|reporting by [^\n]{3,120}[;,.] ?(?:writing|editing|additional)[^\n]{3,120}",
    re.I,
)
COPYRIGHT = re.compile(
    r"(?:(?:riproduzione riservata|all rights reserved|tous droits réservés)[.\s]*)?"
    r"(?:©|\(c\)|copyright)(?:\s*(?:©|\(c\)|copyright))?\s*(?:\d{4},?\s+)?(?:by\s+)?"
    r"([^\n]{2,60}?)(?:,?\s+\d{4})?"
    r"(?:[.,;]?\s+(?:all rights|tous droits|alle rechte|todos los derechos|todos os direitos|tutti i|wszelk|všechna"
    r"|všetky|minden jog|toate drepturile|sva prava|vse pravice|все права|усі права|всички права|alla rättigh"
    r"|alle rettigh|kaikki oikeudet|her hakkı|tüm hakları|جميع الحقوق|toute reproduction|reproduction|riproduzione"
    r"|está expresamente|queda prohibid|prohibida|kopiowanie|nachdruck|this material|the content|may not|no part"
    r"|not for|republication|click for)[^\n]{0,250})?\.?",
    re.I,
)
INITIALLED = re.compile(r"[a-zà-ž]{2,4}(?:[/, ]{1,2}[a-zà-ž]{2,4}){0,4} \(([^()\n]{2,60})\)")  # "ab/cd (AFP, dpa)"
DPA = re.compile(r"(?:(?:©\s*)?dpa(?:-\w+)?, )?dpa:[\d-]+/\d+")
OWN_LINE = re.compile(
    r"(?:\+\+\+)?[(\[（/\-–—―\s]*(?:\d{4}\s+)?(?:(?:By|Von|Par|Por|Di|Door|A[fv]|From|Via|Da)\s+|C/)?([^\n()\[\]（）]{2,60}?)"
    r"(?: inputs?| इनपुट(?: के साथ)?| alapján| nyomán)?[)\]）/\s]*(?:\+\+\+)?\.?"
)
HOME_DESK = re.compile(
    r"[^\W\d_]+(?:(?: / |[ /-])[^\W\d_]+){1,5},? ?\(([^()\n]{2,20})\)"
)  # "Jan Nowak (PAP)", "Ayşe YILMAZ / ANKARA, (DHA)"
BESIDE = re.compile(  # "Jane Doe, PA", "Jane Doe and Ann Lee, PA Political Correspondents"
    r"(?:By )?[A-Z][\w'’-]+(?: (?:and|[A-Z][\w.'’-]*)){1,6}, (PA|AAP)"
    r"(?: Scotland| Ireland| Wales|(?: [A-Z][a-z]+){0,2} (?:Correspondent|Editor|Reporter|Writer|Staff)s?)?"
)
EDITORS = re.compile(  # "责任编辑：李明", "Editor: Ann Lee", "انتهای پیام"
    r"\W{0,2}(?:(?:editors?|edited by|edição|edición|redaktor|redaktur|penyunting"
    r"|责任编辑|責任編輯|责编|責編|编辑|編輯|作者|译者|譯者|编译|校对|審核|审核|编审|تحریر|تحرير|संपादन)\s?[:：][^\n]{1,60}"
    r"|انتهای پیام/?|//?انتهى//?)",
    re.I,
)
AUTHORS = re.compile(r"\s?/?\s?\([^()\n]{0,12}autor: [^()\n]{3,200}\)$")  # "AGERPRES/(AS - autor: …, editor: …)"
TAILED = re.compile(r"\s+(?:Editor|责任编辑|責任編輯|责编|責編|编辑|編輯|作者)\s?[:：][^\n]{1,40}$")
OF_PICTURE = ("©", "ⓒ", "(c)", "(C)", "（c）", "Copyright", "COPYRIGHT")
SLASHED = re.compile(r"(?:Av |Af )?[^\W\d_]+(?:[ -][^\W\d_]+){1,3} ?/ ?([^\n/]{2,20}(?:/[^\n/]{2,20})?)")
SLASHES = {"sv": "SE", "nb": "NO", "nn": "NO", "no": "NO", "da": "DK", "fi": "FI", "vi": "VN"}
INITIALS = re.compile(r"[a-zà-ž]{2,4}(?:[/\s,-]+[a-zà-ž]{2,4}){0,6}[/\s.]*")
DESK = re.compile(r"((?:^|(?<=[\s.!?”\"]))(?:PTI|UNI)(?: [A-Z]{2,4}){1,6}|-{1,2}\s?IANS)\.?$")
ENDS = ("Enditem", "Enditem.", "(END)", "(끝)", "<끝>")  # of Xinhua, of Yonhap
SMALL = frozenset({"dpa", "epd", "sda", "ats", "dts", "awp", "inputs"})  # a text may end with these
_STOP = r"[.!?…\"”'’»)。！？」』।؟]"
CLOSING = re.compile(
    rf"(?:^|(?<={_STOP})|(?<={_STOP}\s)|(?<=[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]\s))"
    r"(?:\(([^()\n]{2,60})\)|\[([^\[\]\n]{2,60})\]|（([^（）\n]{2,60})）|[【［]([^【】［］\n]{2,30})[】］]|/([^/\n]{2,20})/"
    r"|/\s?([^/\n.!?—]{2,30})|[（(][cC][)）]\s?([^\n()（）]{2,30})|[-–—―]{1,2}\s*([^\n.!?—]{2,40}))\.?$"
)
BARE = re.compile(  # the vowels of India are no letters; "dpa/lno", "Lusa/Fim", "©NTB"
    rf"(?<={_STOP}\s)\s?©?(?:\d{{4}}\s)?((?:[^\W\d_]|[\u0900-\u0963\u0970-\u0dff]){{2,8}}(?:/[a-z]{{2,4}}|/[Ff]im)?)\.?$"
)
CLOSERS = frozenset(")]）】］/")
DASHES = frozenset("-–—―/）)")
THAI = re.compile(r"\s?\.?[-–]\s?(สำนักข่าว[\u0e00-\u0e7f]{2,20})$")
DATED = re.compile(  # "La Presse canadienne, 2024", "MAP: 18 janvier 2024", "(MAP-04/05/2024)"
    r"(?:,\s*\d[\d.\-/]{3,9}|[\s:,–-]{1,3}\d{1,2}[./ -]{1,2}(?:\d{1,2}|[^\W\d_]{3,12}\.?)[./ -]{1,2}\d{4})\.?$"
)
MARK = re.compile("[:：=|՝`៖]")
SAID_OF = ("this ", "except for", "dies")


class Labelled(NamedTuple):
    """A credit with its label: a line of its own, one where no mark parts them ("Source AFP"), behind a sentence."""

    line: re.Pattern[str]
    named: re.Pattern[str]
    inline: re.Pattern[str]


@cache
def labelled() -> Labelled:
    """What `data/labels.txt` says."""
    lines = (_DATA / "labels.txt").read_text("utf-8").splitlines()
    words = sorted({word for line in lines if not line.startswith("#") for word in line.split("; ")}, key=len)[::-1]
    sure = "|".join(re.escape(word) for word in words if word[0] != "?")
    label = "|".join(re.escape(word.lstrip("?")) for word in words)
    return Labelled(
        re.compile(rf"\W{{0,3}}(?:{sure})\s?[:：=|՝`៖]\s*([^\n:：]{{2,80}}?)[.\s)）]*", re.I),
        re.compile(rf"\W{{0,3}}(?:{label})(?:\s?[-–—:：=|՝`៖]|\s)\s?([^\n:：]{{2,60}}?)[.\s)）]*", re.I),
        re.compile(rf"[.!?\"”'’)»。]\s+((?:{sure})\s?:\s*([^\n:.]{{2,60}}))\.?$", re.I),
    )
