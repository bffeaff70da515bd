"""A question is told apart into what it asks."""

from __future__ import annotations

import pytest

from assistant.parts import MOST, Part, Wanted, parts

TABLE = [
    ("How much is PIP?", ["How much is PIP?"]),
    ("How much is PIP and when is it paid?", ["How much is PIP", "when is it paid?"]),
    ("My claimant is 17. Can she claim UC?", ["Can she claim UC?"]),
    ("food and fuel vouchers", ["food and fuel vouchers"]),
    ("Tell me about advances, and how do they pay it back?", ["Tell me about advances", "how do they pay it back?"]),
    ("how much is PIP, when is it paid, and who can claim it?", ["how much is PIP", "when is it paid", "who can claim it?"]),
    ("her partner died, how long is it paid", ["her partner died, how long is it paid"]),
    ("the claimant, who is 17, wants to claim", ["the claimant, who is 17, wants to claim"]),
    ("Who can get it?", ["Who can get it?"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "asked"), TABLE)
def test_each_part_in_its_own_words(question: str, asked: list[str]) -> None:
    assert [p.text for p in parts(question)] == asked


def test_a_part_that_refers_back_is_searched_with_what_it_refers_to() -> None:
    _, second = parts("How much is Carer's Allowance and when is it paid?")
    assert "Carer's Allowance" in second.search


def test_circumstances_go_with_every_part() -> None:
    (only,) = parts("My claimant is 17. Can she claim UC?")
    assert only.search.startswith("My claimant is 17.")


def test_a_chain_of_questions_is_kept_whole() -> None:
    asked = parts(" ".join(f"How much is rate {n}?" for n in range(9)))
    assert len(asked) == MOST and "rate 8" in asked[-1].text


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("exactly how many waiting days are there", "waiting days"),
        ("how many points for the enhanced rate?", "points"),
        ("How many hours?", "hours"),
        ("how many", ""),
        ("how much is it", ""),
    ],
)
def test_what_is_counted(question: str, counted: str) -> None:
    assert Part(question).counted == counted


@pytest.mark.parametrize(
    ("question", "wanted", "required"),
    [
        ("How much is the standard allowance?", Wanted.MONEY, True),
        ("What is the rate of PIP?", Wanted.MONEY, True),
        ("How long does a sanction last?", Wanted.TIME, True),
        ("What is the deadline for an appeal?", Wanted.DATE, True),
        ("How old must a claimant be?", Wanted.AGE, True),
        ("How many points are needed?", Wanted.COUNT, True),
        ("Can it be paid if the rent is how much?", Wanted.NOTHING, False),
        ("What is the most that can be taken?", Wanted.MOST, False),
        ("When can a claim be closed?", Wanted.WHEN, False),
        ("What is PIP?", Wanted.NOTHING, False),
        ("What is the higher rate of the PIP mobility component paid for?", Wanted.NOTHING, False),
        ("Who is the enhanced rate paid to?", Wanted.NOTHING, False),
        ("What amount is paid for a child?", Wanted.MONEY, True),
    ],
)
def test_the_kind_of_figure_that_an_answer_would_hold(question: str, wanted: Wanted, required: bool) -> None:
    (only,) = parts(question)
    assert (only.wanted, only.wanted.required) == (wanted, required)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("whats the rate of it", Wanted.MONEY),
        ("what's the most it can pay", Wanted.MONEY),
        ("when did the fund begin", Wanted.DATE),
        ("typical turnaround time for a claim", Wanted.TIME),
    ],
)
def test_asked_in_passing_a_figure_is_still_needed(question: str, wanted: Wanted) -> None:
    (part,) = parts(question)
    assert part.wanted is wanted and part.wanted.required
