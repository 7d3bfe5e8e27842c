"""What is wrong with a file, as sentences: file, key, what to do; in the order of the file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin

from feeds.config.checks import did_you_mean, shown

Loc = tuple[str | int, ...]  # keys and places in lists, from the top

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHAPES = {
    "string_type": 'must be text, in quotes: "…"',
    "int_type": "must be a whole number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "list_type": 'must be a list, as ["…"]',
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
}


class Problem(NamedTuple):
    """Where something is wrong, and a sentence that follows the key."""

    loc: Loc
    sentence: str


def sentences(path: Path, data: Mapping[str, Any], problems: Iterable[Problem]) -> tuple[str, ...]:
    """The problems as `FILE: KEY: SENTENCE`, each once."""
    places = {loc: place for place, loc in enumerate(_walk(data, ()))}

    def place(problem: Problem) -> int:
        return next((places[problem.loc[:n]] for n in range(len(problem.loc), -1, -1) if problem.loc[:n] in places), 0)

    ordered = sorted(problems, key=place)
    return tuple(dict.fromkeys(f"{path}: {_key(loc)}{sentence}" for loc, sentence in ordered))


def _walk(value: object, loc: Loc) -> Iterator[Loc]:
    yield loc
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _walk(child, (*loc, key))


def _key(loc: Loc) -> str:
    """The dotted key, as one would write it in the file, and a colon."""
    key = ""
    for step in loc:
        if isinstance(step, int):
            key += f"[{step + 1}]"
        else:
            key += ("." if key else "") + (step if _BARE_KEY.fullmatch(step) else shown(step))
    return f"{key}: " if key else ""


def from_pydantic(errors: Iterable[Mapping[str, Any]], shape: type) -> Iterator[Problem]:
    """The errors of pydantic over a table of this shape, as our sentences."""
    for error in errors:
        loc: Loc = tuple(error["loc"])
        if loc and loc[-1] == "[key]":
            loc = loc[:-1]
        yield Problem(loc, _sentence(error, shape, loc))


def _sentence(error: Mapping[str, Any], shape: type, loc: Loc) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"is no key that Copydesk knows{did_you_mean(str(loc[-1]), _keys_at(shape, loc[:-1])) or '; remove it'}"
    if kind == "missing":
        return "is missing; add it"
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        words = [word.strip("' ") for word in re.split(", | or ", context["expected"])]
        said = str(error["input"])
        return f"{shown(said)} must be one of {', '.join(map(shown, words))}{did_you_mean(said, words)}"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        return f"{error['input']} is out of bounds; write {bound} or {'more' if 'ge' in context else 'less'}"
    return _SHAPES.get(kind, f"cannot be used ({error['msg'].lower()}); correct it")


def _keys_at(shape: Any, loc: Loc) -> list[str]:
    """The keys of the table at this place."""
    for step in loc:
        shape = get_args(shape)[1] if get_origin(shape) is dict else shape.model_fields[step].annotation
    keys = list(shape.model_fields)
    return [*keys, "url_file"] if "url" in keys else keys
