"""Beyond one run: ``live``, ``robustness``, ``inspect``, ``optimise``."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings
from evals.commands.entering import enter
from evals.commands.folders import RUN
from evals.commands.running import DATA, WORKERS, progress
from evals.commands.saying import figure, metric_table
from evals.commands.suites import fitted_to, given_suite, suite_of
from evals.results import write_lines, write_whole
from governance.errors import OptionInvalid


@click.command("live")
@click.option(
    "--most",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="Budget: answers drawn at most.",
)
@click.option(
    "--hours",
    type=click.IntRange(1, 24 * 31),
    default=24,
    show_default=True,
    help="How far back to draw from.",
)
@click.option("--seed", type=int, help="Of the draw; by default the date.")
@with_output
def live_command(output: Output, most: int, hours: int, seed: int | None) -> None:
    """Score a sample of real answers whose people agreed to it; run it nightly. No question is kept."""
    from assistant.app import build
    from evals.live import metrics, sample

    settings = Settings.load()
    now = dt.datetime.now(dt.UTC)
    drawn_by = seed if seed is not None else now.toordinal()
    assistant = build(settings)
    try:
        found = sample(
            assistant,
            since=now - dt.timedelta(hours=hours),
            until=now,
            most=most,
            seed=drawn_by,
            actor="nightly",
        )
    finally:
        assistant.close()
    rows = metrics(found.results)
    document: dict[str, Any] = {
        "from": (now - dt.timedelta(hours=hours)).isoformat(timespec="seconds"),
        "until": now.isoformat(timespec="seconds"), "seed": drawn_by, "drawn": found.drawn, "refused": found.refused,
        "unscored": found.unscored, "scored": len(found.results), "metrics": [plain(m) for m in rows],
    }  # fmt: skip
    folder = settings.data_dir / "evaluations" / f"live-{now:%Y%m%d-%H%M%S}"
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(folder / "results.jsonl", found.results)
    write_whole(folder / "live.json", json.dumps(document, indent=1) + "\n")
    body = {k: document[k] for k in ("from", "until", "seed", "drawn", "refused", "unscored", "scored")}
    enter(settings, "evaluation.live", body, subject=folder.name)

    def say(console: Console) -> None:
        console.print(
            f"{found.drawn} answers drawn, {found.refused} not agreed to, {found.unscored} of guidance since gone, "
            f"{len(found.results)} scored"
        )
        console.print(metric_table(rows))

    output.document(document, say)


@click.command("robustness")
@click.argument("suite")
@DATA
@WORKERS
@click.option(
    "--most", type=click.IntRange(2), default=60, show_default=True, help="Cases put otherwise at most."
)
@with_output
def robustness_command(output: Output, suite: str, data: Path | None, workers: int, most: int) -> None:
    """Ask SUITE again with typing errors, in capitals, in synonyms, with a remark, and with passages reordered."""
    import tempfile

    from evals.generate import run
    from evals.results import Result, read_results
    from evals.robustness import PERTURBATIONS, REORDERED, Reordered, compare_perturbed, fit, perturbed
    from evals.workbench import Workbench, workbench

    settings = Settings.load()
    given = given_suite(suite, data)
    suite, texts = given.suite.name, given.texts
    with workbench(settings, texts=texts) as bench, tempfile.TemporaryDirectory() as scratch:

        def asked(name: str, cases: Any, using: Workbench) -> tuple[Result, ...]:
            folder = Path(scratch) / name.replace(" ", "-")
            with progress(output, f"{suite}, {name}") as done:
                run(using.make, cases, folder, source="robustness", workers=workers, done=done)
            return read_results(folder)

        plain_suite = fit(fitted_to(output, bench, given.suite, texts), most)
        before = asked("unchanged", plain_suite, bench)
        found = [
            compare_perturbed(name, before, asked(name, perturbed(plain_suite, name), bench))
            for name in PERTURBATIONS
        ]
        turned = Workbench(bench.settings, bench.first, Reordered)
        found.append(compare_perturbed(REORDERED, before, asked(REORDERED, plain_suite, turned)))
    document = {"suite": suite, "cases": len(plain_suite.cases), "perturbations": [plain(f) for f in found]}
    folder = settings.data_dir / "evaluations" / f"robustness-{suite}"
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "robustness.json", json.dumps(document, indent=1) + "\n")

    def say(console: Console) -> None:
        for f in found:
            a, c = f.alike, f.citations
            cost = f"; gold citation recall {c.old:.3f} → {c.new:.3f}" if c else ""
            console.print(f"{f.name}: {figure(a.mean)} alike ({figure(a.low)} to {figure(a.high)}){cost}")

    output.document(document, say)


@click.command("inspect")
@click.argument("folder", metavar="RUN", type=RUN)
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Log to write: .eval or .json.",
)
@with_output
def inspect_command(output: Output, folder: Path, to: Path) -> None:
    """Write RUN as a log that Inspect's viewer opens (extra: inspect)."""
    from evals.evaluate import evaluate
    from evals.inspect_export import export
    from evals.results import read_about, read_latency, read_results
    from evals.store import asked_at

    about, results = read_about(folder), read_results(folder)
    evaluation = evaluate(suite_of(about), results)
    n = export(about, evaluation, results, read_latency(folder), asked_at(folder), to)
    output.document({"log": str(to), "samples": n}, lambda console: console.print(f"{n} samples are in {to}"))


@click.command("optimise")
@DATA
@WORKERS
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the settings and their evidence.",
)
@click.option("--most", type=click.IntRange(10), help="Cases taken of each set at most; by default all.")
@with_output
def optimise_command(
    output: Output, data: Path | None, workers: int, out: Path | None, most: int | None
) -> None:
    """Sweep the weight of words and the threshold of abstention on third-party sets, with nested resampling."""
    if data is None:
        raise OptionInvalid(
            "Settings are chosen on third-party data.", do="frontline eval optimise --data FOLDER"
        )
    from evals.sweep import sweep

    settings = Settings.load()
    with progress(output, "Sweeping") as done:
        chosen = sweep(settings, data, most=most, workers=workers, done=done)
    folder = out or settings.data_dir / "evaluations" / "optimised"
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "chosen": [{**plain(c), "worth_it": c.worth_it} for c in chosen],
        "settings": {c.name: c.chosen if c.worth_it else c.current for c in chosen},
    }
    write_whole(folder / "optimised.json", json.dumps(document, indent=1) + "\n")
    enter(settings, "evaluation.optimised", {"settings": document["settings"]}, subject="optimised")

    def say(console: Console) -> None:
        for c in chosen:
            verdict = "worth it" if c.worth_it else "not beyond chance: keep the current one"
            console.print(
                f"{c.name}: {c.current} → {c.chosen}; {c.measure} {c.at_current:.3f}, honest gain {figure(c.gain.mean)} "
                f"({figure(c.gain.low)} to {figure(c.gain.high)}); {verdict}"
            )
        console.print(f"Settings and evidence: {folder / 'optimised.json'}")

    output.document(document, say)
