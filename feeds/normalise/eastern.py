"""The openings of Chinese, Japanese and Korean agencies, which need neither spaces nor capitals."""

import re
from functools import cache
from typing import NamedTuple

from feeds.model import Dateline
from feeds.normalise.agencies import agencies_in, agency_named, eastern_names, last_names, only_agencies

# For what looks like a person or a paper as well.
_TOWNS = frozenset(
    "北京 上海 天津 重庆 廣州 广州 深圳 武汉 南京 成都 西安 杭州 沈阳 香港 澳門 澳门 台北 "  # noqa: SIM905
    "新北 桃園 台中 台南 高雄 基隆 新竹 嘉義 屏東 宜蘭 花蓮 台東 苗栗 彰化 南投 雲林 澎湖 "
    "金門 馬祖 서울 부산 대구 인천 광주 대전 울산 세종 수원 성남 고양 용인 의정부 춘천 강릉 "
    "원주 청주 충주 천안 전주 군산 목포 여수 순천 창원 진주 포항 경주 안동 구미 제주 서귀포 "
    "무안 홍성 도쿄 베이징 워싱턴 뉴욕 런던 파리".split()
)
_DAY = r"(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})日"
_SITE = re.compile(r"【[^\W\d_]{2,8}\d{4}年\d{1,2}月\d{1,2}日[訊讯]】\s*")  # "【大紀元2024年05月04日訊】（中央社…"
_TOWN_ONLY = re.compile(r"[（(]([^\W\d_]{2,6})[讯訊][)）]\s*")  # "（新加坡讯）", but "（本报讯）", "（综合讯）"
_NO_TOWN = re.compile("[记記社报報网網本综綜合电電通资資简簡快专專特最即时時独獨者]")
_REPORTED = re.compile(  # "〔記者林宥辰／台北報導〕" of Taiwan's papers
    r"[〔［【（(\[](?:記者|记者)\s?[^／/\n〕］】）)\]]{2,10}[／/](?!綜合|综合|即時|連線)([^\W\d_]{2,4}?)(?:綜合|即時|連線)?(?:報導|报道)[〕］】）)\]]\s*"
)
_REPORTED_LINE = re.compile(
    r"(?:記者|记者)\s?[^／/\n]{2,10}[／/](?!綜合|综合|即時|連線)([^\W\d_]{2,4}?)(?:綜合|即時|連線)?(?:報導|报道)\n"
)
_REPORTED_CLOSE = re.compile(
    r"[〔［【（(](?:本報|本报)?(?:記者|记者)([^\W\d_]{4,7})(?:報導|报道)[〕］】）)]\s*"
)  # "【記者林宥辰台北報導】"
_CORRESPONDENT = re.compile(r"[【［]([^\W\d_]{2,10})[＝=][\u3400-\u9fff々]{2,6}[】］]\s*")  # "【ソウル＝山田太郎】"


class Opening(NamedTuple):
    """What a text opens with, and where the rest of it begins."""

    dateline: Dateline | None
    agencies: tuple[str, ...]
    end: int


def eastern_opening(head: str, language: str | None) -> Opening | None:
    """As "新华社北京1月8日电", "【ソウル聯合ニュース】", "[東京 8日 ロイター] - ", "(서울=연합뉴스) … 기자 = "."""
    if head[:1] == "【" and (match := _SITE.match(head)):
        found = eastern_opening(head[match.end() :], language)
        return found._replace(end=found.end + match.end()) if found else None
    if match := _korean().match(head):
        return _korean_opening(match, language)
    if match := _chinese().match(head):
        names = agencies_in(match[1], "zh", certain=True)  # (): a paper's own
        place = match[3] or None
        if match[2] and place:  # a reporter's name, of three characters mostly
            place = place[3:] if len(place) > 4 else place[2:]
        return Opening(Dateline(place=place, date=match[4]), names, match.end())
    if match := _wired().match(head):
        return Opening(
            Dateline(place=match[2]) if match[2] else None, agencies_in(match[1], "zh", certain=True), match.end()
        )
    if match := _passed_on().match(head):
        return Opening(Dateline(place=match[1]), agencies_in(match[2], "zh", certain=True), match.end())
    if match := _placed().match(head):
        names = agencies_in(match[3], "zh", certain=True) if match[3] else ()
        return Opening(Dateline(place=match[1], date=match[2]), names, match.end())
    if match := _REPORTED.match(head) or _REPORTED_LINE.match(head):
        return Opening(Dateline(place=match[1]), (), match.end())
    if match := _REPORTED_CLOSE.match(head):
        town = next((match[1][at:] for at in (3, 2) if match[1][at:] in _TOWNS), None)
        return Opening(Dateline(place=town), (), match.end()) if town else None
    if (match := _TOWN_ONLY.match(head)) and not _NO_TOWN.search(match[1]):
        return Opening(Dateline(place=match[1]), (), match.end())
    if (match := _japanese().match(head)) and (found := _in_brackets(match, language)):
        return found
    match = _CORRESPONDENT.match(head)
    if not match:
        return None
    names, place = last_names(match[1])  # "【ソウル共同＝山田】"
    return Opening(Dateline(place=place or match[1]), names, match.end())


