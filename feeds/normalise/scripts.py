"""Dates in other scripts, written as Latin ones are: figures, eras, times of day, names of several words."""

import re
import unicodedata

_DIGIT = re.compile(r"[^\x00-\x7f]")
_MARKS = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c\ufeff\u2060\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))
_PUNCTUATION = _MARKS | str.maketrans(
    {**dict.fromkeys("\u00a0\u202f\u2009\u3000", " "), **dict.fromkeys("‐‑–—−－", "-"), **dict.fromkeys("，、،", ",")}
    | {"：": ":", "．": ".", "／": "/", "（": "(", "）": ")", "＋": "+"}
)
_ERA = re.compile(r"(令和|平成|昭和|民國|民国)\s?(\d{1,3}|元)(?=\s?年)")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_HALF = "(?:(午前|上午|오전|凌晨|早上|清晨|午後|下午|오후|晚上|中午|晚间)\\s*)?"
_CLOCK = re.compile(
    _HALF + r"(\d{1,2})\s?(?:[時时点點시]\s*(?:(\d{1,2})\s?[分분])?(?:\s*(\d{1,2})\s?[秒초])?|:(\d\d)(?::(\d\d))?)"
)
_AFTERNOON = frozenset({"午後", "下午", "오후", "晚上", "中午", "晚间"})
_PAIRS = (
    (re.compile(r"(?<=\d)\s?[صق]\.?(?![^\W\d_])"), " AM"),  # Arabic and Persian
    (re.compile(r"(?<=\d)\s?[مب]\.?(?:ظ\.?)?(?![^\W\d_])"), " PM"),
    (re.compile(r"(?<=\d)\s?π\.?μ\.?"), " AM"),  # Greek
    (re.compile(r"(?<=\d)\s?μ\.?μ\.?"), " PM"),
    (re.compile(r"([ก-ฮ]{1,2})\.([ก-ฮ])\."), r"\1\2"),  # Thai: "ม.ค."
    (re.compile(r"(?:พ\.?ศ|ค\.?ศ)\.?"), " "),
    (re.compile(r"เวลา|(?<=\d)\s?น\.(?=\s|$)"), " "),
    (re.compile(r"(?<=\d)\s?МСК\b"), " MSK"),
    (re.compile(r"كانون\s+(?:الثاني|الثانی)"), "يناير"),  # the Levant's names of two words
    (re.compile(r"كانون\s+(?:الأول|الاول)"), "ديسمبر"),
    (re.compile(r"تشرين\s+الثاني"), "نوفمبر"),
    (re.compile(r"تشرين\s+(?:الأول|الاول)"), "أكتوبر"),
    (re.compile(r"(?:الساعة|ساعت|ساعة)"), " "),
)


def ascii_date(text: str) -> str:
    """The text of a date with figures, punctuation and times of day as Latin scripts have them."""
    if text.isascii():
        return text
    text = _DIGIT.sub(_figure, unicodedata.normalize("NFC", text).translate(_PUNCTUATION))
    text = _ERA.sub(_western, text)
    text = _CLOCK.sub(_time, text)
    for pattern, replacement in _PAIRS:
        text = pattern.sub(replacement, text)
    return text.strip()


def _figure(match: re.Match[str]) -> str:
    digit = unicodedata.decimal(match[0], None)
    return match[0] if digit is None else str(digit)


def _western(match: re.Match[str]) -> str:
    return str(_ERAS[match[1]] + (1 if match[2] == "元" else int(match[2])))


def _time(match: re.Match[str]) -> str:
    half, hour, minute, second, minutes, seconds = match.groups()
    clock = f"{hour}:{minute or minutes or '00'}:{second or seconds or '00'}"
    clock = ":".join(part.zfill(2) for part in clock.split(":"))
    if not half:
        return f" {clock} " if match[0].rstrip()[-1] in "時时点點시分분秒초" else match[0]
    return f" {clock} {'PM' if half in _AFTERNOON else 'AM'}"
