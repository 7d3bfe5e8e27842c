"""Many values at once, as one parameter: SQLAlchemy's `in_` writes out, and compiles, a parameter for each."""

import json
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Dialect, Table, any_, func, insert, literal, select

CHUNK = 5000  # whole rows to a statement: what is read at once stays small


def among(connection: Connection, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """The condition that a column is one of the values, on either engine."""
    ordered = sorted(values)
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(ordered)).table_valued("value").c.value))
    return column == any_(literal(ordered, ARRAY(column.type)))


@lru_cache(maxsize=100)
def inserting(dialect: Dialect, table: Table, columns: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """(the statement that inserts these columns, their order where the driver takes tuples; else empty).

    For the driver itself: on the way there SQLAlchemy handles every parameter of every row once more.
    """
    compiled = insert(table).compile(dialect=dialect, column_keys=sorted(columns))
    return str(compiled), tuple(getattr(compiled, "positiontup", None) or ())


def batched_sorted(values: Collection[Any]) -> Iterator[list[Any]]:
    """The values in order, in chunks."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
