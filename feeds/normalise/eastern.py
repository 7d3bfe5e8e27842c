"""The openings of Chinese, Japanese and Korean agencies, which need neither spaces nor capitals."""

import re
from functools import cache
from typing import NamedTuple

from feeds.model import Dateline
from feeds.normalise.agencies import agencies_in, agency_named, eastern_names, last_names

# "（吉隆坡5日讯）" of the papers of Malaysia and Singapore
_PLACE_ONLY = re.compile(r"[（(【]([^\W\d_]{2,8}?)((?:\d{1,2}月)?\d{1,2}日)(?:综合)?[电電讯訊][)）】]\s*")


_REPORTED = re.compile(  # "〔記者林宥辰／台北報導〕" of Taiwan's papers
    r"[〔［【（(\[](?:記者|记者)\s?[^／/\n〕］】）)\]]{2,10}[／/]([^\W\d_]{2,4}?)(?:綜合|即時|連線)?(?:報導|报道)[〕］】）)\]]\s*"
)
_CORRESPONDENT = re.compile(r"[【［]([^\W\d_]{2,10})[＝=][\u3400-\u9fff々]{2,6}[】］]\s*")  # "【ソウル＝山田太郎】"


class Opening(NamedTuple):
    """What a text opens with, and where the rest of it begins."""

    dateline: Dateline | None
    agencies: tuple[str, ...]
    end: int


def eastern_opening(head: str, language: str | None) -> Opening | None:
    """As "新华社北京1月8日电", "【ソウル聯合ニュース】", "[東京 8日 ロイター] - ", "(서울=연합뉴스) … 기자 = "."""
    if match := _korean().match(head):
        return _korean_opening(match, language)
    if match := _chinese().match(head):
        names = agencies_in(match[1], "zh", certain=True)  # (): a paper's own
        place = match[3] or None
        if match[2] and place:  # a reporter's name, of three characters mostly
            place = place[3:] if len(place) > 4 else place[2:]
        return Opening(Dateline(place=place, date=match[4]), names, match.end())
    if match := _PLACE_ONLY.match(head):
        return Opening(Dateline(place=match[1], date=match[2]), (), match.end())
    if match := _REPORTED.match(head):
        return Opening(Dateline(place=match[1]), (), match.end())
    if (match := _japanese().match(head)) and (found := _in_brackets(match)):
        return found
    match = _CORRESPONDENT.match(head)
    if not match:
        return None
    names, place = last_names(match[1])  # "【ソウル共同＝山田】"
    return Opening(Dateline(place=place or match[1]), names, match.end())


def _korean_opening(match: re.Match[str], language: str | None) -> Opening | None:
    """As "(서울=연합뉴스)"; a foreign agency that Yonhap passes on comes first: "(도쿄 AFP=연합뉴스)"."""
    name = agency_named(match[2], language, certain=True)
    place, _, word = match[1].strip().rpartition(" ")
    first = agency_named(word, language) if place else None
    names = tuple(dict.fromkeys(filter(None, (first, name))))
    return Opening(Dateline(place=place if first else match[1].strip()), names, match.end()) if name else None


def _in_brackets(match: re.Match[str]) -> Opening | None:
    words = match[1].replace("\u3000", " ").strip()
    names, rest = last_names(words)
    rest = rest.strip(" =＝・")
    if not names:
        return None
    if not rest:
        return (
            Opening(None, names, match.end())
            if len(words) > 2 and (len(names) > 1 or words in eastern_names())
            else None
        )
    date = re.search(r"(?:\d{1,2}月)?\d{1,2}日", rest)
    place = (rest[: date.start()] if date else rest).strip(" 、")
    return Opening(Dateline(place=place or None, date=date[0] if date else None), names, match.end())


@cache
def _chinese() -> re.Pattern[str]:
    names = "|".join(map(re.escape, eastern_names()))
    return re.compile(
        rf"[（(【]?[据據]?({names}|[^\W\d_]{{1,4}}?[网網报報社])(记者|記者)?([^\W\d_]{{2,12}}?)?"
        r"((?:\d{1,2}月)?\d{1,2}日)[专專]?(?:综合|綜合)?外?[电電讯訊]"
        r"[)）】]?\s*(?:[（(][^（）()\n]{1,40}[)）])?[\s:：]*"
    )


@cache
def _japanese() -> re.Pattern[str]:
    return re.compile(r"[【［\[（(〔]([^】］\]）)〕\n]{2,24})[】］\]）)〕][\s\-–—]*")


@cache
def _korean() -> re.Pattern[str]:
    return re.compile(
        r"[(\[【（]([^=()\[\]【】\n]{1,24})=\s?((?=[^=\n]{0,15}[가-힣])[^=()\[\]【】\n]{2,16})[)\]】）]\s*"
        r"(?:[^\n=.]{2,40}(?:기자|특파원|통신원)\s*=\s*)?"
    )
