"""Why: real guidance comes as web pages, Word files and PDF, so some of the sample must too, and what is
published must say the same as the Markdown it is written in.

``python -m sample_guidance.publish`` renders ``sources/<topic>/<slug>.md`` to ``documents/<topic>/``: the
format stands in ``FORMATS``. The same source gives the same bytes on the same release of the libraries.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import yaml

from sample_guidance import as_page, as_print, as_word
from sample_guidance.source import Guide, read

HERE = Path(__file__).resolve().parent
FORMATS = {
    "health/access-to-work": "pdf",
    "housing/housing-benefit": "html",
    "jobseekers/new-style-jsa": "html",
    "pension-age/pension-credit": "docx",
    "pip/daily-living-activities": "html",
    "pip/points-and-scoring": "pdf",
    "pip/special-rules-end-of-life": "docx",
    "procedures/appointees-and-third-parties": "docx",
    "procedures/home-visits": "docx",
    "scotland/adult-disability-payment": "pdf",
}
"""Which source is published as what."""
RENDERERS: dict[str, Callable[[Guide], bytes]] = {
    "html": as_page.render,
    "docx": as_word.render,
    "pdf": as_print.render,
}


def publish(sources: Path, documents: Path) -> list[Path]:
    """Render every source in ``FORMATS`` below ``documents``; returns the files written.

    Raises FileNotFoundError for a source that is not there. A file takes the place of its earlier version
    whole or not at all.
    """
    written = []
    for slug, form in FORMATS.items():
        guide = read(sources / f"{slug}.md", slug)
        target = documents / f"{slug}.{form}"
        written.append(_write(target, RENDERERS[form](guide)))
        if form != "html":
            beside = yaml.safe_dump(guide.fields, sort_keys=False, allow_unicode=True, width=100)
            written.append(_write(target.with_name(f"{target.name}.meta.yaml"), beside.encode()))
    return written


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(data)
    return half.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """Publish beside the sources, or into another folder."""
    parser = argparse.ArgumentParser(prog="python -m sample_guidance.publish", description=__doc__)
    parser.add_argument("--into", type=Path, default=HERE / "documents", help="folder to publish into")
    written = publish(HERE / "sources", parser.parse_args(arguments).into)
    sys.stdout.write("".join(f"{path}\n" for path in written))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
