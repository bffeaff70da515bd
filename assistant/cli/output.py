"""Why: people and scripts read the same command; one place decides which of the two is written to."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import click
from pydantic import TypeAdapter
from rich.console import Console

from governance.errors import FrontlineError

T = TypeVar("T")


def plain(value: Any) -> Any:
    """A dataclass or model as JSON values: dates in ISO form, tuples as lists, names as they are in code."""
    return TypeAdapter(type(value)).dump_python(value, mode="json")


@dataclass(frozen=True)
class Output:
    """Where a command writes: one JSON document, or text for people."""

    json: bool = False

    def document(self, document: Mapping[str, Any], say: Callable[[Console], None]) -> None:
        """The command's one result: as JSON on stdout, or in words by ``say``."""
        if self.json:
            click.echo(jsonlib.dumps(document, ensure_ascii=False, indent=2))
            sys.stdout.flush()  # a command that runs on (serve) has said what it has to say
        else:
            say(Console(highlight=False, soft_wrap=True))

    def line(self, document: Mapping[str, Any]) -> None:
        """One document a line, for commands that answer many questions."""
        click.echo(jsonlib.dumps(document, ensure_ascii=False))

    @property
    def notes(self) -> Console:
        """Progress and remarks: always stderr."""
        return Console(stderr=True, highlight=False, soft_wrap=True)


def report(error: FrontlineError, output: Output) -> int:
    """Write one error and return the exit status it asks for."""
    if output.json:
        click.echo(jsonlib.dumps({"error": error.as_dict()}, ensure_ascii=False, indent=2))
    click.echo(f"{error.message} [{error.code}]", err=True)
    if error.do:
        click.echo(error.do, err=True)
    return error.exit_code


def with_output(command: Callable[..., T]) -> Callable[..., T]:
    """Add ``--json`` to a command and hand it an ``Output`` as its first argument."""

    @click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
    @wraps(command)
    def wrapped(*args: Any, as_json: bool, **kwargs: Any) -> T:
        return command(Output(json=as_json), *args, **kwargs)

    return wrapped
