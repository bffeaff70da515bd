"""Why: a service that receives a hand-over should be able to check it without asking us, and without our code. This
file needs Python and ``cryptography`` alone; copy it anywhere and read it first, it is short.

    python verify_handover.py BUNDLE.json --key KEY --status STATUS.json [--recipient NAME] [--show]

BUNDLE.json is one JSON document: form ("frontline-handover/1"), body (JSON, base64), signature (Ed25519 over the form,
a newline and the body's bytes, base64) and key. The body holds:

    id, issued, expires    its name, and from when until when it holds (UTC)
    issuer, recipient      who handed it over, and to whom
    person                 a code for the person; never a name
    agreement              record of the person's agreement to hand it over: record_id, notice, version, state, time
    facts                  what the person chose to hand on, as name and value
    guidance               what was relied on: answers, each sentence with its quote, title, uri and version

STATUS.json is the issuer's signed list of what was withdrawn (form "frontline-handover-status/1"; body: issued,
next_update, revoked). Ask the issuer for a fresh one; ``--without-status`` does without, and says so.
The key must be given, as the issuer publishes it; ``--enclosed-key`` trusts the one in the bundle, and says so.
Exit status: 0 holds, 1 does not hold, 2 a file or an option cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import datetime as dt
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BUNDLE = "frontline-handover/1"
STATUS = "frontline-handover-status/1"
DOCUMENT = {"form", "body", "signature", "key"}
FIELDS: dict[str, type] = {
    "id": str,
    "issued": str,
    "expires": str,
    "issuer": str,
    "recipient": str,
    "person": str,
    "agreement": dict,
    "facts": list,
    "guidance": list,
}
STATUS_FIELDS: dict[str, type] = {"issued": str, "next_update": str, "revoked": dict}
LEEWAY = dt.timedelta(minutes=5)
"""How far the issuer's clock may be ahead of ours."""


class DoesNotHold(ValueError):
    """The bundle cannot be relied on; the message says why."""


@dataclass(frozen=True)
class Holds:
    """What a bundle that holds says."""

    body: dict[str, Any]
    key: str
    status_issued: str
    """When the status list it was checked against was issued; empty: none was."""


def verify(
    bundle: Any,
    *,
    key: str | None,
    status: Any = None,
    recipient: str | None = None,
    now: dt.datetime | None = None,
) -> Holds:
    """What a bundle says, once it was found good under ``key`` (None: the key it encloses).

    ``status`` is the issuer's status list (None: whether it was withdrawn is not checked). Raises ``DoesNotHold``.
    """
    moment = now or dt.datetime.now(dt.UTC)
    body = opened(bundle, BUNDLE, key, FIELDS)
    if time_of(body["issued"]) > moment + LEEWAY:
        raise DoesNotHold(f"it says that it was issued in the future, at {body['issued']}")
    if time_of(body["expires"]) <= moment:
        raise DoesNotHold(f"it ran out at {body['expires']}")
    if recipient is not None and recipient != body["recipient"]:
        raise DoesNotHold(f"it was handed to {body['recipient']!r}, not to {recipient!r}")
    if status is None:
        return Holds(body, bundle["key"], "")
    listed = opened(status, STATUS, bundle["key"], STATUS_FIELDS)
    if not time_of(listed["issued"]) - LEEWAY <= moment < time_of(listed["next_update"]):
        raise DoesNotHold(
            f"the status list of {listed['issued']} is out of date: ask the issuer for a new one"
        )
    if body["id"] in listed["revoked"]:
        raise DoesNotHold(
            f"it was withdrawn at {listed['revoked'][body['id']]}: use nothing of it, and destroy it"
        )
    return Holds(body, bundle["key"], listed["issued"])


