"""Ages are compared as numbers; a slip of the keyboard is read as the word that guidance holds."""

from __future__ import annotations

import pytest

from assistant.ages import asked_age, fits
from assistant.spelling import misspelt, read_as
from assistant.vocabulary import Vocabulary

HELD = Vocabulary.of(
    ["Asking for a mandatory reconsideration of a Universal Credit decision", "elements and categories"]
)


@pytest.mark.parametrize(
    ("question", "age"),
    [
        ("how much does a single 22 year old get", 22),
        ("a claimant aged 17", 17),
        ("rate for under 25s, single and under 25", 24),
        ("rate over 25", 25),
        ("25 or over", 25),
        ("a 66yo", 66),
        ("youngest child is 2 what can we ask", 2),
        ("he is 66", 66),
        ("the child is 8 weeks old", None),
        ("within 28 days", None),
        ("what is PIP", None),
    ],
)
def test_the_age_a_question_speaks_of(question: str, age: int | None) -> None:
    assert asked_age(question) == age


@pytest.mark.parametrize(
    ("age", "text", "fit"),
    [
        (22, "for a single claimant under 25", True),
        (22, "for a single claimant aged 25 or over", False),
        (25, "for a single claimant aged 25 or over", True),
        (17, "The lower rate applies to claimants aged 16 or 17", True),
        (18, "The lower rate applies to claimants aged 16 or 17", False),
        (30, "The rate is £10 a week.", None),
    ],
)
def test_whether_a_sentence_speaks_of_that_age(age: int, text: str, fit: bool | None) -> None:
    assert fits(age, text) is fit


def test_slips_are_read_as_words_of_guidance() -> None:
    asked = "how long for a Manditory reconsideraton univeral credit"
    slips = misspelt(asked, HELD)
    assert read_as(asked, slips) == "how long for a mandatory reconsideration universal credit"


def test_a_word_with_the_very_letters_of_another_is_read_as_it() -> None:
    held = Vocabulary.of(["A claimant can go abroad", "another calmer man"])
    assert misspelt("how long can a clamaint go", held) == {"clamaint": "claimant"}
    assert misspelt("a reclam", held) == {}


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("between 6k and 16k", "between 6,000 and 16,000"),
        ("savings over £16000", "savings over £16,000"),
        ("what changed in 2026", "what changed in 2026"),
        ("a run of 1234567", "a run of 1234567"),
        ("6kg of post", "6kg of post"),
    ],
)
def test_sums_are_read_as_guidance_writes_them(asked: str, read: str) -> None:
    assert read_as(asked, misspelt(asked, HELD)) == read


def test_a_question_without_spaces_is_read_as_its_words() -> None:
    asked = "howdotheyaskforareconsiderationofadecision"
    assert read_as(asked, misspelt(asked, HELD)) == "how do they ask for a reconsideration of a decision"


def test_a_short_one_is_read_too_where_it_begins_as_a_question() -> None:
    held = Vocabulary.of(["PIP is paid in spring time, never the less often"])
    assert misspelt("HOWMUCHISPIP", held) == {"howmuchispip": "how much is pip"}
    assert misspelt("pipspringtime", held) == {}


def test_what_guidance_writes_with_a_hyphen_may_be_written_as_one_word() -> None:
    held = Vocabulary.of(["a re-determination of the award", "a non-dependant in the household"])
    assert misspelt("redetermintion for a nondependant", held) == {
        "redetermintion": "re-determination", "nondependant": "non-dependant",
    }  # fmt: skip


@pytest.mark.parametrize(
    "asked", ["calories in a sandwich", "put song in springtime playlist", "who won", "mandatory"]
)
def test_other_words_are_left_alone(asked: str) -> None:
    assert misspelt(asked, HELD) == {}


WIDE = Vocabulary.of(
    [
        "Work search requirements for a claimant who is sick. The answer to a subject access request.",
        "The first payment. Notice of an assessment. A disability re-determination. Winter fuel payment. Go abroad.",
        "A house with many rooms. Delaying a payment. How many days. Whether a claim is made.",
    ]
)
SLIPS = {
    "anser": "answer", "acess": "access", "notise": "notice", "asessment": "assessment", "serch": "search", "abrod": "abroad",
    "frist": "first", "paymnet": "payment", "disabilty": "disability", "feul": "fuel",
    "howmany": "how many", "worksearch": "work search",
}  # fmt: skip


@pytest.mark.parametrize(("slip", "meant"), SLIPS.items())
def test_slips_of_many_kinds_are_put_right(slip: str, meant: str) -> None:
    assert misspelt(slip, WIDE) == {slip: meant}


@pytest.mark.parametrize(
    "word", ["horse", "weather", "mouse", "playlist", "pizza", "haus", "fool", "crypto", "declaring"]
)
def test_another_word_is_no_slip(word: str) -> None:
    assert misspelt(word, WIDE) == {}
