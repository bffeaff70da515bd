"""A Content API item says of itself what a scraped page leaves out."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from governance.errors import DocumentCorrupt, DocumentUnsupported, DocumentWithoutText
from ingest.parse.blocks import sections
from ingest.parse.govuk import govuk


def item(**changes: Any) -> bytes:
    made: dict[str, Any] = {
        "base_path": "/carers",
        "schema_name": "answer",
        "title": "Carers",
        "description": "Money for carers.",
        "locale": "en",
        "public_updated_at": "2026-04-06T09:00:00Z",
        "links": {"organisations": [{"title": "Department for Work and Pensions"}]},
        "details": {"body": "<p>Pay £10.</p><h2>Who</h2><ul><li>carers</li></ul>"},
    }
    return json.dumps({**made, **changes}).encode()


def text(data: bytes) -> dict[tuple[str, ...], str]:
    draft = govuk(data)
    return {s.heading_path: s.text for s in sections(draft.title, draft.blocks)}


def test_body_and_fields() -> None:
    assert text(item()) == {("Carers",): "Money for carers.\n\nPay £10.", ("Carers", "Who"): "- carers"}
    assert govuk(item()).fields == {
        "uri": "https://www.gov.uk/carers",
        "language": "en",
        "licence": "OGL-UK-3.0",
        "publisher": "Department for Work and Pensions",
        "published_at": dt.date(2026, 4, 6),
    }


def test_parts_keep_their_titles_above_their_own_headings() -> None:
    parts = [
        {"title": "Overview", "body": [{"content_type": "text/html", "content": "<p>First.</p>"}]},
        {"title": "Rates", "body": "<h2>Weekly</h2><p>£5.</p>"},
        "odd",
    ]
    assert text(item(description="", details={"parts": parts})) == {
        ("Carers", "Overview"): "First.",
        ("Carers", "Rates", "Weekly"): "£5.",
    }


def test_steps_and_named_fields() -> None:
    details = {
        "introductory_paragraph": "<p>Start here.</p>",
        "more_information": "<p>More.</p>",
        "step_by_step_nav": {
            "introduction": "<p>Steps.</p>",
            "steps": [
                {
                    "title": "Check",
                    "contents": [{"type": "paragraph", "text": "Check first."}, {"type": "list"}],
                },
                {},
            ],
        },
    }
    assert text(item(details=details, description="")) == {
        ("Carers",): "Start here.",
        ("Carers", "More information"): "More.\n\nSteps.",
        ("Carers", "Check"): "Check first.",
    }


def test_withdrawal_and_applicability() -> None:
    fields = govuk(
        item(
            withdrawn_notice={
                "explanation": "<p>Out of <b>date</b>.</p>",
                "withdrawn_at": "2026-01-02T00:00:00Z",
            },
            details={
                "body": "<p>x</p>",
                "national_applicability": {
                    "england": {"applicable": True},
                    "scotland": {"applicable": False},
                    "northern_ireland": {"applicable": False},
                },
            },
        )
    ).fields
    assert (fields["state"], fields["withdrawn_at"]) == ("withdrawn", dt.date(2026, 1, 2))
    assert fields["withdrawn_reason"] == "Out of date ."[:11] + "."
    assert fields["nations"] == ["england", "wales"]


@pytest.mark.parametrize("schema", ["gone", "redirect"])
def test_pages_that_are_no_more(schema: str) -> None:
    with pytest.raises(DocumentWithoutText, match=schema):
        govuk(item(schema_name=schema))


def test_other_json_is_not_taken() -> None:
    with pytest.raises(DocumentUnsupported):
        govuk(b'{"a": 1}')
    with pytest.raises(DocumentUnsupported):
        govuk(b"[1]")
    with pytest.raises(DocumentCorrupt):
        govuk(b"{")


def test_odd_dates_and_links_are_left_out() -> None:
    fields = govuk(item(public_updated_at="2026-99-99", links=[], withdrawn_notice={})).fields
    assert "published_at" not in fields
    assert fields["publisher"] == ""
