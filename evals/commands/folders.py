"""A run is named by its folder, or by the name that ``frontline eval runs`` shows."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.settings import Settings
from evals.store import FOLDER


class RunFolder(click.ParamType[Path]):
    """A path, or the name of a run of the data directory."""

    name = "run"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The folder. A path that is there is taken first; what is neither stays as given, for the reader to refuse."""
        path = Path(value)
        if path.exists() or len(path.parts) != 1:
            return path
        kept = Settings.load().data_dir / FOLDER / path
        return kept if kept.is_dir() else path


RUN = RunFolder()
