"""Why an item of a document is not given: the closed list."""

from enum import StrEnum

from feeds.model import Problem

MAX_ITEMS = 10_000


class Reason(StrEnum):
    """A word of `Problem.reason`."""

    EMPTY = "empty item"  # says nothing at all
    TOO_MANY = "too many items"  # beyond the first 10,000
    CUT_OFF = "cut off"  # the document ends inside it
    ANOTHER_SITE = "another site"  # a sitemap index names one that is not its own site's
    NO_NEWS = "no news"  # a sitemap lists a page, beside others with news
    NOT_AN_OBJECT = "not an object"  # JSON Feed: an item that is no object


REASONS: frozenset[str] = frozenset(Reason)


def too_many(count: int) -> tuple[Problem, ...]:
    """One problem for each item beyond the bound, so that the sums agree; itself bounded."""
    surplus = range(MAX_ITEMS, min(count, 2 * MAX_ITEMS))
    detail = f"{count} items in the document"
    return tuple(Problem(reason=Reason.TOO_MANY, position=position, detail=detail) for position in surplus)
