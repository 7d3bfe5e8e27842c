import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Dateline
from feeds.normalise.eastern import eastern_opening

AFP = "Agence France-Presse"
CNA = "Central News Agency"


@pytest.mark.parametrize(
    ("head", "language", "place", "date", "names"),
    [
        ("新华社北京5月4日电（记者李明）", "zh", "北京", "5月4日", ("Xinhua News Agency",)),
        ("据新华社电 ", "zh", None, None, ("Xinhua News Agency",)),
        ("【法新社巴黎电】", "zh", "巴黎", None, (AFP,)),
        ("（巴黎4日法新电）", "zh", "巴黎", "4日", (AFP,)),
        ("（河内法新电）", "zh", "河内", None, (AFP,)),
        ("（东京综合电）", "zh", "东京", None, ()),
        ("（新加坡讯）", "zh", "新加坡", None, ()),
        ("路透伦敦5月4日 - ", "zh", "伦敦", "5月4日", ("Reuters",)),
        ("（中央社記者李明台北四日電）", "zh-TW", "台北", "四日", (CNA,)),
        ("（中央社曼谷4日綜合外電報導）", "zh-TW", "曼谷", "4日", (CNA,)),
        ("中央社／台北4日電\n", "zh-TW", "台北", "4日", (CNA,)),
        ("【港報2024年05月04日訊】（中央社台北4日電）", "zh-TW", "台北", "4日", (CNA,)),
        ("〔記者李明／高雄報導〕", "zh-TW", "高雄", None, ()),
        ("【記者李明台北報導】", "zh-TW", "台北", None, ()),
        ("【新華社東京5月4日】", "ja", "東京", "5月4日", ("Xinhua News Agency",)),
        ("【AFP時事】", "ja", None, None, (AFP, "Jiji Press")),
        ("（AP）", "ja", None, None, ("The Associated Press",)),
        ("[워싱턴=AP/뉴시스] ", "ko", "워싱턴", None, ("The Associated Press", "Newsis")),
        ("(베이징 신화=연합뉴스) ", "ko", "베이징", None, ("Xinhua News Agency", "Yonhap News Agency")),
        ("(평양 5월 4일발 조선중앙통신) ", "ko", "평양", "5월 4일", ("Korean Central News Agency",)),
        ("(서울=항구신문) 김하늘 기자 = ", "ko", "서울", None, ()),
        ("(부산=김하늘 기자) ", "ko", None, None, None),
        ("（本报讯）", "zh", None, None, None),
        ("〔記者李明／綜合報導〕", "zh-TW", None, None, None),
        ("(NTB-Reuters): ", "no", None, None, None),
        ("新华社区委会", "zh", None, None, None),
    ],
)
def test_openings(head, language, place, date, names):
    found = eastern_opening(f"{head}港口周四重新开放。", language)
    line = (found.dateline or Dateline()) if found else Dateline()
    seen = (line.place, line.date, found.agencies if found else None, found.end if found else 0)
    assert seen == (place, date, names, 0 if names is None else len(head))


@given(st.text("新华社京电日4【】（）[]()=記者／報導讯 ", max_size=60))
def test_what_is_found_ends_within_the_text(head):
    found = eastern_opening(head, "zh")
    assert found is None or 0 < found.end <= len(head)


def test_hostile_openings_are_read_in_no_time(benchmark_seconds):
    hostile = ["【" * 160, "新华社" * 50, "（" + "京" * 150, "(" + "=" * 150, "記者" + "／" * 150, "4日" * 80]
    assert benchmark_seconds(lambda: [eastern_opening(head, "zh") for head in hostile * 20]) < 0.5
