"""Makes a folder of guidance-like documents of a stated size, the same every time, for the ingest benchmarks.

Words are those of ``../shared/data`` (pages, rule texts, outcomes, encyclopaedia paragraphs), each paragraph used
once; where more is asked for than there is, paragraphs come again with a numbered sentence, so that no two
documents say the same. Run ``python benchmarks/ingest/corpus.py FOLDER --passages 3000`` from the checkout.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
WORDS_A_PASSAGE = 128
"""Words in a passage of about 170 tokens."""
PASSAGES_A_DOCUMENT = 6
SEED = 20260401
_UNFIT = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]|(?i:\bborn\b|@|twitter)")
"""Bytes of files that their scraper took for text, and what the door is there to stop: other people's dates of birth,
addresses and numbers of their messages."""


def paragraphs() -> list[str]:
    """Every paragraph of 12 to 150 words, in a seeded order."""
    found: dict[str, None] = {}
    for text in _texts():
        for part in re.split(r"\n\s*\n|\n(?=[A-Z])", text):
            said = " ".join(re.sub(r"[#*\[\]|<>`_{}]+", " ", part).split())
            if 12 <= len(said.split()) <= 150 and not _UNFIT.search(said):
                found[said] = None
    kept = list(found)
    random.Random(SEED).shuffle(kept)
    return kept


def write(folder: Path, passages: int) -> int:
    """Write documents worth about so many passages; how many documents there are."""
    folder.mkdir(parents=True, exist_ok=True)
    given = _endless(paragraphs())
    documents = max(1, round(passages / PASSAGES_A_DOCUMENT))
    for number in range(documents):
        lines = [f"# Guidance {number}: {_title(next(given))}"]
        for section in range(PASSAGES_A_DOCUMENT):
            lines.append(f"## Part {section + 1}: {_title(next(given))}")
            words = 0
            while words < WORDS_A_PASSAGE * 0.8:
                said = next(given)
                lines.append(said)
                words += len(said.split())
        (folder / f"d{number:06}.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return documents


def change(folder: Path, share: float) -> int:
    """Change one sentence in each of a share of the passages; how many were changed.

    One passage a document, in so many documents (spread evenly) that they are that share of all passages.
    """
    files = sorted(folder.glob("*.md"))
    wanted = max(1, round(len(files) * PASSAGES_A_DOCUMENT * share))
    chosen = [files[n * len(files) // wanted] for n in range(wanted)]
    for number, file in enumerate(chosen):
        lines = file.read_text(encoding="utf-8").split("\n\n")
        lines[2] = f"From 6 April, case {number}. {lines[2]}"
        file.write_text("\n\n".join(lines), encoding="utf-8")
    return len(chosen)


def _endless(given: list[str]) -> Iterator[str]:
    yield from given
    turn = 1
    while True:
        yield from (f"Paragraph {turn}.{n} repeats the rule. {said}" for n, said in enumerate(given))
        turn += 1


def _title(said: str) -> str:
    return " ".join(said.split()[:5]).rstrip(".,;:")


def _texts() -> Iterator[str]:
    for page in sorted((DATA / "guidance" / "pages").glob("*.md")):
        yield page.read_text(encoding="utf-8", errors="replace")
    for name, fields in (
        ("retrieval/or_sharc/docs.jsonl", ("text",)),
        ("answers/smart_answers_outcomes.jsonl", ("text",)),
        ("answers/clapnq.jsonl", ("passage", "passages", "context", "answers")),
        ("grounding/wice.jsonl", ("evidence_text",)),
        ("grounding/expertqa.jsonl", ("evidence_text", "claim")),
    ):
        path = DATA / name
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            row = json.loads(line)
            yield from (row[field] for field in fields if isinstance(row.get(field), str))
    for page in sorted((ROOT / "sample_guidance" / "documents").rglob("*.md")):
        yield page.read_text(encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=3000)
    given = parser.parse_args()
    print(f"{write(given.folder, given.passages)} documents in {given.folder}")
