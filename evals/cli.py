"""``frontline eval``: ask suites, score what was answered, and stop what is worse. Each command is imported
when it is named, so that the others start quickly.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "agreement": "evals.commands.labelling:agreement_command",
    "baseline": "evals.commands.gating:baseline_command",
    "compare": "evals.commands.gating:compare_command",
    "feedback": "evals.commands.feedback:group",
    "gate": "evals.commands.gating:gate_command",
    "generate": "evals.commands.running:generate_command",
    "inspect": "evals.commands.trying:inspect_command",
    "judge": "evals.commands.judging:judge_command",
    "label": "evals.commands.labelling:label_command",
    "label-import": "evals.commands.labelling:import_command",
    "label-sheet": "evals.commands.labelling:sheet_command",
    "list": "evals.commands.running:list_command",
    "live": "evals.commands.trying:live_command",
    "optimise": "evals.commands.trying:optimise_command",
    "quality": "evals.commands.quality:quality_command",
    "robustness": "evals.commands.trying:robustness_command",
    "run": "evals.commands.running:run_command",
    "runs": "evals.commands.running:runs_command",
    "score": "evals.commands.running:score_command",
    "trial": "evals.commands.trials:group",
}
"""Command → where it is."""


class Commands(click.Group):
    """A group whose commands are imported when they are first named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None


@click.group("eval", cls=Commands, short_help="Measure how good the answers are, offline.")
def group() -> None:
    """Suites of questions with known answers. Answers are stored, then scored; scoring needs no model."""
