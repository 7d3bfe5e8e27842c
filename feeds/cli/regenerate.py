"""Writing every file again: `regenerate`."""

from pathlib import Path

import click

from feeds.cli.common import check_names, config_option, json_option, load_config, print_json, progress, set_up_logging
from feeds.cli.report import exit_code, tell_published


@click.command(short_help="Write every file again from the store.")
@click.argument("sections", nargs=-1, metavar="[SECTION]...")
@config_option
@json_option
def regenerate(sections: tuple[str, ...], config_file: Path | None, as_json: bool) -> None:
    """Write every file again from the store, without the network, or the files of the sections named.

    Files whose bytes are the same are not touched. Not beside a daemon: it does this by itself when need be.
    """
    from feeds.app import opened
    from feeds.sections import ALL

    config = load_config(config_file)
    check_names(sections, [*(s.name for s in config.sections), ALL], "section")
    set_up_logging(config.secrets.mask)
    with opened(config, create=False) as app, app.publishing():
        app.output.tidy()
        app.register()
        with progress(0, "rendering") as step:
            published = app.publish(sections, regenerate=True, progress=step)
    if as_json:
        print_json({"published": published})
    else:
        tell_published(published, config.output)
    raise click.exceptions.Exit(exit_code([], published))
