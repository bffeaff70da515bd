"""Why: somebody who agreed to something should hold in their hands what it was, and another organisation's programs
should be able to read it.

The JSON-LD form follows the consent receipt of ISO/IEC TS 27560 in the terms of the W3C Data Privacy Vocabulary (DPV 2,
w3id.org/dpv); which terms, and what we mean by them, stands in vocabulary.yaml, and what each receipt must say in
shapes.ttl (SHACL). The context is written out, so that reading one fetches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

CONFORMS_TO = "https://w3id.org/dpv/schema/dpv-27560#receipt-full"
_LABELS = {
    "answer": "finding the guidance that applies to you",
    "audit": "keeping a record that can be checked",
    "evaluation_reuse": "checking whether answers are right",
    "service_improvement": "making the service better",
    "handover": "handing on what you choose to another service",
}


@cache
def vocabulary() -> dict[str, Any]:
    """The terms that receipts use."""
    text = files("governance.receipts").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def receipt(record: Mapping[str, Any]) -> dict[str, Any]:
    """The receipt of a record of an agreement (``Consents.record``), as JSON-LD."""
    terms = vocabulary()
    held: dict[str, Any] = {
        "@id": f"urn:frontline:record:{record['record_id']}", "@type": "dpv:ConsentRecord",
        "hasIdentifier": record["record_id"],
        "hasDataSubject": {"@type": "dpv:DataSubject", "hasIdentifier": record["person"]},
        "hasConsentStatus": {"@id": f"dpv:{terms['statuses'][record['state']]}"},
        "isIndicatedAtTime": _time(record["time"]), "isIndicatedBy": record["captured_by"],
        "dct:language": record["language"],
        "hasNotice": {
            "@type": "dpv:ConsentNotice", "hasName": f"{record['notice_id']} {record['notice_version']}",
            "hasIdentifier": f"sha256:{record['notice_sha256']}",
        },
        "hasProcess": {
            "@type": "dpv:Process",
            "hasPurpose": [
                {"@type": ["dpv:Purpose", f"dpv:{terms['purposes'][purpose]}"], "hasName": purpose}
                for purpose in record["purposes"]
            ],
            "hasPersonalData": [{"@type": "dpv:PersonalData", "hasName": n} for n in record["data_categories"]],
            "hasDataController": {"@type": "dpv:DataController", "hasName": record["controller"]},
            "hasRecipient": [{"@type": "dpv:Recipient", "hasName": name} for name in record["recipients"]],
            "hasLegalBasis": {
                "@type": ["dpv:LegalBasis", f"dpv:{terms['legal_bases'][record['lawful_basis']]}"],
                "hasName": record["lawful_basis"],
            },
            "hasStorageCondition": {
                "@type": "dpv:StorageCondition", "hasDuration": record["retention"],
                "hasLocation": record["storage_location"],
            },
        },
        "hasRight": [
            {"@type": "dpv:DataSubjectRight", "hasName": right, "isExercisedAt": record["withdrawal_method"]}
            for right in record["rights"]
        ],
    }  # fmt: skip
    if record["expires"]:
        held["dct:valid"] = _time(record["expires"])
    return {
        "@context": {
            "@version": 1.1, "@vocab": terms["namespace"], "dpv": terms["namespace"],
            "dct": "http://purl.org/dc/terms/", "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": f"urn:frontline:receipt:{record['receipt_id']}", "@type": "dpv:ConsentReceipt",
        "hasIdentifier": record["receipt_id"], "dct:conformsTo": {"@id": CONFORMS_TO}, "dct:subject": held,
    }  # fmt: skip


def printed(record: Mapping[str, Any], *, reference: str = "") -> str:
    """The receipt as a page to print, in Markdown. ``reference`` is where the record stands in the ledger."""
    said = {
        "requested": "you were asked", "given": "you said yes", "refused": "you said no",
        "withdrawn": "you took it back", "expired": "it ran out", "superseded": "you agreed anew",
        "invalidated": "it was found not to count",
    }[record["state"]]  # fmt: skip
    lines = [
        "# Your receipt", "",
        f"**Your code:** {record['person']}", f"**Receipt:** {record['receipt_id']}",
        f"**On {record['time'][:10]}:** {said}.",
        f"**What you were shown:** {record['notice_id']} {record['notice_version']}", "",
        "## What it is about", "",
        *(f"- {_LABELS[purpose]}" for purpose in record["purposes"]), "",
        "## What is used, and who sees it", "",
        f"- Data: {', '.join(record['data_categories'])}.",
        f"- Who decides on its use: {record['controller']}.",
        f"- Who may see it: {', '.join(record['recipients'])}.",
        f"- Kept: {record['retention']}; where: {record['storage_location']}.", "",
        "## Your choice", "",
        f"- To take it back: {record['withdrawal_method']}. Nothing about your claim changes.",
        f"- You can ask for: {', '.join(record['rights'])}.",
    ]  # fmt: skip
    if record["expires"] and record["state"] == "given":
        lines.append(f"- It runs out by itself on {record['expires'][:10]}.")
    lines += ["", "Keep this page. Whoever has your code can act on it for you, so keep it to yourself."]
    if reference:
        lines.append(f"This is recorded as {reference}; the record cannot be changed.")
    return "\n".join(lines) + "\n"


def _time(stamp: str) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": stamp}
