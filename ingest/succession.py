"""Why: which version of a document holds on a day must follow from what is stored, for any day asked about.

Versions of one document whose periods do not overlap stand side by side (last year's rates and this year's).
Where a new version's period overlaps an earlier one's, the new one takes its place from the day it came in:
asked as at a day before, the earlier one still answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ingest.documents import Metadata, Version


def overlaps(a: Metadata, b: Metadata) -> bool:
    """Whether two periods share a day."""
    first = dt.date.min
    last = dt.date.max
    return (a.valid_from or first) <= (b.valid_to or last) and (b.valid_from or first) <= (a.valid_to or last)


def succeed(
    versions: Iterable[Version], new: Version, replaced: str | None, today: dt.date
) -> Iterator[tuple[str, dt.date]]:
    """Versions that end because ``new`` came, each with the day from which it does not stand.

    ``replaced`` is the version that the same file held before: it ends even where the periods do not overlap.
    """
    for old in versions:
        stands = old.id != new.id and old.superseded_on is None and old.removed_on is None
        if stands and (old.id == replaced or overlaps(old.metadata, new.metadata)):
            yield old.id, today
