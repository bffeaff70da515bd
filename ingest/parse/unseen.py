"""Why: instructions to a model travel where a person does not look, so what is hidden in a file is kept apart from its
text and shown to whoever decides about the file.

Invisible characters are taken out wherever text is cleaned; while ``watching``, what was taken out is looked at too.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from contextvars import ContextVar

from ingest.documents import Unseen

LONGEST = 2_000
"""Most characters kept of one hidden text."""
MOST = 200
"""Most hidden texts kept of one file."""
_TAGS = re.compile("[\U000e0020-\U000e007f]+")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f")
"""A flag of a part of a country is written with a few tag characters."""
_RUN = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff]{6,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_TURNED = re.compile("[\u202d\u202e]")
_watched: ContextVar[list[Unseen] | None] = ContextVar("watched", default=None)


@contextlib.contextmanager
def watching() -> Iterator[list[Unseen]]:
    """Collects what is hidden in invisible characters of every text that is cleaned inside."""
    seen: list[Unseen] = []
    token = _watched.set(seen)
    try:
        yield seen
    finally:
        _watched.reset(token)


def note(text: str) -> None:
    """Look at a text that holds invisible characters, before they are taken out."""
    seen = _watched.get()
    if seen is None or len(seen) >= MOST:
        return
    plain = _FLAG.sub("", text)
    tags = "".join(_TAGS.findall(plain))
    if tags:
        seen.append(Unseen("tag characters", "".join(chr(ord(c) - 0xE0000) for c in tags)[:LONGEST]))
    for kind, pattern in (
        ("a run of invisible characters", _RUN),
        ("characters that turn text round", _TURNED),
    ):
        found = pattern.search(plain)
        if found:
            near = plain[max(0, found.start() - 60) : found.end() + 60]
            seen.append(Unseen(kind, "".join(c for c in near if c.isprintable())[:LONGEST]))
