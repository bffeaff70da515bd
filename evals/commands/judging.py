"""``frontline eval judge``: let a chat model label answers as one more rater, once it was shown to agree with people."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from assistant.cli.output import Output, with_output
from assistant.labels import read_labels
from assistant.settings import Settings
from evals.commands.entering import enter
from evals.commands.folders import RUN
from evals.commands.running import progress
from evals.commands.saying import figure
from evals.people.judging import PROMPT, SCHEMA, VERDICTS, Judge, Verdict, judge_all, scores
from evals.people.yardstick import keep, measure, read_shown, require, to_judge
from evals.results import Result, read_results
from evals.statistics import cluster_bootstrap


@click.command("judge")
@click.argument("folder", metavar="RUN", type=RUN)
@click.option(
    "--shown-on",
    type=RUN,
    help="Run with labels on which this judge was measured; by default FOLDER itself.",
)
@with_output
def judge_command(output: Output, folder: Path, shown_on: Path | None) -> None:
    """Let the chat model of the settings judge RUN, once it was shown to agree with people."""
    settings = Settings.load()
    results = read_results(folder)
    labels = read_labels(folder)
    measured = to_judge(results, labels) if shown_on is None else []
    with judge_of(settings) as judge:
        if shown_on is None:
            verdicts = _asked(output, judge, measured, folder, "Measuring the judge")
            shown = measure(folder.name, results, labels, verdicts)
        else:
            shown = require(read_shown(shown_on), judge.model, judge.prompt.sha256)
        keep(folder, shown)
        if shown.lacks:
            _entered(settings, folder, shown.model, shown.kappa, shown.low, used=False)
            require(shown, judge.model, judge.prompt.sha256)
        verdicts = _asked(output, judge, results, folder, "Judging")
    _entered(settings, folder, shown.model, shown.kappa, shown.low, used=True)
    right = cluster_bootstrap(scores(verdicts), {r.case.id: r.case.family_id for r in results})

    def say(console: Console) -> None:
        console.print(f"{shown}.")
        console.print(
            f"Right by the judge: {figure(right.mean)} ({figure(right.low)} to {figure(right.high)}) of {right.n} answers"
        )
        console.print(
            f"Verdicts: {folder / VERDICTS}; frontline eval score {folder} shows them with the rest"
        )

    output.document(
        {
            "shown": shown.model_dump(mode="json"), "used": True, "verdicts": len(verdicts),
            "unread": sum(v.value is None for v in verdicts.values()),
            "right": {"n": right.n, "mean": right.mean, "low": right.low, "high": right.high},
        },
        say,
    )  # fmt: skip


@contextmanager
def judge_of(settings: Settings) -> Iterator[Judge]:
    """The chat model of the settings as a judge. Raises ``SettingInvalid`` where none is set or none may be reached."""
    from assistant.chat.prompt import current_prompt
    from assistant.chatting import Chatting
    from assistant.governing import open_ledger
    from assistant.reaching import egress_for
    from assistant.redaction import redactor_for

    with open_ledger(settings) as ledger:
        chatting = Chatting(settings, egress_for(settings, ledger), ledger)
        try:
            redactor = redactor_for(settings)
            chat = chatting.chat(SCHEMA)
            yield Judge(
                chatting.used().requested,
                current_prompt(PROMPT),
                chat,
                lambda text: redactor.redact(text).text,
            )
        finally:
            chatting.close()


def _asked(
    output: Output, judge: Judge, results: Sequence[Result], folder: Path, label: str
) -> dict[str, Verdict]:
    with progress(output, label) as done:
        return judge_all(judge, results, folder, done=done)


def _entered(
    settings: Settings, folder: Path, model: str, kappa: float | None, low: float | None, *, used: bool
) -> None:
    body = {
        "run": folder.name, "model": model, "kappa": kappa, "kappa_low": low, "used": used,
        "verdicts_sha256": hashlib.sha256((folder / VERDICTS).read_bytes()).hexdigest(),
    }  # fmt: skip
    enter(settings, "evaluation.judged", body, subject=folder.name)
