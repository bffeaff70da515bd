"""Passages are small enough to be read whole, whole enough to be understood, and lose no word."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Metadata, Parsed, Passage, Section
from ingest.sentences import sentences
from ingest.split import STRETCH, passage_id, split

TARGET, LIMIT = 60, 120


def words(text: str) -> int:
    """A counter that behaves as a tokeniser does: words, and each four letters of a long one."""
    return sum(1 + len(word) // 12 for word in re.findall(r"\S+", text))


def cut(*sections: Section, target: int = TARGET, limit: int = LIMIT) -> list[Passage]:
    parsed = Parsed(Metadata(uri="sample:x", title="T"), sections)
    return split(parsed, version_id="v1", count=words, limit=limit, tokens=words, target=target)


def texts(*sections: Section) -> list[str]:
    return [passage.text for passage in cut(*sections)]


def sentence(number: int, length: int = 20) -> str:
    return " ".join([f"Sentence{number}", *["word"] * (length - 2), "ends."])


def test_a_section_that_fits_is_one_passage_and_quotes_it_exactly() -> None:
    section = Section(("T", "Rates"), "One.\n\n- a\n- b", page=3)
    (passage,) = cut(section)
    assert (passage.text, passage.heading_path, passage.page) == (section.text, section.heading_path, 3)
    assert passage.id == passage_id("v1", 0, section.text)
    assert passage.tokens == words(section.text)


def test_cuts_fall_between_sentences() -> None:
    body = " ".join(sentence(n) for n in range(9))
    assert texts(Section(("T",), body)) == [
        " ".join(sentence(n) for n in group) for group in ((0, 1, 2), (3, 4, 5), (6, 7, 8))
    ]


def test_paragraphs_are_kept_whole_where_they_fit() -> None:
    one, two = f"{sentence(1)} {sentence(2)}", f"{sentence(3)} {sentence(4)}"
    assert texts(Section(("T",), f"{one}\n\n{two}")) == [one, two]


def test_a_list_keeps_its_lead_in_and_repeats_it_when_it_must_be_cut() -> None:
    items = [f"- item{n} " + "word " * 17 + "end" for n in range(6)]
    made = texts(Section(("T",), sentence(0, 40) + "\n\nYou must send:\n\n" + "\n".join(items)))
    assert made[0] == sentence(0, 40)
    assert all(text.startswith("You must send:\n\n- item") for text in made[1:])
    assert [item for text in made[1:] for item in text.splitlines()[2:]] == items


def test_a_table_is_cut_by_rows_under_its_repeated_header() -> None:
    head = "| Age | Rate |\n| --- | --- |"
    rows = [f"| {n} years of age or over | £{n} |" for n in range(20)]
    made = texts(Section(("T",), "\n".join([head, *rows])))
    assert len(made) > 1
    assert all(text.startswith(head + "\n| ") for text in made)
    assert [row for text in made for row in text.splitlines()[2:]] == rows


def test_a_row_that_begins_with_an_empty_cell_takes_the_row_that_fills_it_along() -> None:
    head = "| Benefit | Amount | When |\n| --- | --- | --- |"
    rows = [f"| {'Benefit' + str(n) if n % 2 == 0 else ''} | £{n} | {'word ' * 5}|" for n in range(14)]
    made = texts(Section(("T",), "\n".join([head, *rows])))
    assert len(made) > 1
    assert all("| Benefit" in text.splitlines()[2] for text in made)


def test_a_sentence_that_would_lose_its_subject_takes_the_one_before_with_it() -> None:
    body = f"{sentence(0, 38)} {sentence(1, 20)} It {sentence(2, 36).lower()}"
    made = texts(Section(("T",), body))
    assert made == [f"{sentence(0, 38)} {sentence(1, 20)}", f"{sentence(1, 20)} It {sentence(2, 36).lower()}"]


def test_tiny_sections_join_their_neighbour_and_keep_their_headings() -> None:
    made = cut(
        Section(("T", "A"), "Ring us."),
        Section(("T", "B"), "Write to us."),
        Section(("T", "C", "D"), sentence(1, 50)),
        Section(("U",), "Elsewhere."),
    )
    assert [(p.heading_path, p.text) for p in made] == [
        (("T",), "A\n\nRing us.\n\nB\n\nWrite to us."),
        (("T", "C", "D"), sentence(1, 50)),
        (("U",), "Elsewhere."),
    ]


def test_one_sentence_beyond_the_limit_is_cut_between_words_and_one_word_within_it() -> None:
    made = texts(Section(("T",), sentence(1, 200) + " " + "x" * 2000))
    assert all(words(text) <= TARGET * STRETCH for text in made)
    assert "".join("".join(made).split()) == "".join((sentence(1, 200) + "x" * 2000).split())


def test_a_heading_path_too_long_for_the_embedder_is_shortened() -> None:
    path = ("Title", *("heading " * 40 for _ in range(4)))
    (passage,) = cut(Section(path, sentence(1)))
    assert passage.heading_path[0] == "Title"
    assert words(passage.indexed_text) <= LIMIT


LINES = st.lists(
    st.sampled_from(
        [
            "Short.",
            "You need:",
            "- an item",
            "- item " + "long " * 24,
            "1. first",
            sentence(1),
            "It " + sentence(2).lower(),
            "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |",
            "x" * 900,
            sentence(3, 140),
            "",
            "£1.50 e.g. reg. 5 (a) No.",
        ]
    ),
    min_size=1,
    max_size=14,
).map("\n\n".join)
BODIES = LINES | st.text(alphabet="aB. \n-|1:é", min_size=1, max_size=400)


@given(st.lists(BODIES.filter(str.strip), min_size=1, max_size=4))
def test_no_word_is_lost_bounds_hold_and_ids_are_unique(bodies: list[str]) -> None:
    sections = [Section(("T", f"H{n}"), body) for n, body in enumerate(bodies)]
    made = cut(*sections)
    assert all(
        words(p.indexed_text) <= LIMIT and words(p.text) <= TARGET * STRETCH and p.text.strip() for p in made
    )
    assert len({p.id for p in made}) == len(made)
    assert [p.ordinal for p in made] == list(range(len(made)))
    whole = "".join("".join(p.text for p in made).split())
    for body in bodies:
        for start, end in sentences(body):
            unit = body[start:end]
            if words(unit) <= TARGET:
                assert any(unit in p.text for p in made), unit
            else:
                assert all(word[:1] in whole for word in unit.split())


@given(LINES.filter(str.strip))
def test_the_same_text_gives_the_same_passages(body: str) -> None:
    assert cut(Section(("T",), body)) == cut(Section(("T",), body))