def opened(document: Any, form: str, key: str | None, fields: dict[str, type]) -> dict[str, Any]:
    """The body of a signed document of a form, once its signature by ``key`` was found good."""
    if not isinstance(document, dict) or set(document) != DOCUMENT:
        raise DoesNotHold(f"a document must have the fields {', '.join(sorted(DOCUMENT))}, and no others")
    if document["form"] != form:
        raise DoesNotHold(f"the form is {document['form']!r}, where {form!r} is wanted")
    if key is not None and key != document["key"]:
        raise DoesNotHold("it was signed with another key than the one given")
    data = unpack(document["body"], "body")
    try:
        Ed25519PublicKey.from_public_bytes(public(document["key"])).verify(
            unpack(document["signature"], "signature"), form.encode() + b"\n" + data
        )
    except InvalidSignature as error:
        raise DoesNotHold("the signature is not good: it was changed, or signed with another key") from error
    body = parse(data)
    if not isinstance(body, dict) or {name: type(value) for name, value in body.items()} != fields:
        raise DoesNotHold(f"its body must have the fields {', '.join(fields)}, each of its type")
    return body


def public(key: Any) -> bytes:
    """The public key in a verifier key: name, key id, key."""
    name, _, rest = str(key).partition("+")
    identifier, _, encoded = rest.partition("+")
    raw = unpack(encoded, "key")
    if (
        len(raw) != 33
        or raw[0] != 1
        or hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != identifier
    ):
        raise DoesNotHold(f"{key!r} is not a public key")
    return raw[1:]


def time_of(text: str) -> dt.datetime:
    """A time with its zone."""
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise DoesNotHold(f"{text!r} is not a time") from error
    if time.tzinfo is None:
        raise DoesNotHold(f"{text!r} does not say in which zone it is")
    return time


def unpack(text: Any, where: str) -> bytes:
    """Bytes from base64, written in the one way that is allowed."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise DoesNotHold(f"{where} is not base64") from error
    if base64.b64encode(data).decode() != text:
        raise DoesNotHold(f"{where} is not base64 in its plain form")
    return data


def parse(data: bytes) -> Any:
    """JSON in which no name stands twice, so that every reader sees the same."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise DoesNotHold("a name stands twice in the JSON")
        return dict(pairs)

    try:
        return json.loads(data, object_pairs_hook=once)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise DoesNotHold(f"not JSON: {error}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one file; see the top of this file."""
    options = argparse.ArgumentParser(description="Check a hand-over, with nothing of its issuer at hand.")
    options.add_argument("bundle", type=Path, help="the bundle, a JSON document")
    trusted = options.add_mutually_exclusive_group(required=True)
    trusted.add_argument("--key", help="the issuer's public key, as published")
    trusted.add_argument("--enclosed-key", action="store_true", help="use the key in the bundle")
    withdrawn = options.add_mutually_exclusive_group(required=True)
    withdrawn.add_argument("--status", type=Path, help="the issuer's status list, a JSON document")
    withdrawn.add_argument(
        "--without-status", action="store_true", help="do not check whether it was withdrawn"
    )
    options.add_argument("--recipient", help="who we are; it must have been handed to us")
    options.add_argument("--show", action="store_true", help="print what it says")
    given = options.parse_args(arguments)
    try:
        status = parse(given.status.read_bytes()) if given.status else None
        found = verify(
            parse(given.bundle.read_bytes()), key=given.key, status=status, recipient=given.recipient
        )
    except OSError as error:
        sys.stderr.write(f"{error.filename} cannot be read: {error.strerror}\n")
        return 2
    except DoesNotHold as error:
        sys.stderr.write(f"DOES NOT HOLD: {error}.\n")
        return 1
    body = found.body
    lines = [f"Holds: {body['id']}, from {body['issuer']} to {body['recipient']}, until {body['expires']}."]
    lines.append(
        f"Not withdrawn, by the list of {found.status_issued}."
        if found.status_issued
        else "NOT CHECKED whether it was withdrawn: ask the issuer for its status list."
    )
    if given.enclosed_key:
        lines.append("The key came with the bundle: compare it with the one that is published.")
        lines.append(found.key)
    if given.show:
        lines.append(json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
