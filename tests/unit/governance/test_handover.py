"""What was handed over can be checked by anyone with the key alone; changed, late, withdrawn or misdirected, it does
not hold."""

from __future__ import annotations

import ast
import base64
import copy
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance import verify_handover
from governance.bundle import BUNDLE, STATUS, BundleSigner
from governance.errors import HandoverUnknown
from governance.handover import Handovers
from governance.ledger import Ledger
from governance.store import Store
from governance.vault import Kind, Vault
from governance.verify_handover import DoesNotHold, verify
from tests.unit.governance.conftest import Clock

GUIDANCE = [
    {
        "answer": "a1", "outcome": "answered", "on": "2026-11-23", "nation": "england",
        "sentences": [{"text": "It is £1.", "quotes": [{"quote": "It is £1.", "uri": "uc:1", "version": "v1"}]}],
    }
]  # fmt: skip


def made(handovers: Handovers, store: Store, **given: Any) -> dict[str, Any]:
    what: dict[str, Any] = {
        "subject": "z1", "issuer": "Jobcentre", "recipient": "Housing service", "agreement": {"record_id": "c1"},
        "facts": {"needs an interpreter": "Somali"}, "guidance": GUIDANCE, "days": 30, "actor": "p1", **given,
    }  # fmt: skip
    with store.write() as connection:
        return handovers.make(connection, **what)


def test_a_bundle_holds_and_says_what_was_chosen(handovers: Handovers, store: Store, clock: Clock) -> None:
    bundle = made(handovers, store)
    found = verify(
        bundle, key=handovers.verifier, status=handovers.status(), recipient="Housing service", now=clock()
    )
    assert found.body["facts"] == [{"name": "needs an interpreter", "value": "Somali"}]
    assert found.body["guidance"] == GUIDANCE
    assert found.status_issued


def test_it_is_sealed_and_recorded_and_the_ledger_says_nothing_of_its_values(
    handovers: Handovers, store: Store, vault: Vault, ledger: Ledger
) -> None:
    bundle = made(handovers, store)
    (sealed,) = vault.held(kind=Kind.HANDOVER)
    assert vault.open(sealed.payload_id) == bundle
    entry = ledger.entries(type="handover.made")[0]
    assert entry.body["facts"] == ["needs an interpreter"] and "Somali" not in entry.data.decode()
    assert ledger.verify().ok


def test_withdrawn_it_does_not_hold(handovers: Handovers, store: Store, ledger: Ledger, clock: Clock) -> None:
    one, two = made(handovers, store), made(handovers, store, subject="z2")
    with store.write() as connection:
        assert len(handovers.revoke(connection, why="withdrawn", actor="p1", subject="z1")) == 1
        assert handovers.revoke(connection, why="withdrawn", actor="p1", subject="z1") == []
    status = handovers.status()
    with pytest.raises(DoesNotHold, match="withdrawn"):
        verify(one, key=handovers.verifier, status=status, now=clock())
    assert verify(two, key=handovers.verifier, status=status, now=clock())
    assert verify(one, key=handovers.verifier, now=clock()).status_issued == "", "not checked is said"
    assert "z1" not in base64.b64decode(status["body"]).decode(), "the list names nobody"
    assert ledger.verify().ok
    with pytest.raises(HandoverUnknown):
        handovers.revoke_one(handovers.all("z1")[0].handover_id, why="again", actor="p1")


def test_late_early_misdirected_or_with_a_stale_list_it_does_not_hold(
    handovers: Handovers, store: Store, clock: Clock
) -> None:
    bundle, status, now = made(handovers, store), handovers.status(), clock()
    key = handovers.verifier
    for given, why in (
        ({"now": now + dt.timedelta(days=31)}, "ran out"),
        ({"now": now - dt.timedelta(days=1)}, "future"),
        ({"now": now, "recipient": "Another"}, "handed to"),
        ({"now": now + dt.timedelta(hours=25)}, "out of date"),
    ):
        with pytest.raises(DoesNotHold, match=why):
            verify(bundle, key=key, status=status, **given)  # type: ignore[arg-type]


def test_changed_anywhere_it_does_not_hold(handovers: Handovers, store: Store, clock: Clock) -> None:
    bundle, now = made(handovers, store), clock()
    body = base64.b64decode(bundle["body"])
    for place in range(0, len(body), 7):
        changed = copy.deepcopy(bundle)
        changed["body"] = base64.b64encode(
            body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        ).decode()
        with pytest.raises(DoesNotHold):
            verify(changed, key=handovers.verifier, now=now)
    for name in bundle:
        for value in ("", None, 7, bundle[name] + "A", [bundle[name]]):
            with pytest.raises(DoesNotHold):
                verify({**bundle, name: value}, key=handovers.verifier if name != "key" else None, now=now)
        with pytest.raises(DoesNotHold):
            verify({n: v for n, v in bundle.items() if n != name}, key=handovers.verifier, now=now)


def test_another_signer_or_another_form_is_not_taken(
    handovers: Handovers, store: Store, clock: Clock
) -> None:
    bundle, now = made(handovers, store), clock()
    forger = BundleSigner(Ed25519PrivateKey.generate())
    body = json.loads(base64.b64decode(bundle["body"]))
    with pytest.raises(DoesNotHold, match="another key"):
        verify(forger.sign(BUNDLE, body), key=handovers.verifier, now=now)
    with pytest.raises(DoesNotHold, match="another key"):
        clean = {"issued": body["issued"], "next_update": body["expires"], "revoked": {}}
        verify(bundle, key=handovers.verifier, status=forger.sign(STATUS, clean), now=now)
    with pytest.raises(DoesNotHold, match="form"):
        verify(handovers.status(), key=handovers.verifier, now=now)
    with pytest.raises(DoesNotHold, match="form"):
        verify(bundle, key=handovers.verifier, status=bundle, now=now)


def test_the_verifier_stands_alone_and_runs_from_anywhere(
    store: Store, ledger: Ledger, vault: Vault, tmp_path: Path
) -> None:
    source = Path(verify_handover.__file__).read_text(encoding="utf-8")
    imported = {
        (node.module or "").split(".")[0]
        if isinstance(node, ast.ImportFrom)
        else node.names[0].name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
    handovers = Handovers(store, ledger, vault, BundleSigner(Ed25519PrivateKey.generate()))
    script, bundle, status = tmp_path / "v.py", tmp_path / "b.json", tmp_path / "s.json"
    script.write_text(source, encoding="utf-8")
    bundle.write_text(json.dumps(made(handovers, store)), encoding="utf-8")
    status.write_text(json.dumps(handovers.status()), encoding="utf-8")

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", str(script), str(bundle), *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )

    good = run("--key", handovers.verifier, "--status", str(status), "--show")
    assert good.returncode == 0 and "Somali" in good.stdout, good.stderr
    assert "NOT CHECKED" in run("--enclosed-key", "--without-status").stdout
    assert run("--key", handovers.verifier, "--status", str(tmp_path / "none")).returncode == 2
    assert run("--key", handovers.verifier, "--without-status", "--recipient", "X").returncode == 1
    assert run("--key", handovers.verifier).returncode == 2, (
        "whether it was withdrawn must be said one way or the other"
    )
