"""Item to article: the same for every format. Pure; total: no item makes it raise."""

from feeds.normalise.article import normalise, normalise_all
from feeds.normalise.identity import digest

__all__ = ["digest", "normalise", "normalise_all"]
