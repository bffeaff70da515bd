"""Labels by two raters, and what they are good for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from assistant.labels import (
    Labelled,
    add,
    answer_hash,
    disagreements,
    of_these,
    read_labels,
    settled,
    waiting,
)
from evals.people.labels import raters, trust
from evals.results import Result
from governance.errors import LabelsMissing, OptionInvalid
from tests.unit.evals.made import result

RUN = [result(n, cited=n % 4 != 0) for n in range(40)]
NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


def label(of: Result, rater: str, value: str) -> Labelled:
    return Labelled.model_validate(
        {"case_id": of.case.id, "answer_sha256": answer_hash(of), "rater": rater, "value": value, "time": NOW}
    )


def true_value(of: Result) -> str:
    return "right" if of.gold_cited[0] else "wrong"


def both(folder: Path) -> tuple[Labelled, ...]:
    add(folder, RUN, [label(r, "one", true_value(r)) for r in RUN])
    add(folder, RUN, [label(r, "two", "right" if n < 2 else true_value(r)) for n, r in enumerate(RUN)])
    return read_labels(folder)


def test_labels_by_one_rater_only_say_nothing(tmp_path: Path) -> None:
    add(tmp_path, RUN, [label(RUN[0], "one", "right")])
    with pytest.raises(LabelsMissing, match="labels are by one"):
        raters(read_labels(tmp_path))
    with pytest.raises(LabelsMissing):
        trust(RUN, read_labels(tmp_path))


def test_two_raters_are_compared_and_what_they_differ_on_is_listed(tmp_path: Path) -> None:
    labels = both(tmp_path)
    [pair] = raters(labels)
    assert pair.agreement.n == 40 and pair.agreement.raw == 39 / 40 and pair.agreement.enough
    [differ] = disagreements(RUN, labels)
    assert differ.case_id == "c0" and differ.said == {"one": "wrong", "two": "right"}
    assert "c0" not in settled(labels) and len(settled(labels)) == 39


def test_a_metric_that_agrees_with_people_may_be_gated_and_another_may_not(tmp_path: Path) -> None:
    found = {t.metric: t for t in trust(RUN, both(tmp_path))}
    assert found["gold citation recall"].gated and found["gold citation recall"].agreement.kappa == 1.0
    assert not found["answered when answerable"].gated


def test_a_rater_sees_what_they_have_not_labelled_in_an_order_of_their_own(tmp_path: Path) -> None:
    add(tmp_path, RUN, [label(RUN[5], "one", "right")])
    left = waiting(RUN, read_labels(tmp_path), "one")
    assert len(left) == 39 and RUN[5] not in left
    orders = [[r.case.id for r in waiting(RUN, (), rater)] for rater in ("one", "two")]
    assert orders[0] != orders[1] and orders[0] != [r.case.id for r in RUN]
    assert set(orders[0][:30]) == set(
        orders[1][:30]
    )  # who labels thirty labels the thirty that the other does


def test_a_label_of_another_answer_or_of_no_case_is_refused(tmp_path: Path) -> None:
    changed = RUN[0].model_copy(update={"outcome": "not_in_guidance"})
    with pytest.raises(OptionInvalid, match="another answer"):
        add(tmp_path, RUN, [label(changed, "one", "right")])
    with pytest.raises(OptionInvalid, match="no case"):
        add(tmp_path, RUN, [label(result(99), "one", "right")])
    assert read_labels(tmp_path) == ()


def test_a_label_of_an_answer_that_has_changed_since_is_passed_over(tmp_path: Path) -> None:
    labels = both(tmp_path)
    again = [RUN[0].model_copy(update={"outcome": "not_in_guidance"}), *RUN[1:]]
    assert {x.case_id for x in labels} - {x.case_id for x in of_these(again, labels)} == {"c0"}


def test_a_rater_may_think_again(tmp_path: Path) -> None:
    assert add(tmp_path, RUN, [label(RUN[0], "one", "right")]) == 1
    assert add(tmp_path, RUN, [label(RUN[0], "one", "harmful")]) == 0
    assert [x.value for x in read_labels(tmp_path)] == ["harmful"]
