"""Values of both kinds, dataclasses and msgspec's structs, as one."""

import dataclasses
from typing import Any

from msgspec import Struct, structs


def replace(value: Any, /, **changes: Any) -> Any:
    """The value with other fields."""
    return (structs if isinstance(value, Struct) else dataclasses).replace(value, **changes)


def names(value: Any) -> tuple[str, ...]:
    """The names of a value's (or its type's) fields; none for what is neither."""
    if hasattr(value, "__struct_fields__"):
        return value.__struct_fields__
    return tuple(field.name for field in dataclasses.fields(value)) if dataclasses.is_dataclass(value) else ()
