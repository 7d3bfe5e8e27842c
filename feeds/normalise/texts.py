"""What items say, as clean HTML and as plain text."""

from collections.abc import Sequence
from typing import NamedTuple

from feeds.model import Text
from feeds.normalise.markup import clean_all, plain_text, text_of
from feeds.normalise.mend import decoded_right, references_once, unescaped_once_more, with_paragraphs
from feeds.normalise.tails import text_without_tails, with_mark, without_home, without_tails

_NOTHING = " \n.…-–—*•·"


class Cleaned(NamedTuple):
    """Both forms of one text; no HTML of what has no markup, and both "" when nothing was said."""

    markup: str = ""
    text: str = ""


def cleaned(said: Sequence[Text | None], bases: Sequence[str]) -> list[Cleaned]:
    """Both forms of each text, whose relative links are relative to its base.

    A step for all of them after the other: what one step runs through (an HTML parser, a dozen expressions) is far
    more than a processor keeps at hand, so that text by text each step would begin in the cold. A fifth of the time of
    normalising.
    """
    right = [_decoded(one) for one in said]
    plain = [plain_text(one) if one else "" for one in right]
    marked = [place for place, text in enumerate(plain) if text is None]
    found = [Cleaned("", _tidied(text) if text else "") for text in plain]
    read = _read([one.value for place in marked if (one := right[place])], [bases[place] for place in marked])
    for place, forms in zip(marked, read, strict=True):
        found[place] = forms
    return found


def _decoded(said: Text | None) -> Text | None:
    """What was said, spelt as its author did; None when that is nothing."""
    if said is None or not said.value:
        return None
    value = decoded_right(said.value)
    return said if value is said.value else Text(value=value, type=said.type)


def _read(markups: Sequence[str], bases: Sequence[str]) -> list[Cleaned]:
    """Both forms of what has markup; no HTML where none of it may be published."""
    contents = clean_all([with_paragraphs(one) for one in markups], bases)
    contents = [without_home(references_once(one), base) for one, base in zip(contents, bases, strict=True)]
    contents = [without_tails(one) for one in contents]
    texts = [_without_nothing(with_mark(text_of(one))) for one in contents]
    return [Cleaned(one if "<" in one else "", text) for one, text in zip(contents, texts, strict=True)]


def _tidied(text: str) -> str:
    return _without_nothing(text_without_tails(unescaped_once_more(text)))


def _without_nothing(text: str) -> str:
    return text if text.strip(_NOTHING) else ""
