"""A new key takes over under the old one's signature; a lost or wrong key stops the ledger, and says so."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, update

from governance import tables as t
from governance import verify_proof
from governance.errors import CheckpointMalformed, CheckpointUntrusted, KeyUnusable
from governance.ledger import Ledger, Signer
from governance.ledger.note import CHECKPOINT_EVERY
from governance.ledger.rotation import check, handing_over, next_to
from governance.ledger.types import KEY_ROTATED
from governance.store import Store
from governance.witness import Witness
from governance.witness_command import main as witness_command
from tests.unit.governance.conftest import Clock
from tests.unit.governance.test_tamper import unguard


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "ledger.pem"


def fill(ledger: Ledger, n: int) -> None:
    for number in range(n):
        ledger.append("answer", {"n": number}, actor="p", subject=f"a{number}")


def test_what_the_old_key_signed_stays_good_and_the_new_one_signs_on(ledger: Ledger, key: Path) -> None:
    fill(ledger, 3)
    before = ledger.checkpoint()
    first = ledger.verifier
    entry = ledger.rotate_key(actor="officer", reason="yearly")
    assert entry.body["old"] == first and entry.body["new"] == ledger.verifier != first
    assert first.split("+")[0] == ledger.verifier.split("+")[0]  # the ledger's name stays
    fill(ledger, CHECKPOINT_EVERY)
    ledger.rotate_key(actor="officer", reason="again")
    fill(ledger, 3)
    ledger.checkpoint()
    assert ledger.verify().ok
    assert [size for size, _ in ledger.keys().since] == [0, 4, 4 + CHECKPOINT_EVERY + 1]
    assert not next_to(Signer.at(key)).exists()
    assert Signer.at(key).verifier == ledger.verifier
    assert oct(key.stat().st_mode & 0o777) == "0o600"
    old = ledger.prove(1, checkpoint=before)
    assert verify_proof.verify(old, key=first).size == 3


def test_an_old_public_key_leads_to_a_proof_under_the_new_one(ledger: Ledger) -> None:
    fill(ledger, 2)
    keys = [ledger.verifier]
    for reason in ("one", "two"):
        ledger.rotate_key(actor="officer", reason=reason)
        keys.append(ledger.verifier)
    proof = ledger.prove(0)
    for trusted in keys:
        assert verify_proof.verify(proof, key=trusted).index == 0
    with pytest.raises(verify_proof.NotProven, match="another key"):
        verify_proof.verify(proof, key=Signer(Ed25519PrivateKey.generate()).verifier)
    for spoil in ("old", "new", "signed_by_old", "signed_by_new"):
        forged = json.loads(json.dumps(proof))
        forged["rotations"][0][spoil] = forged["rotations"][1][spoil]
        with pytest.raises(verify_proof.NotProven):
            verify_proof.verify(forged, key=keys[0])
    for wrong in ("text", [1], [{"old": keys[0]}], [{**proof["rotations"][0], "old": 5}]):
        with pytest.raises(verify_proof.NotProven):
            verify_proof.verify({**proof, "rotations": wrong}, key=keys[0])


def test_a_forged_hand_over_is_found(ledger: Ledger, store: Store) -> None:
    fill(ledger, 2)
    forger = Signer(Ed25519PrivateKey.generate(), name=ledger.verifier.split("+")[0])
    accomplice = Signer(Ed25519PrivateKey.generate(), name=forger.name)
    body = {**handing_over(forger, accomplice), "reason": "mine now"}
    ledger.append(KEY_ROTATED, body, actor="thief", subject=forger.name)
    said = " ".join(str(problem) for problem in ledger.verify().problems)
    assert "keys: the key in use is not the one" in said


def test_a_hand_over_without_both_signatures_is_found(ledger: Ledger) -> None:
    forger = Signer(Ed25519PrivateKey.generate(), name=ledger.verifier.split("+")[0])
    body = {**handing_over(forger, forger), "old": ledger.verifier, "reason": "x"}
    ledger.append(KEY_ROTATED, body, actor="thief", subject=forger.name)
    (problem,) = ledger.verify().problems
    assert problem.where == "entries 0" and "change of key" in problem.what
    for wrong in ({}, "text", {**body, "new": "other+00000000+AAAA"}, {**body, "signed_by_old": "!"}):
        with pytest.raises(ValueError, match=r"\w"):
            check(wrong)


def test_a_hand_over_that_is_removed_is_found(ledger: Ledger, store: Store) -> None:
    fill(ledger, 2)
    ledger.rotate_key(actor="officer", reason="yearly")
    with store.write() as connection:
        unguard(connection)
        connection.execute(update(t.entries).where(t.entries.c.index == 2).values(type="answer"))
    assert "entries 2" in {problem.where for problem in ledger.verify().problems}


def test_a_witness_follows_the_keys_and_no_others(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(ledger, 2)
    witness = Witness(tmp_path / "witness")
    witness.trust(ledger.verifier)
    witness.add_checkpoint(ledger.for_witness(0))
    ledger.rotate_key(actor="officer", reason="yearly")
    with pytest.raises(CheckpointUntrusted):
        witness.add_checkpoint(ledger.for_witness(2))
    for wrong in ("", "[]", "{}", "not JSON"):
        with pytest.raises(CheckpointMalformed):
            witness.rotate(wrong)
    stranger = Signer(Ed25519PrivateKey.generate(), name=ledger.verifier.split("+")[0])
    with pytest.raises(CheckpointUntrusted):
        witness.rotate(json.dumps(handing_over(stranger, stranger.successor())))
    import io

    monkeypatch.setattr(
        "sys.stdin", io.StringIO(json.dumps([dict(each) for each in ledger.keys().handed_over]))
    )
    assert witness_command([str(tmp_path / "witness"), "rotate"]) == 0
    assert witness.add_checkpoint(ledger.for_witness(2)).startswith("\u2014 ")


def test_another_process_takes_the_new_key_up_by_itself(
    ledger: Ledger, store: Store, key: Path, clock: Clock
) -> None:
    other = Ledger(store, signer=Signer.at(key), clock=clock)
    fill(other, 2)
    ledger.rotate_key(actor="officer", reason="yearly")
    assert other.verifier != ledger.verifier
    fill(other, CHECKPOINT_EVERY)
    other.checkpoint()
    assert other.verifier == ledger.verifier
    assert ledger.verify().ok and other.verify().ok


def test_a_process_whose_key_was_replaced_and_is_gone_signs_nothing(
    ledger: Ledger, store: Store, key: Path, clock: Clock
) -> None:
    other = Ledger(store, signer=Signer.at(key), clock=clock)
    ledger.rotate_key(actor="officer", reason="yearly")
    key.unlink()
    with pytest.raises(KeyUnusable):
        other.append("answer", {}, actor="p") and other.checkpoint()


@pytest.mark.parametrize("committed", [True, False])
def test_a_crash_in_the_middle_of_a_change_is_settled_when_the_ledger_is_opened(
    store: Store, key: Path, clock: Clock, committed: bool
) -> None:
    ledger = Ledger.signed_at(store, key)
    fill(ledger, 2)
    old = Signer.at(key)
    new = old.successor()
    new.keep(next_to(old))
    if committed:
        ledger.append(KEY_ROTATED, {**handing_over(old, new), "reason": "x"}, actor="o", subject=old.name)
    again = Ledger.signed_at(store, key)
    assert again.verifier == (new if committed else old).verifier
    assert Signer.at(key).verifier == again.verifier and not next_to(old).exists()
    again.checkpoint()
    assert again.verify().ok


def test_a_change_that_cannot_be_kept_leaves_the_old_key(ledger: Ledger, store: Store, key: Path) -> None:
    fill(ledger, 1)
    before = ledger.verifier
    with pytest.raises(ValueError, match="actor"):
        ledger.rotate_key(actor="two\nlines", reason="x")
    assert ledger.verifier == before
    fill(ledger, CHECKPOINT_EVERY)
    assert ledger.verify().ok
    with pytest.raises(KeyUnusable):
        Ledger(store, signer=Signer(Ed25519PrivateKey.generate())).rotate_key(actor="o", reason="x")


def test_a_lost_key_is_not_replaced_in_silence(store: Store, key: Path) -> None:
    fill(Ledger.signed_at(store, key), 1)
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(KeyUnusable, match="is not"):
        Ledger.signed_at(store, key)
    assert not key.exists()
    key.write_bytes(kept)
    assert Ledger.signed_at(store, key).verify().ok


def test_the_key_of_another_ledger_is_told_from_ours(store: Store, key: Path, tmp_path: Path) -> None:
    ledger = Ledger.signed_at(store, key)
    ledger.append("answer", {}, actor="p")
    ledger.checkpoint()
    with pytest.raises(KeyUnusable, match="is that of"):
        Ledger.signed_at(store, _other(tmp_path))


def _other(folder: Path) -> Path:
    Signer(Ed25519PrivateKey.generate()).keep(folder / "other.pem")
    return folder / "other.pem"


def test_a_clock_that_runs_backwards_is_noticed_and_found_where_it_was_not(
    ledger: Ledger, store: Store, clock: Clock
) -> None:
    fill(ledger, 2)
    clock.now -= dt.timedelta(days=1)
    fill(ledger, 1)
    kinds = [entry.type for entry in ledger.entries()]
    assert kinds == ["answer", "answer", "clock.went_back", "answer"]
    noticed: dict[str, Any] = ledger.entry(2).body
    assert noticed["now"] < noticed["before"]
    assert ledger.verify().ok
    with store.write() as connection:
        unguard(connection)
        connection.execute(delete(t.entries).where(t.entries.c.index == 2))
    assert any("unnoticed" in problem.what for problem in ledger.verify().problems)
