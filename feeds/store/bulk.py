"""Many values at once, as one parameter: SQLAlchemy's `in_` writes out, and compiles, a parameter for each."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, any_, func, literal, select

CHUNK = 5000  # whole rows to a statement: what is read at once stays small


def among(connection: Connection, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """The condition that a column is one of the values, on either engine."""
    ordered = sorted(values)
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(ordered)).table_valued("value").c.value))
    return column == any_(literal(ordered, ARRAY(column.type)))


def batched_sorted(values: Collection[Any]) -> Iterator[list[Any]]:
    """The values in order, in chunks."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
