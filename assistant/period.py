"""Why: "not found" of a day for which no guidance is held reads like a rule that there is none. What is held of that day
is said beside the answer, or instead of it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.cautions import named
from ingest.documents import Filter, Version

FEW = 0.5
"""Where a smaller share of the documents was in force on the day, that is said."""


@dataclass(frozen=True)
class Held:
    """What is held of one day, in one nation or in any."""

    where: Filter
    documents: int
    """Held of any day."""
    in_force: int
    """Of these, in force on the day."""
    begins: dt.date | None
    """First day that any of them covers; None: they do not say when they began."""
    usual: dt.date | None
    """Day on which most of them began."""
    ends: dt.date | None
    """Last day that any of them covers; None: some are open."""

    @classmethod
    def of(cls, versions: Iterable[Version], where: Filter) -> Held:
        """Count the documents that the nation and the clearance of a filter allow."""
        allowed = [v for v in versions if v.covers(where.nation) and where.cleared(v)]
        starts = [_began(v) for v in allowed]
        ends = [v.metadata.valid_to for v in allowed]
        began = [day for day in starts if day is not None]
        return cls(
            where,
            len({v.document_id for v in allowed}),
            len({v.document_id for v in allowed if v.in_force(where.on)}),
            min(began, default=None) if None not in starts else None,
            Counter(began).most_common(1)[0][0] if began else None,
            max((day for day in ends if day is not None), default=None) if None not in ends else None,
        )

    def none(self) -> str:
        """Why nothing can be answered of the day, in words; "" where something is in force."""
        if self.in_force or not self.documents:
            return ""
        on = self.where.on
        said = f"No guidance that is held{self._place()} is in force on {on.isoformat()}"
        if self.begins is not None and on < self.begins:
            return f"{said}: the earliest holds from {self.begins.isoformat()}."
        if self.ends is not None and on > self.ends:
            return f"{said}: the latest ends on {self.ends.isoformat()}."
        return f"{said}."

    def few(self) -> str:
        """That little is held of the day, in words; "" where enough is."""
        if not self.in_force or self.in_force >= FEW * self.documents:
            return ""
        since = f"; most are held from {self.usual.isoformat()} on" if self.usual is not None else ""
        return (
            f"Of the {self.documents} documents held{self._place()}, "
            f"{self.in_force} {'was' if self.in_force == 1 else 'were'} in force on {self.where.on.isoformat()}{since}."
        )

    def _place(self) -> str:
        return f" for {named(self.where.nation)}" if self.where.nation else ""


def _began(version: Version) -> dt.date | None:
    return max(filter(None, (version.metadata.valid_from, version.began_on)), default=None)
