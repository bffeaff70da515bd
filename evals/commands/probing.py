"""Measuring one part: the support checker on claims, redaction on marked texts."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from assistant.cli.output import Output, plain
from assistant.settings import Settings
from evals.commands.running import progress
from evals.commands.saying import metric_table
from evals.probes import grounding, grounding_metrics, redaction, redaction_metrics
from evals.results import write_lines, write_whole
from evals.store import METRICS_CSV, metrics_csv
from governance.errors import OptionInvalid


def run_probe(output: Output, name: str, *, data: Path | None, out: Path | None, most: int) -> int:
    """Measure a part, keep the rows and figures, and say them."""
    if data is None:
        raise OptionInvalid(
            f"{name} is read from a folder of third-party data.",
            do=f"frontline eval run {name} --data FOLDER",
        )
    from assistant.app import build

    settings = Settings.load()
    folder = out or settings.data_dir / "evaluations" / f"probe-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    assistant = build(settings)
    try:
        with progress(output, f"Measuring {name}") as done:
            if name == "grounding":
                claims = grounding(assistant, data, most=most, done=done)
                write_lines(folder / "rows.jsonl", claims)
                metrics = grounding_metrics(claims)
            else:
                found = redaction(assistant.redactor, data, done=done)
                write_lines(folder / "rows.jsonl", found)
                metrics = redaction_metrics(found)
    finally:
        assistant.close()
    document = {"probe": name, "metrics": [plain(m) for m in metrics], "folder": str(folder)}
    write_whole(folder / "probe.json", json.dumps(document, indent=1) + "\n")
    write_whole(folder / METRICS_CSV, metrics_csv(document["metrics"]))

    def say(console: Console) -> None:
        console.print(metric_table(metrics))
        console.print(f"Rows: {folder / 'rows.jsonl'}")

    output.document(document, say)
    return 0
