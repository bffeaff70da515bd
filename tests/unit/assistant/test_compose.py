"""The statements that answer are chosen, with what belongs to them, in reading order."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.abstain import FIGURE_FOCUS
from assistant.answers import Hit
from assistant.compose import Composed, Composer
from assistant.coverage import Focus, said
from assistant.glossary import glossary
from assistant.parts import parts
from assistant.reading import MOST_SENTENCES, ordered, sentence
from assistant.retrieve import Retriever
from assistant.spelling import misspelt, read_as
from assistant.vocabulary import Vocabularies, Vocabulary
from tests.fakes import DictSnapshot, WordEmbedder, guidance

ON = dt.date(2026, 11, 2)


def snapshot() -> DictSnapshot:
    return (
        DictSnapshot()
        .add(
            guidance(
                "uc:advance",
                {
                    "Repayment": "Repayment of a new claim advance can be spread over up to 24 months. "
                    "However, in exceptional circumstances it can be delayed. The claimant sees it in the account.",
                    "Asking": "A claimant can ask for an advance in the journal. They should say how much is needed.",
                },
                title="Universal Credit: new claim advance",
            )
        )
        .add(guidance("ca:rate", {"Rate": "Carer's Allowance is £86.45 a week."}, title="Carer's Allowance: rate"))
        .add(guidance("uc:cats", {"Visits": "Dogs must be kept away during a home visit."}, title="Home visits"))
    )  # fmt: skip


def composed(question: str, held: DictSnapshot | None = None) -> tuple[Composed, ...]:
    held = held or snapshot()
    embedder = WordEmbedder()
    found = Retriever(embedder, glossary()).search(held, question, nation=None, on=ON)  # type: ignore[arg-type]
    composer = Composer(embedder, glossary())  # type: ignore[arg-type]
    vocabulary = Vocabularies().of(held)  # type: ignore[arg-type]
    return tuple(composer.compose(part, found.used, vocabulary) for part in parts(question))


def texts(question: str) -> list[str]:
    return [s.statement.text for s in ordered(composed(question))]


def test_the_statement_that_answers_comes_with_its_exception() -> None:
    said = texts("How long can repayment of a new claim advance be spread over?")
    assert said[:2] == [
        "Repayment of a new claim advance can be spread over up to 24 months.",
        "However, in exceptional circumstances it can be delayed.",
    ]


def test_a_statement_that_leans_back_comes_with_the_one_before() -> None:
    said = texts("How much is needed should they say?")
    at = said.index("They should say how much is needed.")
    assert said[at - 1] == "A claimant can ask for an advance in the journal."


def test_every_sentence_is_a_verbatim_quote() -> None:
    held = snapshot()
    for scored in ordered(
        composed("How is a new claim advance repaid and how much is Carer's Allowance?", held)
    ):
        made = sentence(scored)
        for citation in made.citations:
            text = held.kept[citation.passage_id].text
            assert text[citation.start : citation.end] == citation.quote


def test_each_part_keeps_its_best_and_the_answer_stays_short() -> None:
    both = composed("How long is a new claim advance repaid over and how much is Carer's Allowance?")
    said = [s.statement.text for s in ordered(both, most=2)]
    assert "Carer's Allowance is £86.45 a week." in said and len(said) == 2
    assert len(ordered(both)) <= MOST_SENTENCES


def test_a_benefit_that_nothing_names_is_said() -> None:
    (only,) = composed("How much is Attendance Allowance?")
    assert only.unnamed == ("Attendance Allowance",) and only.signals["subject"] == 0.0


def test_an_amount_of_something_else_does_not_count() -> None:
    (only,) = composed("How much is Attendance Allowance?")
    assert only.signals["kind"] == 0.0
    (other,) = composed("How much is Carer's Allowance?")
    assert other.signals["kind"] > FIGURE_FOCUS


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("How many days is new style JSA paid for?", True),
        ("Exactly how many waiting days are there on new style JSA?", False),
        ("What is the weekly support group rate of new style JSA?", False),
    ],
)
def test_naming_the_benefit_does_not_make_any_of_its_figures_the_answer(question: str, counts: bool) -> None:
    held = snapshot().add(
        guidance(
            "jsa:new",
            {
                "How long": "New Style Jobseeker's Allowance can be paid for up to 182 days.",
                "Pensions": "A pension of more than £85 is taken off New Style Jobseeker's Allowance.",
                "Waiting": "The first days of waiting are not paid. A support group meets; a weekly rate is set in law.",
            },
            title="New Style Jobseeker's Allowance",
        )
    )
    (only,) = composed(question, held)
    assert (only.signals["kind"] >= FIGURE_FOCUS) is counts, only.signals


def test_words_that_are_not_spoken_of_are_named_rarest_first() -> None:
    (only,) = composed("Who won the cup final?")
    assert set(only.missing) == {"won", "cup", "final"}


def test_nothing_found_composes_nothing() -> None:
    made = Composer(WordEmbedder(), glossary()).compose(  # type: ignore[arg-type]
        parts("How much is PIP?")[0], (), Vocabulary.of(["x"])
    )
    assert made.chosen == () and made.signals["dense"] == 0.0


def test_vectors_are_met_once() -> None:
    class Counting(WordEmbedder):
        embedded = 0

        def embed_array(self, given):  # type: ignore[no-untyped-def]
            self.embedded += len(given)
            return super().embed_array(given)

    held, embedder = snapshot(), Counting()
    found = Retriever(embedder, glossary()).search(held, "advance", nation=None, on=ON)  # type: ignore[arg-type]
    composer = Composer(embedder, glossary())  # type: ignore[arg-type]
    part, vocabulary = parts("advance")[0], Vocabulary.of(["advance"])
    composer.compose(part, found.used, vocabulary)
    before = embedder.embedded
    composer.compose(part, found.used, vocabulary)
    assert embedder.embedded == before + 1  # the question alone


@pytest.mark.parametrize("size", [1, 3])
def test_a_vocabulary_weighs_rare_words_more(size: int) -> None:
    made = Vocabulary.of(["claim payment", "claim", "claim advance"][: size + 1])
    assert made.weight("zebra") > made.weight("claim") > 0
    assert made.knows("claim") and not made.knows("zebra")


def test_hits_of_other_benefits_come_last() -> None:
    (only,) = composed("How much is Universal Credit?")
    assert all(isinstance(s.hit, Hit) and s.on_subject for s in only.chosen[:1])


def test_a_statement_counts_with_the_one_that_goes_on_about_it_and_both_are_quoted() -> None:
    held = snapshot().add(
        guidance(
            "uc:deductions",
            {
                "The maximum": "Deductions are limited to 15% of the standard allowance. This limit is called the Fair "
                "Repayment Rate. Ask for the letter."
            },
            title="Deductions",
        )
    )
    (found,) = composed("what is the fair repayment rate", held)
    assert [s.statement.text for s in ordered((found,))][:2] == [
        "Deductions are limited to 15% of the standard allowance.",
        "This limit is called the Fair Repayment Rate.",
    ]
    assert found.signals["kind"] > FIGURE_FOCUS


def test_the_rate_of_those_of_that_age_leads_though_the_next_sentence_says_whose_it_is() -> None:
    held = DictSnapshot().add(
        guidance(
            "uc:sanctions",
            {
                "How much is lost": "The full rate is 100% of the allowance that is lost. The lower rate is 40% of it. The lower "
                "rate applies to claimants aged 16 or 17."
            },
            title="Sanctions",
        )
    )
    (found,) = composed("what percentage is lost when a 17 year old is sanctioned", held)
    assert max(found.chosen, key=lambda s: s.score).statement.text == "The lower rate is 40% of it."


def test_a_sentence_about_the_place_leads_and_the_one_about_outside_it_is_left_out() -> None:
    held = DictSnapshot().add(
        guidance(
            "uc:cap",
            {
                "Amounts outside London": "Outside London the benefit cap for a couple is £22,020 a year.",
                "Amounts in London": "In London the benefit cap for a couple is £25,323 a year.",
            },
            title="The benefit cap",
        )
    )
    (found,) = composed("benefit cap for a couple in London", held)
    assert [s.statement.text for s in found.chosen] == [
        "In London the benefit cap for a couple is £25,323 a year."
    ]


@pytest.mark.parametrize("asked", ["savings of 6000", "savings of £6,000", "savings of 6k"])
def test_a_sum_is_the_same_however_it_is_typed(asked: str) -> None:
    held = DictSnapshot().add(
        guidance("uc:capital", {"Limits": "Savings of £6,000 or less are ignored."}, title="Capital")
    )
    vocabulary = Vocabularies().of(held)  # type: ignore[arg-type]
    read = read_as(asked, misspelt(asked, vocabulary))
    assert (
        Focus.of(read, glossary(), vocabulary).missing(said(["Savings of £6,000 or less are ignored."])) == ()
    )
    assert Focus.of(read, glossary(), vocabulary).missing(said(["Savings of £16,000 end it."])) == ("6000",)


RATES = {
    "Rates": "The standard allowance for a single claimant under 25 is £338.58. The standard allowance for a single "
    "claimant aged 25 or over is £424.90. The standard allowance for a couple under 25 is £528.34."
}


def rates(question: str) -> Composed:
    held = DictSnapshot().add(guidance("uc:rates", RATES, title="Rates"))
    (found,) = composed(question, held)
    return found


def test_rows_that_differ_by_their_figure_do_not_repeat_one_another() -> None:
    said = {s.statement.text for s in rates("standard allowance of a claimant").chosen}
    assert any("£338.58" in text for text in said) and any("£424.90" in text for text in said)


def test_whoever_is_on_the_wrong_side_of_an_age_is_not_shown_the_others_rate() -> None:
    said = " ".join(s.statement.text for s in rates("standard allowance of a 22 year old").chosen)
    assert "£338.58" in said and "£424.90" not in said


def test_whether_somebody_can_is_answered_by_the_line_on_either_side_of_it() -> None:
    held = DictSnapshot().add(
        guidance(
            "uc:hardship",
            {
                "Who": "A hardship payment is paid back later. A hardship payment is only for claimants aged 18 or over."
            },
            title="Hardship payment",
        )
    )
    (found,) = composed("hardship payment under 18", held)
    assert ordered((found,))[0].statement.text == "A hardship payment is only for claimants aged 18 or over."
    (found,) = composed("can a 17 year old get a hardship payment", held)
    assert ordered((found,))[0].statement.text == "A hardship payment is only for claimants aged 18 or over."


def test_the_statement_that_answers_is_read_first_and_what_stood_before_it_after() -> None:
    first = ordered((rates("standard allowance of a couple"),))[0]
    assert first.statement.text == "The standard allowance for a couple under 25 is £528.34."


def test_a_sum_that_somebody_earns_need_not_be_spoken_of() -> None:
    held = DictSnapshot().add(
        guidance(
            "cb:charge",
            {"Tax": "Child Benefit is taken back above £60,000."},
            title="Child Benefit: the tax charge",
        )
    )
    (found,) = composed("earns 65,000, is Child Benefit taken back", held)
    assert "65000" not in found.missing


def test_what_somebody_cannot_do_is_answered_by_what_is_said_of_those_who_cannot() -> None:
    held = DictSnapshot().add(
        guidance(
            "uc:claiming",
            {
                "Claiming": "A claimant can claim online today. A claimant who cannot claim online may ask for a visit."
            },
            title="Claiming",
        )
    )
    (found,) = composed("she can't claim online", held)
    assert ordered((found,))[0].statement.text == "A claimant who cannot claim online may ask for a visit."