def _korean_opening(match: re.Match[str], language: str | None) -> Opening | None:
    """As "(서울=연합뉴스)"; a foreign agency that Yonhap passes on comes first: "(도쿄 AFP=연합뉴스)"."""
    named = only_agencies(match[2], language, certain=True)  # "[워싱턴=AP/뉴시스]"
    place, _, word = match[1].strip().rpartition(" ")
    first = agency_named(word, language, certain=True) if place else None
    names = tuple(dict.fromkeys((*filter(None, (first,)), *named)))
    where = place if first else match[1].strip()
    return (
        Opening(Dateline(place=where), names, match.end())
        if named or (where in _TOWNS and not match[2].endswith(("기자", "특파원")))
        else None
    )


def _in_brackets(match: re.Match[str], language: str | None) -> Opening | None:
    words = match[1].replace("\u3000", " ").strip()
    if words.isascii() and match[0][0] in "([":
        return None  # "(NTB-Reuters): "
    names, rest = last_names(words)
    rest = rest.strip(" =＝・")
    if not names:
        return None
    if not rest:
        return (
            Opening(None, names, match.end())
            if len(names) > 1
            or (len(words) > 2 and words in eastern_names())
            or (words.isascii() and (language or "").startswith("ja"))
            else None
        )
    date = re.search(r"(?:\d{1,2}[月월]\s?)?\d{1,2}[日일]발?", rest)
    place = (rest[: date.start()] if date else rest).strip(" 、")
    return Opening(Dateline(place=place or None, date=date[0].rstrip("발") if date else None), names, match.end())


@cache
def _chinese() -> re.Pattern[str]:
    names = "|".join(map(re.escape, eastern_names()))
    return re.compile(
        rf"[（(【〔［]?[据據]?({names}|[^\W\d_]{{1,4}}?[网網报報社])(记者|記者)?[／/]?([^\W\d_]{{2,12}}?)?"
        rf"({_DAY})[专專]?(?:综合|綜合)?外?(?:[电電讯訊](?:報導|报道)?|(?=】|\s-\s))"
        r"[)）】〕］]?\s*(?:[（(][^（）()\n]{1,40}[)）])?[\s:：]*(?:-\s+)?"
    )


@cache
def _wired() -> re.Pattern[str]:
    """As "据新华社电 ", "新华社消息：", "【法新社巴黎电】"."""
    names = "|".join(map(re.escape, eastern_names()))
    return re.compile(rf"[（(【]?[据據]?({names})([^\W\d_]{{2,6}}?)?(?:[电電]|消息)(?:[)）】]|[\s，,：:])\s*")


@cache
def _passed_on() -> re.Pattern[str]:
    """As "（河内法新电）", "（东京综合电）" of Singapore's papers."""
    names = "|".join(map(re.escape, eastern_names()))
    return re.compile(rf"[（(]([^\W\d_]{{2,6}}?(?:[／/、][^\W\d_]{{2,6}}?)?)(综合|綜合|{names})[电電讯訊][)）]\s*")


@cache
def _placed() -> re.Pattern[str]:
    """As "（吉隆坡5日讯）" of the papers of Malaysia and Singapore, "（巴黎4日法新电）"."""
    names = "|".join(map(re.escape, eastern_names()))
    return re.compile(rf"[（(【]([^\W\d_]{{2,8}}?)({_DAY})(?:综合)?({names})?[电電讯訊][)）】]\s*")


@cache
def _japanese() -> re.Pattern[str]:
    return re.compile(r"[【［\[（(〔]([^】］\]）)〕\n]{2,24})[】］\]）)〕][\s\-–—－]*")


@cache
def _korean() -> re.Pattern[str]:
    return re.compile(
        r"[(\[【（]([^=()\[\]【】\n]{1,24})=\s?((?=[^=\n]{0,15}[가-힣])[^=()\[\]【】\n]{2,16})[)\]】）]\s*"
        r"(?:[^\n=.]{2,40}(?:기자|특파원|통신원)\s*=\s*)?"
    )
