"""config/copydesk.toml -> Config, with errors that name file and key.

pydantic is imported when a file is loaded, not before: `copydesk --help` needs none of it.
"""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from feeds.config.values import Config, Polling, Secrets

__all__ = ["Config", "Polling", "Secrets", "load", "schema", "template"]


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """The configuration in a TOML file; raises ConfigError with every problem in it.

    `${NAME}` in store.url and in a source's url and headers is taken from `environ`; a key with `_file` at its end
    (`url_file`, `Authorization_file`) names a file that holds the value.
    """
    from feeds.config.reader import load as load_file

    return load_file(path, environ)


def schema() -> dict[str, Any]:
    """The JSON Schema by which an editor completes and checks the file."""
    from feeds.config.tables import schema as schema_of_tables

    return schema_of_tables()


def template() -> str:
    """The text of a first configuration, with every key explained; it can be loaded as it is."""
    return files(__package__).joinpath("template.toml").read_text("utf-8")
