"""The operator's commands: migrate, backup, restore."""

from pathlib import Path

import click

from feeds.cli.common import config_option, json_option, load_config, print_json, say


@click.command(short_help="Create or upgrade the store's tables.")
@config_option
@json_option
def migrate(config_file: Path | None, as_json: bool) -> None:
    """Create the store's tables, or bring them to this release's schema. SQLite is copied first."""
    from feeds.store import migrate as migrate_store
    from feeds.store.workers import worker_name

    sentence = migrate_store(load_config(config_file).store_url, worker_name())
    _tell(sentence, as_json)


@click.command(short_help="Copy the store into one file, also while it is in use.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@json_option
def backup(file: Path, config_file: Path | None, as_json: bool) -> None:
    """Write a whole copy of the store to FILE, also while a daemon runs. FILE must not exist yet."""
    from feeds.app import opened
    from feeds.store import backup as backup_store

    with opened(load_config(config_file), create=False) as app:
        backup_store(app.store, file)
    _tell(f"wrote {file}: {file.stat().st_size:,} bytes; `copydesk restore {file}` brings it back", as_json)


@click.command(short_help="Fill an empty store from a backup.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@config_option
@json_option
def restore(file: Path, config_file: Path | None, as_json: bool) -> None:
    """Fill an absent or empty store from a backup; then `copydesk regenerate` gives the same files again."""
    from feeds.store import restore as restore_store
    from feeds.store.workers import worker_name

    config = load_config(config_file)
    restore_store(file, config.store_url, worker_name())
    _tell(f"restored {file}; run `copydesk regenerate` to write the pages and feeds", as_json)


def _tell(sentence: str, as_json: bool) -> None:
    if as_json:
        print_json({"done": sentence})
    else:
        say(sentence)
