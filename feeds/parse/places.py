"""Where an item is about, out of what GeoRSS, GML and W3C Geo say; a shape comes down to its middle."""

from collections.abc import Mapping
from itertools import islice

from feeds.model import Geo

# Elements that hold latitudes and longitudes in turn, the most exact first.
SHAPES = ("georss:point", "gml:pos", "georss:circle", "georss:box", "georss:line", "georss:polygon", "gml:poslist")
NAMES = ("georss:featurename", "georss:featurenametag")
# Local names inside georss:where and geo:Point, and what they are kept as.
INSIDE = {
    "lat": "geo:lat",
    "long": "geo:long",
    "lon": "geo:long",
    "pos": "gml:pos",
    "poslist": "gml:poslist",
    "lowercorner": "gml:lower",
    "uppercorner": "gml:upper",
}
_ANY = frozenset((*SHAPES, *NAMES, "geo:lat", "geo:long", "gml:lower", "gml:upper"))
_MOST = 2000  # numbers of a shape


def place(said: Mapping[str, str]) -> Geo | None:
    """The place that these elements name, by short name."""
    if _ANY.isdisjoint(said):
        return None
    name = next((said[key] for key in NAMES if key in said), None)
    shapes = [said[key] for key in SHAPES if key in said]
    if "geo:lat" in said and "geo:long" in said:
        shapes.append(f"{said['geo:lat']} {said['geo:long']}")
    if "gml:lower" in said and "gml:upper" in said:
        shapes.append(f"{said['gml:lower']} {said['gml:upper']}")
    middle = next(filter(None, map(_middle, shapes)), None)
    if middle is None:
        return Geo(name=name) if name else None
    return Geo(latitude=middle[0], longitude=middle[1], name=name)


def _middle(text: str) -> tuple[float, float] | None:
    """The middle of "45.2 -71.9 …"; a third number alone is a height or a radius. None when one is out of range."""
    try:
        numbers = [float(word) for word in islice(text.replace(",", " ").split(None, _MOST), _MOST)]
    except ValueError:
        return None
    numbers = numbers[:2] if len(numbers) == 3 else numbers
    latitudes, longitudes = numbers[::2], numbers[1::2]
    if not numbers or len(longitudes) < len(latitudes) or not _within(latitudes, 90) or not _within(longitudes, 180):
        return None
    if max(longitudes) - min(longitudes) > 180:  # around the back of the world
        longitudes = [degrees % 360 for degrees in longitudes]
    longitude = (min(longitudes) + max(longitudes)) / 2
    return (min(latitudes) + max(latitudes)) / 2, longitude - 360 if longitude > 180 else longitude


def _within(degrees: list[float], limit: int) -> bool:
    return all(-limit <= one <= limit for one in degrees)
