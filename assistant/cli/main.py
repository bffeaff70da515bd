"""Why: a command should start in a fraction of a second, so each is imported only when it is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import entry_points

import click

from assistant.cli.output import Output, report
from governance.errors import FrontlineError, InputError, OptionInvalid

COMMANDS: Mapping[str, str] = {
    "admin": "assistant.cli.admin:group",
    "ask": "assistant.cli.ask:ask",
    "audit": "assistant.cli.audit:group",
    "consent": "assistant.cli.consent:group",
    "egress": "assistant.cli.egress:group",
    "guidance": "assistant.cli.guidance:group",
    "ingest": "assistant.cli.ingest:ingest",
    "mcp": "assistant.cli.mcp:mcp",
    "models": "assistant.cli.models:group",
    "privacy": "assistant.cli.privacy:group",
    "review": "assistant.cli.review:group",
    "search": "assistant.cli.search:search",
    "serve": "assistant.cli.serve:serve",
}
"""Command → where it is. Packages above this one add theirs by the entry point ``frontline.commands``."""


class Commands(click.Group):
    """A group whose commands are imported when they are first named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order in which they are shown."""
        return sorted({*COMMANDS, *(point.name for point in entry_points(group="frontline.commands"))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name in COMMANDS:
            module, name = COMMANDS[cmd_name].split(":")
            command = getattr(import_module(module), name)
        else:
            found = list(entry_points(group="frontline.commands", name=cmd_name))
            command = found[0].load() if found else None
        return command if isinstance(command, click.Command) else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="frontline-assistant", prog_name="frontline")
def frontline() -> None:
    """Find the right guidance for the person in front of you, quoted from its source, and keep the record.

    Every command takes --json (one document on stdout; logs on stderr). Exit status: 0 done, 2 bad input
    or refused, 1 failed. Settings: FRONTLINE_… or frontline.toml, see docs/settings.md.
    """


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; errors come out once, in words or as one JSON document."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    output = Output(json="--json" in arguments or "--jsonl" in arguments)
    try:
        result = frontline.main(arguments, prog_name="frontline", standalone_mode=False)
    except FrontlineError as error:
        return report(error, output)
    except click.UsageError as error:
        where = f" See `{error.ctx.command_path} --help`." if error.ctx else ""
        return report(OptionInvalid(error.format_message(), do=f"Mend the command.{where}"), output)
    except click.ClickException as error:
        return report(InputError(error.format_message()), output)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; keep the interpreter from writing to the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return result if isinstance(result, int) else 0


def script() -> None:
    """Entry point of the console script."""
    sys.exit(main())
