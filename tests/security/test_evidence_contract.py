"""Replace the composer by an adversary that says anything: nothing passes unless a quote carries it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answers import Citation, Sentence
from assistant.ground import CHECKS, carried, ground
from assistant.retrieve import reference
from ingest.documents import Filter, Nation, Passage, Version
from tests.fakes import DictSnapshot, guidance

ON = dt.date(2026, 11, 2)
TEXT = "The claimant cannot appeal within 28 days. The rate is £76.70 a week.\n\n| Part | Standard | Enhanced |\n|---|---|---|\n| Daily living | £76.70 | £114.60 |"
WHERE = Filter(Nation.ENGLAND, ON)

SNAPSHOT = (
    DictSnapshot()
    .add(guidance("a:now", {"Appeals": TEXT}))
    .add(guidance("a:past", {"Appeals": TEXT}, valid_to=dt.date(2026, 4, 5)))
    .add(guidance("a:north", {"Appeals": TEXT}, nations=(Nation.SCOTLAND,)))
)
EVERY = frozenset(SNAPSHOT.kept)


def of(uri: str) -> tuple[Passage, Version]:
    version = next(v for v in SNAPSHOT.documents() if v.metadata.uri == uri)
    return SNAPSHOT.passages_of(version.id)[0], version


def cite(quote: str, *, uri: str = "a:now", shift: int = 0) -> Citation:
    passage, version = of(uri)
    start = max(0, passage.text.find(quote)) + shift
    return Citation(passage.id, quote, start, start + len(quote), reference(version, ON))


def failed(sentence: Sentence, retrieved: frozenset[str] = EVERY) -> str:
    found = ground((sentence,), retrieved=retrieved, snapshot=SNAPSHOT, where=WHERE)  # type: ignore[arg-type]
    assert found.sentences or found.dropped
    assert all(carried(kept) and kept.text in OWN_WORDS for kept in found.sentences)
    assert all(check.name in CHECKS and check.evidence for check in found.checks)
    return found.dropped[0].check if found.dropped else ""


OWN_WORDS = (
    "The claimant cannot appeal within 28 days.",
    "The rate is £76.70 a week.",
    "Daily living: Standard £76.70; Enhanced £114.60.",
)
QUOTE = "The rate is £76.70 a week."
DENIED = "The claimant cannot appeal within 28 days."


def test_a_verbatim_sentence_passes_every_check() -> None:
    found = ground((Sentence(QUOTE, (cite(QUOTE),)),), retrieved=EVERY, snapshot=SNAPSHOT, where=WHERE)  # type: ignore[arg-type]
    assert [c.name for c in found.checks] == list(CHECKS) and all(c.passed for c in found.checks)


def test_what_is_proposed_in_other_words_is_given_in_the_words_of_its_source() -> None:
    found = ground(
        (Sentence("You can get £99 a week.", (cite(QUOTE),)),),
        retrieved=EVERY,
        snapshot=SNAPSHOT,
        where=WHERE,
    )  # type: ignore[arg-type]
    assert [s.text for s in found.sentences] == [QUOTE]
    assert found.dropped[0].text == "You can get £99 a week." and "own words" in found.dropped[0].reason


TIDIED = ["The rate is 76.70 pounds a week.", "Rate is £76.70 a week", "the rate is £76.70  a week"]


@pytest.mark.parametrize("text", TIDIED)
def test_a_tidied_quote_passes_where_the_checker_agrees(text: str) -> None:
    given = (Sentence(text, (cite(QUOTE),)),)
    for support, kept in ((0.9, text), (0.1, QUOTE)):
        found = ground(
            given, retrieved=EVERY, snapshot=SNAPSHOT, where=WHERE, support=lambda s, q, v=support: v
        )  # type: ignore[arg-type, misc]
        assert [s.text for s in found.sentences] == [kept]


LIES = [
    ("cites nothing", Sentence(QUOTE, ()), "cited"),
    ("says nothing", Sentence(" ", (cite(QUOTE),)), "cited"),
    ("cites what nobody retrieved", Sentence(QUOTE, (replace(cite(QUOTE), passage_id="p" + "0" * 24),)), "retrieved"),
    ("misquotes", Sentence("The rate is £86.70 a week.", (cite("The rate is £86.70 a week."),)), "verbatim"),
    ("shifts its span", Sentence(QUOTE, (cite(QUOTE, shift=1),)), "verbatim"),
    ("points outside", Sentence(QUOTE, (replace(cite(QUOTE), start=9_000, end=9_026),)), "verbatim"),
    ("points backwards", Sentence(QUOTE, (replace(cite(QUOTE), start=50, end=40),)), "verbatim"),
    ("quotes no word", Sentence("|", (cite("|"),)), "verbatim"),
    ("quotes what is no longer in force", Sentence(QUOTE, (cite(QUOTE, uri="a:past"),)), "in force"),
    ("quotes another nation", Sentence(QUOTE, (cite(QUOTE, uri="a:north"),)), "in nation"),
    ("quotes a fragment", Sentence("appeal within 28 days", (cite("appeal within 28 days"),)), "whole"),
    ("changes can to must", Sentence("The claimant must not appeal within 28 days.", (cite(DENIED),)), "modality"),
    ("adds an only if", Sentence("The claimant cannot appeal only if within 28 days.", (cite(DENIED),)), "conditions"),
    ("drops a not", Sentence("The claimant can appeal within 28 days.", (cite(DENIED),)), "polarity"),
    ("adds a condition", Sentence(QUOTE + " Only in June.", (cite(QUOTE),)), "conditions"),
    ("adds a figure", Sentence("The rate is £176.70 a week.", (cite(QUOTE),)), "figures"),
    ("turns words round", Sentence("a week The rate is £76.70", (cite(QUOTE),)), "carried"),
    ("leaves words out", Sentence("The rate is a week.", (cite(QUOTE),)), "carried"),
    ("adds a link", Sentence(QUOTE + " See https://evil.example", (cite(QUOTE),)), "figures"),
    (
        "swaps the columns of a row",
        Sentence("Daily living: Standard £114.60; Enhanced £76.70.",
                 (cite("| Part | Standard | Enhanced |"), cite("| Daily living | £76.70 | £114.60 |"))),
        "carried",
    ),
    (
        "mixes the quotes of two passages into one row",
        Sentence("Daily living: Standard £76.70; Enhanced £114.60.",
                 (cite("| Part | Standard | Enhanced |"), cite("| Daily living | £76.70 | £114.60 |", uri="a:past"))),
        "in force",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sentence", "check"), LIES, ids=[n for n, _, _ in LIES])
def test_an_adversary_that(name: str, sentence: Sentence, check: str) -> None:
    assert failed(sentence) == check


def test_a_passage_that_was_not_retrieved_in_this_run_is_no_evidence() -> None:
    assert failed(Sentence(QUOTE, (cite(QUOTE),)), frozenset()) == "retrieved"


def test_a_row_read_with_its_headings_is_carried() -> None:
    quotes = (cite("| Part | Standard | Enhanced |"), cite("| Daily living | £76.70 | £114.60 |"))
    assert failed(Sentence("Daily living: Standard £76.70; Enhanced £114.60.", quotes)) == ""


@settings(max_examples=300, deadline=None)
@given(text=st.text(min_size=1, max_size=80), start=st.integers(-5, 200), length=st.integers(-5, 120))
def test_whatever_is_composed_what_passes_is_its_quote(text: str, start: int, length: int) -> None:
    passage, version = of("a:now")
    citation = Citation(passage.id, text, start, start + length, reference(version, ON))
    if failed(Sentence(text, (citation,))) == "":
        assert passage.text[start : start + length] == text


@settings(deadline=None)
@given(st.text(alphabet="The rate is £76.70awek notcanl28dys. |-\n", max_size=60))
def test_a_sentence_over_a_true_quote_passes_only_if_it_says_the_quote(text: str) -> None:
    made = Sentence(text, (cite(QUOTE),))
    if failed(made) == "":
        assert carried(made) and " ".join(text.split()).endswith(QUOTE)
