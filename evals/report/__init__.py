"""One self-contained HTML page per run or comparison: no network, no script, plots as SVG with their table beside."""

from evals.report.pages import comparison_page, run_page

__all__ = ["comparison_page", "run_page"]
