"""Writes a paper from facts; without figures it is the draft of a configuration."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined

from assistant.papers.facts import Facts, Figures

PAPERS = {
    "atrs": "Algorithmic Transparency Recording Standard: draft record",
    "dpia": "Data protection impact assessment: evidence",
}
"""Paper → its title."""


def write(paper: str, facts: Facts, figures: Figures | None = None) -> str:
    """The paper in Markdown. ``paper`` is one of ``PAPERS``."""
    text = files("assistant.papers").joinpath(f"{paper}.md.jinja").read_text(encoding="utf-8")
    environment = Environment(  # noqa: S701 - Markdown, not HTML
        loader=DictLoader({paper: text}), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template(paper).render(title=PAPERS[paper], facts=facts, figures=figures)
