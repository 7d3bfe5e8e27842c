"""The sources that the tests of decisions are about."""

from tests.newsroom import source

SOURCES = {
    s.name: s
    for s in (
        source("gazette"),
        source("herald"),
        source("alone", dedupe=False),
        source("world", url="https://feeds.daily.example.com/world.xml"),
        source("sport", url="https://daily.example.com/sport.xml"),
        source("burner", url="https://feeds.reader.example.org/burner"),
    )
}
PAGE = "https://www.daily.example.com/a"
