import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.parse.encoding import guess, paired, to_utf8


def said(encoding: str, letter: str) -> str:
    return f"<?xml version='1.0' encoding='{encoding}'?><a>{letter}</a>"


@pytest.mark.parametrize(
    ("text", "written", "charset", "encoding"),
    [
        ("<a>é</a>", "utf-8", "", "utf-8"),
        ("<a>é</a>", "utf-8-sig", "iso-8859-1", "utf-8"),
        ("<a>é</a>", "utf-16-le", "", "utf-16-le"),
        ("<a>é</a>", "utf-32-be", "", "utf-32-be"),
        ("<a>я</a>", "cp1251", "windows-1251", "cp1251"),
        (said("koi8-r", "я"), "koi8-r", "", "koi8-r"),
        (said("koi8-r", "я"), "cp1251", "windows-1251", "cp1251"),
        (said("utf-8", "é"), "utf-8", "iso-8859-1", "utf-8"),
        (said("iso-8859-1", "é"), "utf-8", "utf-8", "utf-8"),
        (said("iso-8859-1", "€"), "cp1252", "", "cp1252"),
        (said("utf-16", "é"), "utf-8", "", "utf-8"),
        ("<a>é</a>", "utf-8", "bogus", "utf-8"),
    ],
)
def test_mark_then_header_then_declaration(text: str, written: str, charset: str, encoding: str) -> None:
    found = to_utf8(text.encode(written), {"content-type": f"text/xml; charset={charset}"})
    assert (found.encoding, found.data.decode("utf-8-sig"), found.sure) == (encoding, text, True)


@pytest.mark.parametrize("charset", ["'windows-1251'", '"windows-1251"', " windows-1251", " 'windows-1251'"])
def test_a_charset_in_quotes_or_behind_a_blank(charset: str) -> None:
    assert to_utf8("<a>я</a>".encode("cp1251"), {"content-type": f"text/xml;charset={charset}"}).encoding == "cp1251"


def test_bytes_that_fit_nothing_declared_are_not_sure() -> None:
    assert not to_utf8(b"<?xml version='1.0' encoding='euc-jp'?><a>\xff\xfe\xfd</a>", {}).sure


@pytest.mark.parametrize(
    ("body", "encoding", "expected"),
    [
        (b"\xc3\xa9t\xc3\xa9 \x96 caf\xe9 \xe2\x80\x94", "utf-8", ("été – café —", "utf-8")),
        (b"na\xefve fa\xe7ade", "utf-8", ("naïve façade", "cp1252")),
        ("東京で開かれた".encode("shift_jis") + b"\xff", "shift_jis", ("東京で開かれた�", "shift_jis")),
    ],
)  # fmt: skip
def test_guess(body: bytes, encoding: str, expected: tuple[str, str]) -> None:
    assert guess(body, encoding, sure=False) == expected


HALVES = st.sampled_from(["\ud83d", "\ude00", "\ud800", "\udfff", "\\", "\\ud83d", "u", "d", '"', "\n", "\U0001f600"])


@given(st.lists(HALVES).map("".join))
def test_half_of_a_surrogate_pair_is_left_out_of_json(text: str) -> None:
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    assert json.loads(paired(json.dumps(text))) == whole


def test_looking_for_them_takes_linear_time() -> None:
    assert json.loads(paired('"' + r"\ud83d" * 300_000 + r"\ude00" + '"')) == "\U0001f600"
