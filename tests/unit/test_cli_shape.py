"""Every command keeps the promises of the command line: --json, help that says what it does."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from assistant.cli.main import frontline


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, name
            yield from leaves(found, (*path, name))
    else:
        yield " ".join(path), command


COMMANDS = dict(leaves(frontline))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_json_and_says_what_it_does(name: str) -> None:
    command = COMMANDS[name]
    options = {option for parameter in command.params for option in parameter.opts}
    assert "--json" in options
    assert command.help and command.help.strip().endswith(".")
    assert all(p.help for p in command.params if isinstance(p, click.Option) and not p.hidden)


def test_the_groups_of_the_packages_above_are_there() -> None:
    assert {"ask", "search", "ingest", "serve", "audit verify", "eval run", "models fetch"} <= set(COMMANDS)
