"""A proof stands without the ledger, and a changed one does not."""

from __future__ import annotations

import ast
import base64
import copy
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance import verify_proof
from governance.errors import EntryUnknown, LedgerBroken
from governance.ledger import Ledger, Signer
from governance.ledger.tree import leaf_hash
from governance.store import Store
from governance.verify_proof import NotProven, verify

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    store = Store.open(f"sqlite:///{tmp_path / 'governance.db'}")
    ledger = Ledger(store, signer=Signer.at(tmp_path / "keys" / "ledger.pem"))
    for n in range(7):
        ledger.append("answer", {"n": n, "text": "£400.14 a month"}, actor="p1", subject=f"a{n}")
    yield ledger
    store.close()


def test_every_entry_is_proven_at_every_checkpoint(ledger: Ledger) -> None:
    for size in range(7, 12):
        note = ledger.checkpoint()
        for index in range(size):
            proven = verify(ledger.prove(index, checkpoint=note), key=ledger.verifier)
            assert (proven.index, proven.size) == (index, size)
            assert proven.root == ledger.root(size)
            assert proven.entry["type"] == "answer"
        ledger.append("answer", {"n": size}, actor="p1")


def test_an_entry_that_no_checkpoint_covers_gets_one(ledger: Ledger) -> None:
    assert ledger.prove(2)["size"] == 7
    ledger.append("answer", {}, actor="p1")
    assert ledger.prove(2)["size"] == 7, "the newest kept checkpoint still covers it"
    assert ledger.prove(7)["size"] == 8


def test_no_proof_of_what_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(EntryUnknown):
        ledger.prove(7)
    early = ledger.checkpoint()
    ledger.append("answer", {}, actor="p1")
    with pytest.raises(EntryUnknown):
        ledger.prove(7, checkpoint=early)


def test_a_checkpoint_of_another_key_is_refused(ledger: Ledger) -> None:
    foreign = Signer(Ed25519PrivateKey.generate()).sign(7, ledger.root())
    with pytest.raises(LedgerBroken, match="not signed by"):
        ledger.prove(0, checkpoint=foreign)


def test_a_forged_document_with_its_own_key_fails_under_the_published_key(
    ledger: Ledger, tmp_path: Path
) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'other.db'}")
    other = Ledger(store, signer=Signer.at(tmp_path / "other.pem"))
    other.append("answer", {"n": 0, "text": "£9,000 a month"}, actor="p1")
    forged = other.prove(0)
    store.close()
    assert verify(forged).key == other.verifier
    with pytest.raises(NotProven, match="another key"):
        verify(forged, key=ledger.verifier)


def changed(proof: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The proof with one thing changed, each in turn."""
    for name in proof:
        without = copy.deepcopy(proof)
        del without[name]
        yield f"without {name}", without
        for value in (None, "", 0, 1, [], True, "+", "AA==", proof["size"] + 1, -1):
            if value != proof[name] or type(value) is not type(proof[name]):
                yield f"{name} is {value!r}", {**proof, name: value}
    yield "more", {**proof, "more": 1}
    for at in range(len(proof["inclusion"])):
        spoiled = list(proof["inclusion"])
        raw = bytearray(base64.b64decode(spoiled[at]))
        raw[at] ^= 1
        spoiled[at] = base64.b64encode(raw).decode()
        yield f"inclusion {at}", {**proof, "inclusion": spoiled}
    yield "cut", {**proof, "inclusion": proof["inclusion"][:-1]}
    yield "grown", {**proof, "inclusion": [*proof["inclusion"], proof["inclusion"][0]]}
    yield "turned", {**proof, "inclusion": proof["inclusion"][::-1]}
    yield "no text", {**proof, "inclusion": [1, 2, 3]}
    data = base64.b64decode(proof["entry"])
    for at in range(len(data)):
        spoiled_entry = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        yield f"entry byte {at}", {**proof, "entry": base64.b64encode(spoiled_entry).decode()}
    for at in range(len(proof["checkpoint"])):
        note = proof["checkpoint"]
        yield f"checkpoint {at}", {**proof, "checkpoint": note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :]}
        yield f"key {at}", {**proof, "key": proof["key"][:at] + "\x01" + proof["key"][at + 1 :]}


def test_every_change_to_a_proof_is_refused(ledger: Ledger) -> None:
    proof = ledger.prove(4)
    assert verify(proof).index == 4
    tried = 0
    for what, document in changed(proof):
        with pytest.raises(NotProven):
            pytest.fail(f"accepted: {what}: {verify(document)}")
        tried += 1
    assert tried > 500


@pytest.mark.parametrize("document", [None, [], "text", 3, {}])
def test_what_is_no_proof_is_refused(document: Any) -> None:
    with pytest.raises(NotProven, match="fields"):
        verify(document)


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(NotProven, match="twice"):
        verify_proof.parse(b'{"index": 1, "index": 2}')


def test_it_imports_nothing_of_ours() -> None:
    tree = ast.parse((ROOT / "governance" / "verify_proof.py").read_text(encoding="utf-8"))
    imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    imported |= {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    roots = {str(name).split(".")[0] for name in imported}
    assert roots - set(sys.stdlib_module_names) == {"cryptography"}


def test_a_copy_of_the_file_alone_checks_a_proof(ledger: Ledger, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    shutil.copy(ROOT / "governance" / "verify_proof.py", away)
    (away / "proof.json").write_text(json.dumps(ledger.prove(3)), encoding="utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "verify_proof.py", *arguments]
        return subprocess.run(command, cwd=away, capture_output=True, text=True)

    good = run("proof.json", "--key", ledger.verifier, "--show")
    assert (good.returncode, good.stderr) == (0, "")
    assert "Proven: entry 3 is among the first 7" in good.stdout
    assert "£400.14 a month" in good.stdout

    enclosed = run("proof.json", "--enclosed-key")
    assert enclosed.returncode == 0
    assert "compare it" in enclosed.stdout

    assert run("proof.json").returncode == 2, "a key must be chosen"
    assert run("absent.json", "--key", ledger.verifier).returncode == 2
    (away / "proof.json").write_text("{", encoding="utf-8")
    bad = run("proof.json", "--key", ledger.verifier)
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "NOT PROVEN: not JSON" in bad.stderr


def test_the_command_in_process(ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(ledger.prove(0)), encoding="utf-8")
    assert verify_proof.main([str(path), "--key", ledger.verifier]) == 0
    assert "Proven: entry 0" in capsys.readouterr().out
    assert verify_proof.main([str(path), "--key", "other"]) == 1
    assert "another key" in capsys.readouterr().err
    assert verify_proof.main([str(tmp_path / "absent"), "--enclosed-key"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_an_entry_that_says_it_is_another_is_refused(tmp_path: Path) -> None:
    """A ledger that put an entry in another place than it says would prove it there, if nobody looked."""
    data = b'{"index":5}'
    leaf = leaf_hash(data)
    signer = Signer.at(tmp_path / "ledger.pem")
    document = {
        "form": "frontline-proof/1", "entry": base64.b64encode(data).decode(), "index": 0, "size": 1, "inclusion": [],
        "checkpoint": signer.sign(1, leaf), "key": signer.verifier,
    }  # fmt: skip
    with pytest.raises(NotProven, match="does not say that it is entry 0"):
        verify(document)
    good = b'{"index":0}'
    again = {
        **document,
        "entry": base64.b64encode(good).decode(),
        "checkpoint": signer.sign(1, leaf_hash(good)),
    }
    assert verify(again).index == 0
