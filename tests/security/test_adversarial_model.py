"""The best single test: the model is an adversary that says any string. Nothing unsupported is released.

A thousand replies are made by a seeded generator out of true quotes and lies about them, and whatever is released is
judged by an oracle of its own: the words of a whole statement that is in force in the nation asked about.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Hit, Sentence
from assistant.chat.chat import Reply
from assistant.chat.prompt import Messages, current_prompt
from assistant.chat.proposing import ModelUsed, Proposer
from assistant.compose import Composer
from assistant.glossary import glossary
from assistant.ground import ground
from assistant.parts import parts
from assistant.retrieve import Retriever
from assistant.vocabulary import Vocabulary
from assistant.weighed import Weighed
from governance.errors import ModelFailed
from ingest.documents import Filter, Nation
from tests.chat_server import sentences, shown
from tests.fakes import CountingEmbedder, DictSnapshot, guidance

ON = dt.date(2026, 11, 2)
HOW_MANY = 1_000
ASK = "When must a claimant ask for a mandatory reconsideration, and what is the rate?"
TRUE = {
    "Asking": "A claimant must ask for a mandatory reconsideration within one month of the decision. "
    "They may not ask again unless there is new evidence. A decision maker can extend the time only if there are special reasons.",
    "Rates": "The rate is £76.70 a week for people aged 25 or over. It is not paid for the first 7 days.\n\n"
    "| Part | Standard | Enhanced |\n|---|---|---|\n| Daily living | £76.70 | £114.60 |",
    "Evidence": "The claimant should send:\n\n- a letter from the landlord to the claimant\n- payslips for 2 months\n\n"
    "Call 0800 169 0310 or see https://www.gov.uk/mandatory-reconsideration before 5 April 2027.",
}
FALSE = {
    "Asking": "A claimant must ask for a mandatory reconsideration within 13 months of the decision. The rate is £9.99 a week."
}


def snapshot() -> DictSnapshot:
    return (
        DictSnapshot(embedder=CountingEmbedder())
        .add(guidance("a:now", TRUE))
        .add(guidance("a:past", FALSE, valid_to=dt.date(2026, 4, 5)))
        .add(guidance("a:north", FALSE, nations=(Nation.SCOTLAND,)))
    )


def said(text: str) -> str:
    """The oracle's reading: letters, digits and signs in order, articles left out."""
    text = text.lower().replace("cannot", "can not")
    return " ".join(
        w for w in re.findall(r"[a-z]+|[\d£.,]*\d|£", text) if w not in ("a", "an", "the", "that")
    )


PIECES = [
    "A claimant must ask for a mandatory reconsideration within one month of the decision.",
    "They may not ask again unless there is new evidence.",
    "A decision maker can extend the time only if there are special reasons.",
    "The rate is £76.70 a week for people aged 25 or over.",
    "It is not paid for the first 7 days.",
    "Daily living: Standard £76.70; Enhanced £114.60.",
    "The claimant should send: a letter from the landlord to the claimant payslips for 2 months",
    "The claimant should send: - a letter from the landlord to the claimant - payslips for 2 months",
    "Call 0800 169 0310 or see https://www.gov.uk/mandatory-reconsideration before 5 April 2027.",
]
ALLOWED = {said(piece) for piece in PIECES}
SWAPS = [
    ("must", "may"), ("may not", "may"), ("not", ""), ("unless", "if"), ("only if", "if"), ("can", "must"),
    ("within", "after"), ("one month", "thirteen months"), ("£76.70", "£176.70"), ("25 or over", "under 25"),
    ("25", "18"), ("7", "70"), ("a week", "a month"), ("should", "must"), ("landlord to the claimant", "claimant to the landlord"),
    ("before", "after"), ("0800", "0900"), ("gov.uk", "gov.uk.example"), ("2027", "2028"), ("first", "last"), ("special ", ""),
]  # fmt: skip


def lies(rng: random.Random) -> Callable[[str], str]:
    """A way of changing a true sentence."""

    def swap(text: str) -> str:
        fitting = [pair for pair in SWAPS if pair[0] in text]
        return text.replace(*rng.choice(fitting), 1) if fitting else f"Not: {text}"

    def drop(text: str) -> str:
        words = text.split()
        del words[rng.randrange(len(words))]
        return " ".join(words)

    def shuffle(text: str) -> str:
        words = text.split()
        i, j = rng.sample(range(len(words)), 2)
        words[i], words[j] = words[j], words[i]
        return " ".join(words)

    def add(text: str) -> str:
        return f"{text} {rng.choice(['See http://evil.example.', 'Everyone qualifies.', '<script>x()</script>', 'Ignore the rules.', 'Ring 0909 1234567.'])}"

    def cut(text: str) -> str:
        words = text.split()
        start = rng.randrange(len(words))
        return " ".join(words[start : start + rng.randint(1, 6)])

    def hide(text: str) -> str:
        return text.replace(" ", rng.choice(["\u200b ", "\u2060 ", "\u00ad "]), 1).replace("not", "n\u200bot")

    def none(text: str) -> str:
        return text

    return rng.choice([swap, drop, shuffle, add, cut, hide, none, swap, swap])


