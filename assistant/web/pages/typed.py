"""Why: nothing typed is lost. What stands in the form travels through a sign-in, a notice or an error and comes back."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from assistant.web.sessions import Session
from governance.errors import DateInvalid


class Typed(BaseModel):
    """The fields of the form on which a question is asked, as they were typed."""

    question: str = ""
    nation: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    whole: bool = False
    """A reading of a follow-up that was put right: it is asked as it stands."""
    token: str = ""

    @property
    def text(self) -> str:
        """The question with the line ends that the limit counts: a form sends two characters for each."""
        return self.question.replace("\r\n", "\n")

    @property
    def as_at(self) -> str | None:
        """The date as YYYY-MM-DD; None where all three fields are empty. Raises ``DateInvalid``."""
        parts = [part.strip() for part in (self.year, self.month, self.day)]
        if not any(parts):
            return None
        try:
            return dt.date(*map(_number, parts)).isoformat()
        except ValueError as error:
            raise DateInvalid(
                f"{'/'.join(reversed(parts))} is not a date.",
                do="Give day, month and year in figures, for example 27 3 2026, or leave all three empty for today.",
            ) from error

    @classmethod
    def kept(cls, session: Session) -> Typed:
        """An empty question for the nation and the date last asked about."""
        year, month, day = session.as_at.split("-") if session.as_at else ("", "", "")
        return cls(nation=session.nation, day=day.lstrip("0"), month=month.lstrip("0"), year=year)


def _number(part: str) -> int:
    if not (part.isascii() and part.isdecimal()):
        raise ValueError(part)
    return int(part)
