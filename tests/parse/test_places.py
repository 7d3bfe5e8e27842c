import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Geo
from feeds.parse.places import INSIDE, NAMES, SHAPES, place


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"georss:point": "53.5 9.9"}, Geo(latitude=53.5, longitude=9.9)),
        ({"georss:point": "53.5,9.9"}, Geo(latitude=53.5, longitude=9.9)),
        ({"gml:pos": "53.5 9.9 12"}, Geo(latitude=53.5, longitude=9.9)),
        ({"georss:circle": "53.5 9.9 500"}, Geo(latitude=53.5, longitude=9.9)),
        ({"georss:box": "53 9 54 10"}, Geo(latitude=53.5, longitude=9.5)),
        ({"georss:polygon": "0 0 0 4 2 4 2 0 0 0"}, Geo(latitude=1, longitude=2)),
        ({"georss:line": "10 170 20 -170"}, Geo(latitude=15, longitude=180)),
        ({"georss:point": "here", "georss:box": "53 9 54 10"}, Geo(latitude=53.5, longitude=9.5)),
        ({"geo:lat": "-33.9", "geo:long": "18.4"}, Geo(latitude=-33.9, longitude=18.4)),
        ({"geo:lat": "-33.9"}, None),
        ({"georss:point": "91 0"}, None),
        ({"georss:point": "nan 0"}, None),
        ({"georss:point": ""}, None),
        ({"georss:box": "1 2 3 4 5"}, None),
        ({"georss:featurename": "The coast", "georss:point": "x"}, Geo(name="The coast")),
        ({}, None),
    ],
)
def test_place(said, expected):
    assert place(said) == expected


KEYS = (*SHAPES, *NAMES, *INSIDE.values())
WORDS = st.text(st.sampled_from("0123456789.-+eEinfa ,"), max_size=40)


@given(st.dictionaries(st.sampled_from(KEYS), WORDS | st.text(max_size=20), max_size=6))
def test_a_place_lies_on_the_earth_whatever_was_said(said):
    found = place(said)
    at = found and (found.latitude, found.longitude)
    assert at in (None, (None, None)) or (-90 <= at[0] <= 90 and -180 <= at[1] <= 180)