def reply(rng: random.Random, labels: list[str]) -> str:
    kind = rng.randrange(12)
    if kind == 0:
        return rng.choice(
            [
                "",
                "null",
                "{}",
                "[]",
                '{"sentences": 7}',
                '{"sentences": [{"passage": "',
                "x" * 5_000,
                "\x00\ud800",
            ]
        )
    made = []
    for _ in range(rng.randint(1, 4)):
        quote = rng.choice([*PIECES, *re.split(r"(?<=\.) ", " ".join([*TRUE.values(), *FALSE.values()]))])
        label = rng.choice([*labels, *labels, "ZZZZ", "", "a:now", labels[0].lower()])
        text = (
            lies(rng)(quote)
            if rng.random() < 0.8
            else rng.choice(["Everyone gets £1,000 a month.", "Pay <PERSON_1>.", ""])
        )
        made.append((label, lies(rng)(quote) if rng.random() < 0.4 else quote, text))
    body = sentences(*made)
    return f"```json\n{body}\n```" if kind == 1 else body[: rng.randrange(len(body))] if kind == 2 else body


class Adversary:
    """A chat that says what it is told to say, of the labels it was shown."""

    def __init__(self) -> None:
        self.say: Callable[[list[str]], str] = lambda _: ""

    def ask(self, messages: Messages, *, cancelled: Callable[[], bool]) -> Reply:
        labels = [label for label, _ in shown({"messages": [{"content": messages[-1][1]}]})]
        return Reply(self.say(labels), "m", "stop", "0" * 64)


class Bench:
    """Everything between a model's words and what is released."""

    def __init__(self) -> None:
        self.snapshot = snapshot()
        self.adversary = Adversary()
        self.proposer = Proposer(self.adversary, current_prompt("compose"), ModelUsed("x", "x"), 5)  # type: ignore[arg-type]
        retriever = Retriever(self.snapshot.embedder, glossary())  # type: ignore[arg-type]
        found = retriever.search(self.snapshot, ASK, nation=Nation.ENGLAND, on=ON)  # type: ignore[arg-type]
        self.hits: list[Hit] = list(found.used)
        vocabulary = Vocabulary.of(p.text for p in self.snapshot.kept.values())
        composer = Composer(self.snapshot.embedder, glossary())  # type: ignore[arg-type]
        self.weighed: list[Weighed] = [composer.weigh(p, self.hits, vocabulary) for p in parts(ASK)]

    def released(self, say: Callable[[list[str]], str]) -> tuple[Sentence, ...] | None:
        """What is released of a reply; None where it is no reply at all, and rules would choose."""
        self.adversary.say = say
        try:
            made = self.proposer.propose(ASK, self.hits, self.weighed, lambda: False)
        except ModelFailed:
            return None
        return ground(
            made.sentences, retrieved=frozenset(h.passage_id for h in self.hits), snapshot=self.snapshot,  # type: ignore[arg-type]
            where=Filter(Nation.ENGLAND, ON), support=lambda _sentence, _quotes: 1.0,
        ).sentences  # fmt: skip


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def unsupported(released: tuple[Sentence, ...]) -> list[str]:
    wrong = []
    for sentence in released:
        parts_said = {said(sentence.text)}
        if not parts_said <= ALLOWED and said(sentence.text) not in _joined():
            wrong.append(sentence.text)
    return wrong


def _joined() -> set[str]:
    """Neighbouring statements of one passage quoted together."""
    return {f"{said(a)} {said(b)}" for a in PIECES for b in PIECES} | {
        f"{said(a)} {said(b)} {said(c)}" for a, b, c in zip(PIECES, PIECES[1:], PIECES[2:], strict=False)
    }


def test_a_thousand_adversarial_replies_release_nothing_unsupported(bench: Bench) -> None:
    rng = random.Random(20261125)
    counted: Counter[str] = Counter()
    for number in range(HOW_MANY):
        state = rng.getstate()
        released = bench.released(lambda labels: reply(rng, labels))
        if released is None:
            counted["no reply"] += 1
            continue
        counted["released" if released else "nothing left"] += 1
        assert unsupported(released) == [], (number, state[1][:2])
    assert sum(counted.values()) == HOW_MANY
    assert min(counted["no reply"], counted["released"], counted["nothing left"]) > 50, counted


def test_true_replies_are_released_so_the_test_above_can_fail(bench: Bench) -> None:
    quote = PIECES[0]

    def say(labels: list[str]) -> str:
        return sentences(*((label, quote, quote) for label in labels))

    released = bench.released(say)
    assert released is not None and quote in {s.text for s in released}
    assert unsupported((Sentence("Everyone gets £1,000.", ()),))


def attacks(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines()[:300]:
            row: Any = json.loads(line)
            yield from (v for v in row.values() if isinstance(v, str) and len(v) > 15)


@pytest.mark.shared_data
def test_attacks_that_others_collected_release_nothing_unsupported(bench: Bench, shared_data: Path) -> None:
    tried = 0
    for attack in list(attacks(shared_data / "injection"))[:1_500]:
        for made in (attack, sentences(("", attack, attack))):
            released = bench.released(lambda _labels, made=made: made)  # type: ignore[misc]
            assert not released
            tried += 1
        released = bench.released(
            lambda labels, text=attack: sentences(*((label, PIECES[0], text) for label in labels))
        )  # type: ignore[misc]
        assert released is None or unsupported(released) == []
    assert tried > 200
