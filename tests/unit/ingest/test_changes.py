"""What changed between two versions, section by section and sentence by sentence."""

from __future__ import annotations

import datetime as dt

from ingest.changes import FieldChange, SectionChange, field_changes, section_changes
from ingest.context import around
from ingest.documents import Metadata, Nation, Passage


def passages(*parts: tuple[str, str]) -> list[Passage]:
    return [Passage(f"p{n}", "v", n, tuple(path.split("/")), text, 1) for n, (path, text) in enumerate(parts)]


RATES = ("Rates/Single", "The rate is £10 a week. It is paid monthly.")
COUPLES = ("Rates/Couples", "The rate for couples is £18 a week.")


def test_nothing_changed_is_nothing() -> None:
    assert section_changes(passages(RATES, COUPLES), passages(RATES, COUPLES)) == ()


def test_a_changed_sentence_is_named_and_what_stayed_is_not() -> None:
    after = passages(("Rates/Single", "The rate is £11 a week. It is paid monthly."), COUPLES)
    assert section_changes(passages(RATES, COUPLES), after) == (
        SectionChange(
            ("Rates", "Single"), "changed", ("The rate is £10 a week.",), ("The rate is £11 a week.",)
        ),
    )


def test_sections_that_came_and_went() -> None:
    after = passages(RATES, ("Rates/Appeals", "An appeal is made within one month."))
    assert [(c.what, c.heading_path[-1]) for c in section_changes(passages(RATES, COUPLES), after)] == [
        ("added", "Appeals"),
        ("removed", "Couples"),
    ]


def test_a_section_under_another_heading_is_the_same_one() -> None:
    after = passages(("Rates/One person", RATES[1]), COUPLES)
    (change,) = section_changes(passages(RATES, COUPLES), after)
    assert (change.what, change.was, change.removed, change.added) == ("renamed", ("Rates", "Single"), (), ())


def test_where_a_section_is_cut_is_no_change_and_neither_is_what_is_repeated() -> None:
    whole = passages(("A", "The award ends. It ends on Friday. You may appeal."))
    cut = passages(("A", "The award ends. It ends on Friday."), ("A", "It ends on Friday. You may appeal."))
    assert section_changes(whole, cut) == ()


def test_fields_that_say_something_else() -> None:
    before = Metadata("u:1", "Rates", path="a.md", valid_to=None)
    after = Metadata("u:1", "Rates", path="b.md", valid_to=dt.date(2026, 4, 5), nations=(Nation.WALES,))
    assert field_changes(before, after) == (
        FieldChange("nations", "england, scotland, wales, northern_ireland", "wales"),
        FieldChange("valid_to", "", "2026-04-05"),
    )


def test_from_a_passage_one_can_walk_to_what_stands_around_it() -> None:
    made = passages(
        ("Doc", "Who this is for."), ("Doc/Rates", "About rates."), ("Doc/Rates/Single", "One."),
        ("Doc/Rates/Single", "Two."), ("Doc/Rates/Single", "Three."), ("Doc/Appeals/Time", "A month."),
    )  # fmt: skip
    context = around(made, made[3], 2, 1)
    assert [p.text for p in context.before] == ["About rates.", "One."]
    assert [p.text for p in context.after] == ["Three."]
    assert [p.text for p in context.section] == ["One.", "Three."]
    assert [p.text for p in context.parent] == ["About rates."]
    assert [p.text for p in around(made, made[5], 0, 1).parent] == ["Who this is for."]
    assert around(made, made[0], 1, 1).parent == ()
