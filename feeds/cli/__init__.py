"""The command line: the only room that prints. Results on stdout, logs on stderr."""

import importlib
import keyword
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import click

from feeds import __version__
from feeds.cli.common import EXIT_CONFIG, EXIT_INTERRUPTED, EXIT_LOCKED, EXIT_PARTIAL, EXIT_UNABLE
from feeds.errors import ConfigError, CopydeskError, LockedError, RefusedError, SourceError
from feeds.memory import collect_seldom

COMMANDS = {
    "demo": "demo",
    "poll": "run",
    "daemon": "run",
    "regenerate": "regenerate",
    "status": "status",
    "explain": "explain",
    "split": "edit",
    "join": "edit",
    "rehearse": "rehearse",
    "inspect": "inspect",
    "check": "setup",
    "init": "setup",
    "add": "add",
    "import": "opml",
    "export": "opml",
    "migrate": "store",
    "backup": "store",
    "restore": "store",
}


class Commands(click.Group):
    """Commands by name; a command's module is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"feeds.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name + "_" * keyword.iskeyword(cmd_name))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, with a guess at what was meant where there is none."""
        from difflib import get_close_matches

        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            close = get_close_matches(args[0], COMMANDS, 1)
            hint = f"; did you mean {close[0]}?" if close else "; see copydesk --help"
            ctx.fail(f"no such command: {args[0]}{hint}")
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `copydesk demo` (no internet needed), then `copydesk init`. Exit codes: 0 done; 1 a section "
    "could not be published, or every source failed; 2 wrong command line or configuration; 3 cannot work (store, "
    "output); 4 another copydesk holds the lock; 130 interrupted.",
)
@click.version_option(__version__, prog_name="copydesk")
def group() -> None:
    """Polls news sources, sees through duplicates, publishes a feed and pages per section."""


def main() -> NoReturn:
    """Runs the command line and ends the process."""
    signal.signal(signal.SIGTERM, _interrupt)
    collect_seldom()
    sys.exit(execute(sys.argv[1:]))


def execute(arguments: Sequence[str]) -> int:
    """Runs a command; an error becomes one sentence on stderr and an exit code."""
    try:
        return group.main(list(arguments), prog_name="copydesk", standalone_mode=False) or 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _ended("interrupted; what was read until then is stored", EXIT_INTERRUPTED)
    except click.UsageError as error:
        return _ended(error.format_message().rstrip(".") + _hint(error), EXIT_CONFIG)
    except CopydeskError as error:
        return _ended(_sentence(error), _code(error))


def _sentence(error: CopydeskError) -> str:
    """One line, whatever a database's driver has said; a configuration's problems have a line each."""
    return str(error) if isinstance(error, ConfigError) else " ".join(str(error).split())


def _hint(error: click.UsageError) -> str:
    """Where a command's options stand, for an error in one of them."""
    inside = type(error) is not click.UsageError and error.ctx is not None and error.ctx.parent is not None
    return f" (copydesk {error.ctx.info_name} --help)" if inside and error.ctx else ""


def _ended(sentence: str, code: int) -> int:
    click.echo(f"copydesk: {sentence}", err=True)
    return code


def _code(error: CopydeskError) -> int:
    match error:
        case ConfigError() | RefusedError():
            return EXIT_CONFIG
        case SourceError():
            return EXIT_PARTIAL
        case LockedError():
            return EXIT_LOCKED
        case _:
            return EXIT_UNABLE


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
