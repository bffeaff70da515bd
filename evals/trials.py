"""Why: work is tried in place, and what is tried in place is soon believed; a trial says beforehand what would count.

A trial is registered in the ledger before anyone takes part: one measure, two arms, how many people, and the looks
at which it may be read. Assignment is random by a stored seed, balanced in pairs, and kept: nobody is moved. It is
read only at its planned looks, against Pocock's bound for so many, and stops where the bound is crossed. The two
arms are two deployments; which one a person uses is set by who runs them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from governance.errors import AlreadyExists, EntryUnknown, NotPermitted, OptionInvalid
from governance.ledger import Entry, Ledger

REGISTERED, ASSIGNED, READ = "trial.registered", "trial.assigned", "trial.read"
POCOCK: Mapping[int, float] = {1: 1.960, 2: 2.178, 3: 2.289, 4: 2.361, 5: 2.413}
"""Looks → |z| at which to stop, 5 % two-sided over all looks (Pocock, 1977; Jennison and Turnbull, 2000, table 2.1)."""
Measure = Literal["answered", "contested"]
"""``answered``: share of a person's questions that released sentences; ``contested``: share of their answers doubted."""
Arm = Literal["control", "changed"]
_ANSWERED = frozenset({"answered", "partly_answered"})
_PAGE = 500


@dataclass(frozen=True)
class Trial:
    """What was said beforehand."""

    name: str
    measure: Measure
    people: int
    """How many take part in all; assignment closes there."""
    looks: int
    seed: int

    @property
    def bound(self) -> float:
        """|z| at which the trial stops."""
        return POCOCK[self.looks]


@dataclass(frozen=True)
class Look:
    """One reading of a trial at a planned look."""

    number: int
    people: Mapping[str, int]
    means: Mapping[str, float]
    difference: float
    """Changed minus control, of the means over people."""
    z: float
    bound: float
    stop: bool
    """Whether the bound is crossed, or this was the last look."""


class Trials:
    """Trials of a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def register(self, trial: Trial, *, by: str) -> None:
        """Say beforehand what is tried. Raises ``AlreadyExists`` or ``OptionInvalid``."""
        if any(e.subject == trial.name for e in self._entries(REGISTERED)):
            raise AlreadyExists(
                f"A trial {trial.name} is registered.", do="A trial is not changed; register another."
            )
        if trial.looks not in POCOCK or trial.people < 4 * trial.looks:
            raise OptionInvalid(
                f"{trial.looks} looks at {trial.people} people cannot be planned.",
                do=f"At most {max(POCOCK)} looks, and four people or more for each.",
            )
        body = {
            "measure": trial.measure,
            "people": trial.people,
            "looks": trial.looks,
            "seed": trial.seed,
            "bound": trial.bound,
        }
        self._ledger.append(REGISTERED, body, actor=by, subject=trial.name)

    def one(self, name: str) -> Trial:
        """A trial as it was registered. Raises ``EntryUnknown``."""
        for entry in self._entries(REGISTERED):
            if entry.subject == name:
                b = entry.body
                return Trial(name, b["measure"], b["people"], b["looks"], b["seed"])
        raise EntryUnknown(f"No trial is named {name!r}.", do="Register it first.")

    def arm(self, name: str, person: str, *, by: str) -> Arm:
        """The arm of a person, drawn once and kept. Raises ``EntryUnknown`` or ``NotPermitted`` (closed)."""
        trial, arms = self.one(name), self.arms(name)
        if person in arms:
            return arms[person]
        if len(arms) >= trial.people:
            raise NotPermitted(f"{name} has its {trial.people} people.", do="Register another trial.")
        drawn = _order(trial)[len(arms)]
        self._ledger.append(ASSIGNED, {"person": person, "arm": drawn}, actor=by, subject=name)
        return drawn

    def arms(self, name: str) -> dict[str, Arm]:
        """Person → arm."""
        return {e.body["person"]: e.body["arm"] for e in self._entries(ASSIGNED) if e.subject == name}

    def look(self, name: str, *, by: str) -> Look:
        """Read a trial at its next planned look. Raises ``NotPermitted`` before it, or after it has stopped."""
        trial, arms = self.one(name), self.arms(name)
        before = [e for e in self._entries(READ) if e.subject == name]
        if before and before[-1].body["stop"]:
            raise NotPermitted(f"{name} has stopped.", do="What was read stands.")
        number = len(before) + 1
        values = self._values(name, trial, arms)
        needed = math.ceil(trial.people * number / trial.looks)
        if len(values) < needed:
            raise NotPermitted(
                f"Look {number} of {name} is at {needed} people with an answer; there are {len(values)}.",
                do="Wait: a trial that is read early finds what chance offers.",
            )
        found = _read(trial, number, arms, values)
        body = {
            "number": number,
            "people": dict(found.people),
            "means": dict(found.means),
            "z": found.z,
            "stop": found.stop,
        }
        self._ledger.append(READ, body, actor=by, subject=name)
        return found

    def _values(self, name: str, trial: Trial, arms: Mapping[str, Arm]) -> dict[str, float]:
        """Person → their own mean: a person who asks a lot counts once."""
        began = {e.body["person"]: e.index for e in self._entries(ASSIGNED) if e.subject == name}
        doubted = {str(e.body.get("answer", e.subject)) for e in self._entries("review.raised")}
        of: dict[str, list[float]] = {}
        for entry in self._entries("answer"):
            if entry.actor in arms and entry.index > began[entry.actor]:
                answered = entry.body["decision"]["outcome"] in _ANSWERED
                one = answered if trial.measure == "answered" else entry.subject in doubted
                of.setdefault(entry.actor, []).append(float(one))
        return {person: float(np.mean(values)) for person, values in of.items()}

    def _entries(self, type_: str) -> Iterator[Entry]:
        after = -1
        while page := self._ledger.entries(type=type_, after=after, limit=_PAGE):
            yield from page
            after = page[-1].index


def _order(trial: Trial) -> list[Arm]:
    """Arms in order of arrival: each pair holds one of each, so that numbers stay equal."""
    rng = random.Random(trial.seed)
    order: list[Arm] = []
    for _ in range((trial.people + 1) // 2):
        pair: list[Arm] = ["control", "changed"]
        rng.shuffle(pair)
        order += pair
    return order


def _read(trial: Trial, number: int, arms: Mapping[str, Arm], values: Mapping[str, float]) -> Look:
    groups: dict[str, Sequence[float]] = {
        arm: [v for p, v in values.items() if arms[p] == arm] for arm in ("control", "changed")
    }
    if min(map(len, groups.values())) < 2:
        raise NotPermitted("An arm has fewer than two people with an answer.", do="Wait for more.")
    means = {arm: float(np.mean(v)) for arm, v in groups.items()}
    spread = math.sqrt(sum(float(np.var(v, ddof=1)) / len(v) for v in groups.values()))
    difference = means["changed"] - means["control"]
    z = difference / spread if spread else (0.0 if difference == 0 else math.copysign(99.0, difference))
    stop = abs(z) >= trial.bound or number == trial.looks
    return Look(number, {a: len(v) for a, v in groups.items()}, means, difference, z, trial.bound, stop)


def parse(given: Mapping[str, Any]) -> Trial:
    """A trial from a command's options."""
    return Trial(given["name"], given["measure"], given["people"], given["looks"], given["seed"])
