"""A question typed without spaces is no name; a name is never taken for such a question."""

from __future__ import annotations

import pytest

from benchmarks.redaction import names
from governance.redaction.people import ALSO_NAMES
from governance.redaction.spaceless import asks


@pytest.mark.parametrize(
    "word", ["HOWMUCHISPIP", "howlongforamandatoryreconsideration", "WhatIsTheUcRate", "CANASTUDENTGETUC"]
)
def test_questions(word: str) -> None:
    assert asks(word, ALSO_NAMES)


@pytest.mark.parametrize(
    "word", ["HOWARDCANNING", "ISABELLANORTH", "WHOISMARKREED", "HOWMUCHFORMARY", "PIPRATES", "howmuch", "ISLINGTON"]
)  # fmt: skip
def test_others(word: str) -> None:
    assert not asks(word, ALSO_NAMES)


def test_names_of_many_origins_are_none() -> None:
    whole = [name.replace(" ", "") for _, name in names()]
    assert len(whole) > 100 and not [name for name in whole if asks(name, ALSO_NAMES)]
    assert not [name for name in whole if asks(f"howmuchis{name}", ALSO_NAMES)]
