"""A receipt says what the shapes demand, in terms of the vocabulary alone, and fetches nothing to be read."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

rdflib = pytest.importorskip("rdflib")
pyshacl = pytest.importorskip("pyshacl")

from governance.agreement import CITIZEN_PARTICIPATION, COLLEAGUE_EVALUATION, COLLEAGUE_USE, Purpose, State  # noqa: E402
from governance.consent import Consents  # noqa: E402
from governance.receipts import printed, receipt  # noqa: E402
from governance.receipts.receipt import vocabulary  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated.*:DeprecationWarning")  # rdflib speaks of itself
DCT = {f"http://purl.org/dc/terms/{name}" for name in ("conformsTo", "subject", "language", "valid")}
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """One kind of database is enough: a receipt is made of a record alone."""
    return f"sqlite:///{tmp_path / 'governance.db'}"


def graph_of(document: dict[str, Any]) -> Any:
    graph = rdflib.Graph()
    graph.parse(data=json.dumps(document), format="json-ld")
    return graph


def conforms(document: dict[str, Any]) -> tuple[bool, str]:
    shapes = rdflib.Graph()
    shapes.parse(data=files("governance.receipts").joinpath("shapes.ttl").read_text(), format="turtle")
    found, _, text = pyshacl.validate(graph_of(document), shacl_graph=shapes)
    return bool(found), str(text)


@pytest.fixture
def record(consents: Consents) -> dict[str, Any]:
    record_id = consents.give(
        "z1", CITIZEN_PARTICIPATION, purposes=[p.value for p in Purpose], actor="p1", channel="page"
    )
    return consents.record(record_id)


def test_every_notice_makes_receipts_that_conform(consents: Consents) -> None:
    for notice, purposes in (
        (COLLEAGUE_USE, None), (COLLEAGUE_EVALUATION, ["evaluation_reuse"]), (CITIZEN_PARTICIPATION, ["handover"]),
    ):  # fmt: skip
        record = consents.record(consents.give("p1", notice, purposes=purposes, actor="p1", channel="page"))
        found, text = conforms(receipt(record))
        assert found, text


def test_every_state_and_purpose_has_a_term() -> None:
    assert set(vocabulary()["statuses"]) == set(State)
    assert set(vocabulary()["purposes"]) == set(Purpose)


def test_a_withdrawal_has_a_receipt_too(consents: Consents, record: dict[str, Any]) -> None:
    gone = consents.record(consents.withdraw("z1", CITIZEN_PARTICIPATION, actor="p1", channel="page"))
    document = receipt(gone)
    assert conforms(document)[0]
    assert document["dct:subject"]["hasConsentStatus"] == {"@id": "dpv:ConsentWithdrawn"}
    assert "you took it back" in printed(gone)


def test_it_uses_terms_of_the_vocabulary_and_no_others(record: dict[str, Any]) -> None:
    terms = vocabulary()
    known = {
        *terms["classes"],
        *terms["statuses"].values(),
        *terms["purposes"].values(),
        *terms["legal_bases"].values(),
    }
    for _, predicate, value in graph_of(receipt(record)):
        name = str(predicate)
        if name == RDF_TYPE:
            assert str(value).removeprefix(terms["namespace"]) in known, value
        else:
            assert name in DCT or name.removeprefix(terms["namespace"]) in terms["properties"], name
        if str(value).startswith(terms["namespace"]):
            assert str(value).removeprefix(terms["namespace"]) in known, value


@pytest.mark.parametrize(
    "name", ["hasIdentifier", "hasDataSubject", "hasConsentStatus", "isIndicatedAtTime", "hasNotice", "hasProcess", "hasRight"]
)  # fmt: skip
def test_one_that_lacks_something_does_not_conform(record: dict[str, Any], name: str) -> None:
    document = receipt(record)
    del document["dct:subject"][name]
    assert not conforms(document)[0]


def test_one_that_says_more_or_something_else_does_not_conform(record: dict[str, Any]) -> None:
    for change in (
        {"hasName": "Ann Example"}, {"hasConsentStatus": {"@id": "dpv:ConsentUnknown"}}, {"isIndicatedAtTime": "soon"},
    ):  # fmt: skip
        document = receipt(record)
        document["dct:subject"] |= change
        assert not conforms(document)[0], change


def test_the_page_to_print_says_what_was_agreed_and_how_to_stop(record: dict[str, Any]) -> None:
    page = printed(record, reference="ledger entry 7")
    for said in (
        "Your code:** z1",
        "you said yes",
        "handing on what you choose",
        "take it back",
        "ledger entry 7",
        "runs out",
    ):
        assert said in page, said
