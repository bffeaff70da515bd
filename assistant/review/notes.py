"""Why: a ruling that only the two people concerned hear of is given again next week. Its wording becomes a note:
dated, owned, expiring, found by search beside the guidance, and always shown as "not policy".

Notes are a folder of Markdown files made from the ledger. It can be thrown away and made again: nothing is in it
that is not in a ruling.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answers import Answer
from assistant.record import entry_of, read
from assistant.review.reviews import Reviews
from assistant.review.words import Review, Ruling

if TYPE_CHECKING:
    from governance.ledger import Ledger
    from ingest.report import Report
    from ingest.sync import Ingestor

SOURCE = "notes"
"""Name of the source, so that notes are told from everything else."""
FOLDER = "notes"
"""Where the files lie, in the data directory."""


def write_notes(reviews: Reviews, ledger: Ledger, data_dir: Path) -> Path:
    """Make the folder of notes what the rulings say; gives the folder. Raises OSError where the disk is full."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {}
    for review, ruling in reviews.rulings():
        if ruling.wording:
            answer = read(entry_of(ledger, review.answer_id))
            wanted[f"{review.id}.md"] = note(review, ruling, answer)
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        file = folder / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            scratch = file.with_suffix(".writing")
            scratch.write_text(text, encoding="utf-8")
            scratch.replace(file)
    return folder


def publish(reviews: Reviews, ledger: Ledger, data_dir: Path, ingestor: Ingestor) -> Report:
    """Bring the notes to what the rulings say and take them in. Raises what ``Ingestor.run`` raises."""
    from ingest.sources import Folder

    return ingestor.run(Folder(write_notes(reviews, ledger, data_dir), name=SOURCE), allow_empty=True)


def note(review: Review, ruling: Ruling, answer: Answer) -> str:
    """One ruling as a document: front matter that dates, places and owns it, then the expert's words."""
    about = {
        "title": f"Note: {answer.question}",
        "uri": f"note:{review.id}",
        "kind": "note",
        "publisher": f"Expert {ruling.by}",
        "valid_from": ruling.at.date().isoformat(),
        "valid_to": ruling.valid_to.isoformat() if ruling.valid_to else "",
        "review_due": ruling.valid_to.isoformat() if ruling.valid_to else "",
        "published_at": ruling.at.date().isoformat(),
        "nations": [answer.nation.value] if answer.nation else "",
        "notice": "A note made from an expert's ruling. It is not policy.",
    }
    front = "\n".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in about.items() if value
    )
    return f"---\n{front}\n---\n\n# {about['title']}\n\n{ruling.wording}\n"
