"""Step 2. Why: nobody's question is read for guidance before they have seen how questions are used, and nobody is asked
about without having agreed to it.

A question about policy needs the colleague's acknowledgement of the notice in force. A question about a person needs
that person's agreement too. Whoever runs a command on the machine itself has all of its data already and is permitted
as its operator, and recorded so; but not without the agreement of the person the question is about.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from assistant.answers import Outcome, Role, Run
from assistant.steps.step import noted, stopped, withheld

if TYPE_CHECKING:
    from governance.uses import Uses

BY_OPERATOR = "Asked by the operator of this machine."


@dataclass(frozen=True)
class Permit:
    """Asks the register of agreements for a decision at each question."""

    uses: Uses
    name: str = "permit"

    def __call__(self, run: Run) -> Run:
        """The run, or the run stopped as ``blocked_no_agreement`` with its text withheld."""
        from governance.uses import Concerned, Use

        question = run.question
        operator = question.person.role is Role.OPERATOR
        decisions = self.uses.decide(
            Use.ASK, Concerned(question.person.id, question.person.role.value, question.citizen)
        )
        refused = [decision for decision in decisions if not decision.allowed]
        reasons = [BY_OPERATOR] if operator else []
        reasons += [decision.reason for decision in (refused or decisions)]
        run = noted(
            run, self.name, allowed=not refused, basis="operator" if operator else "notice", reason=" ".join(reasons),
            decisions=[{**asdict(d), "use": Use.ASK.value} for d in decisions],
        )  # fmt: skip
        if not refused:
            return run
        return withheld(stopped(run, Outcome.BLOCKED_NO_AGREEMENT, " ".join(d.reason for d in refused)))
