"""Alembic, configured in code."""

from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from feeds.store.schema import metadata


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "feeds.store:migrations")
    return config


def known() -> set[str]:
    """Every revision that this release knows."""
    return {script.revision for script in _scripts().walk_revisions()}


def upgrade(engine: Engine, target: str = "head") -> None:
    """Brings a database to a revision, in one transaction."""
    scripts = _scripts()

    def steps(revision: str, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs(target, revision)

    with engine.begin() as connection, EnvironmentContext(_config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()
