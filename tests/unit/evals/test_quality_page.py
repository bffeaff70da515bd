"""The page of quality cannot drift from its figures."""

from __future__ import annotations

from pathlib import Path

from evals.quality import Quality, render

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_of_quality_is_what_the_command_writes_of_its_figures() -> None:
    page, figures = ROOT / "docs" / "quality.md", ROOT / "docs" / "quality.json"
    assert page.read_text(encoding="utf-8") == render(
        Quality.model_validate_json(figures.read_text(encoding="utf-8"))
    )
