"""The doors that bring things in: responses for requests, within bounds."""

from feeds.fetch.bounds import Limits
from feeds.fetch.hops import FEED_TYPES
from feeds.fetch.http import Fetcher

__all__ = ["FEED_TYPES", "Fetcher", "Limits"]
