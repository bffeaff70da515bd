"""What a file says about itself is checked field by field; nothing is guessed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from governance.errors import MetadataInvalid
from ingest.documents import ALL_NATIONS, Kind, Nation, State
from ingest.parse.metadata import front_matter, metadata, sidecar

FRONT = """---
title: "Universal Credit: asking again"
uri: sample:uc/asking
kind: procedure
nations: [england, wales]
valid_from: 2025-04-07
valid_to: 2026-04-05
state: withdrawn
withdrawn_at: 2026-02-01
notice: Sample only.
checked:
  - fact: a
    quote: "£1"
---
# Heading

Body.
"""


def test_front_matter_is_read_and_parted_from_the_body() -> None:
    fields, body = front_matter(FRONT)
    made = metadata(fields, path="uc/asking.md", title="unused")
    assert body.startswith("# Heading")
    assert (made.title, made.uri, made.kind) == (
        "Universal Credit: asking again",
        "sample:uc/asking",
        Kind.PROCEDURE,
    )
    assert made.nations == (Nation.ENGLAND, Nation.WALES)
    assert (made.valid_from, made.valid_to) == (dt.date(2025, 4, 7), dt.date(2026, 4, 5))
    assert (made.state, made.withdrawn_at) == (State.WITHDRAWN, dt.date(2026, 2, 1))
    assert made.notice == "Sample only."


def test_defaults() -> None:
    made = metadata({"valid_from": ""}, path="a/b.txt", title="A title")
    assert (made.uri, made.title, made.path) == ("file:a/b.txt", "A title", "a/b.txt")
    assert made.nations == ALL_NATIONS
    assert (made.valid_from, made.valid_to, made.state) == (None, None, State.CURRENT)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("england, Northern Ireland", (Nation.ENGLAND, Nation.NORTHERN_IRELAND)),
        (["Great Britain"], (Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES)),
        (["wales", "england", "wales"], (Nation.ENGLAND, Nation.WALES)),
        ("UK", ALL_NATIONS),
    ],
)
def test_nations_are_read_however_they_are_written(given: Any, expected: tuple[Nation, ...]) -> None:
    assert metadata({"nations": given}, path="a", title="t").nations == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("valid_from", "2026-13-45"),
        ("valid_from", "7 April 2026"),
        ("review_due", ["2026-01-01"]),
        ("nations", "atlantis"),
        ("nations", []),
        ("nations", {"england": "yes"}),
        ("kind", "gossip"),
        ("state", "maybe"),
        ("title", {"a": "b"}),
        ("uri", "no scheme here"),
        ("uri", "noscheme"),
        ("valid_form", "2026-01-01"),
        ("withdrawn_at", "2026-01-01"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_value(field: str, value: Any) -> None:
    with pytest.raises(MetadataInvalid) as raised:
        metadata({field: value}, path="a", title="t")
    assert raised.value.message.startswith(f"{field}: ")
    assert str(value)[:10] in raised.value.message


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(MetadataInvalid, match="valid_to"):
        metadata({"valid_from": "2026-01-02", "valid_to": "2026-01-01"}, path="a", title="t")


@pytest.mark.parametrize(
    "text", ["---\na: [1\n---\n", "---\n" + "[" * 3000 + "\n---\n", "---\n" + "a" * 70_000 + "\n---\n"]
)
def test_front_matter_that_is_not_yaml_is_refused(text: str) -> None:
    with pytest.raises(MetadataInvalid):
        front_matter(text)


def test_a_rule_at_the_top_is_not_front_matter() -> None:
    assert front_matter("---\njust words\n---\nmore") == ({}, "---\njust words\n---\nmore")


def test_sidecar(tmp_path: Path) -> None:
    document = tmp_path / "rates.pdf"
    assert sidecar(document) == {}
    (tmp_path / "rates.pdf.meta.yaml").write_text("title: Rates\nvalid_from: 2026-04-06\n", encoding="utf-8")
    assert sidecar(document) == {"title": "Rates", "valid_from": "2026-04-06"}
    (tmp_path / "rates.pdf.meta.yaml").write_text("just words", encoding="utf-8")
    with pytest.raises(MetadataInvalid, match=r"rates\.pdf\.meta\.yaml"):
        sidecar(document)
