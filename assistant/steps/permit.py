"""Step 2. Why: nobody's question is read for guidance before they have seen how questions are used.

A question about policy needs the colleague's acknowledgement of the notice in force. Whoever runs a command
on the machine itself has all of its data already and is permitted as its operator, and recorded so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import Outcome, Role, Run
from assistant.steps.step import noted, stopped, withheld

if TYPE_CHECKING:
    from governance.consent import Consents


@dataclass(frozen=True)
class Permit:
    """Asks the consent register for a decision at each question."""

    consents: Consents
    name: str = "permit"

    def __call__(self, run: Run) -> Run:
        """The run, or the run stopped as ``blocked_no_agreement`` with its text withheld."""
        from governance.consent import Purpose

        person = run.question.person
        if person.role is Role.OPERATOR:
            return noted(
                run, self.name, allowed=True, purpose=Purpose.ANSWER.value, basis="operator",
                reason="Asked by the operator of this machine.", record_id="", notice_version="",
            )  # fmt: skip
        decision = self.consents.decide(Purpose.ANSWER, person.id)
        run = noted(
            run, self.name, allowed=decision.allowed, purpose=Purpose.ANSWER.value, basis="notice",
            reason=decision.reason, record_id=decision.record_id or "", notice_version=str(decision.notice_version or ""),
        )  # fmt: skip
        if decision.allowed:
            return run
        return withheld(stopped(run, Outcome.BLOCKED_NO_AGREEMENT, decision.reason))
