"""Why: a checkpoint that a witness signed is worth keeping beside the ledger: with it, a ledger that lost its end, or was
put back from yesterday, betrays itself. The witness keeps its own.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from governance.storage import make_folder

FOLDER = "witnessed"


def keep_note(data_dir: Path, note: str) -> Path:
    """Keep a cosigned checkpoint; the same one twice is kept once. Raises ``StorageUnwritable``."""
    folder = data_dir / FOLDER
    make_folder(folder)
    name = f"{int(note.split(chr(10))[1]):012d}-{hashlib.sha256(note.encode()).hexdigest()[:12]}.note"
    path = folder / name
    path.write_text(note, encoding="utf-8")
    return path


def kept_notes(data_dir: Path) -> list[str]:
    """Every cosigned checkpoint that was kept, the smallest ledger first."""
    folder = data_dir / FOLDER
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.note"))]
