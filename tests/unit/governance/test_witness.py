"""A witness signs only a history that holds what it signed before, and remembers it before it signs."""

from __future__ import annotations

import base64
import datetime as dt
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from filelock import FileLock

from governance import witness_command
from governance.errors import (
    CheckpointMalformed,
    CheckpointUntrusted,
    HistoryChanged,
    StorageUnwritable,
    WitnessBroken,
    WitnessConflict,
)
from governance.ledger import Ledger, Signer
from governance.ledger.export import witness_request
from governance.store import Store
from governance.verify_proof import NotProven, verify
from governance.witness import Witness
from governance.witness_record import MOST_EVIDENCE, Known, Record

ROOT = Path(__file__).resolve().parents[3]
NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def grow(ledger: Ledger, n: int, what: str = "answer") -> None:
    for _ in range(n):
        ledger.append(what, {}, actor="p1")


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer.at(tmp_path / "keys" / "ledger.pem")


@pytest.fixture
def ledger(tmp_path: Path, signer: Signer) -> Iterator[Ledger]:
    store = Store.open(f"sqlite:///{tmp_path / 'governance.db'}")
    yield Ledger(store, signer=signer)
    store.close()


@pytest.fixture
def liar(tmp_path: Path, signer: Signer) -> Iterator[Ledger]:
    """Another history under the same key: what a keeper could show to somebody else."""
    store = Store.open(f"sqlite:///{tmp_path / 'liar.db'}")
    other = Ledger(store, signer=signer)
    grow(other, 9, "another")
    yield other
    store.close()


@pytest.fixture
def witness(tmp_path: Path, ledger: Ledger) -> Witness:
    witness = Witness(tmp_path / "witness", clock=lambda: NOW)
    witness.trust(ledger.verifier)
    return witness


def test_it_signs_a_ledger_as_it_grows(ledger: Ledger, signer: Signer, witness: Witness) -> None:
    for n in (0, 1, 1, 5, 1, 64):
        grow(ledger, n)
        line = witness.add_checkpoint(ledger.for_witness(witness.size(signer.name)))
        assert witness.size(signer.name) == ledger.size()
        cosigned = ledger.checkpoint() + line
        if ledger.size():
            proven = verify(
                ledger.prove(0, checkpoint=cosigned), key=ledger.verifier, witnesses=[witness.verifier]
            )
            assert proven.witnessed == ((witness.name, int(NOW.timestamp())),)


def test_it_signs_the_same_checkpoint_again(ledger: Ledger, witness: Witness) -> None:
    grow(ledger, 3)
    witness.add_checkpoint(ledger.for_witness(0))
    assert witness.add_checkpoint(ledger.for_witness(3)).startswith(f"\u2014 {witness.name} ")


def test_its_signature_is_of_that_checkpoint_alone(ledger: Ledger, witness: Witness) -> None:
    grow(ledger, 3)
    line = witness.add_checkpoint(ledger.for_witness(0))
    grow(ledger, 1)
    with pytest.raises(NotProven, match="not good"):
        verify(ledger.prove(0, checkpoint=ledger.checkpoint() + line), witnesses=[witness.verifier])
    with pytest.raises(NotProven, match="not signed by"):
        verify(ledger.prove(0), witnesses=[witness.verifier])


def test_a_rollback_is_refused(ledger: Ledger, signer: Signer, witness: Witness) -> None:
    grow(ledger, 5)
    early = ledger.checkpoint()
    grow(ledger, 4)
    witness.add_checkpoint(ledger.for_witness(0))
    with pytest.raises(WitnessConflict, match="9 entries"):
        witness.add_checkpoint(witness_request(0, [], early))
    with pytest.raises(CheckpointMalformed, match="fewer than the 9"):
        witness.add_checkpoint(witness_request(9, [], early))
    assert witness.size(signer.name) == 9


def test_a_fork_of_the_same_size_is_refused_and_kept_as_evidence(
    ledger: Ledger, liar: Ledger, signer: Signer, witness: Witness
) -> None:
    grow(ledger, 9)
    witness.add_checkpoint(ledger.for_witness(0))
    assert witness.evidence(signer.name) == ()
    for _ in range(2):
        with pytest.raises(HistoryChanged, match="its own beginning"):
            witness.add_checkpoint(liar.for_witness(9))
    assert witness.evidence(signer.name) == (liar.checkpoint(),)
    assert witness.size(signer.name) == 9
    witness.add_checkpoint(ledger.for_witness(9))
    assert witness.evidence(signer.name) == (liar.checkpoint(),), "evidence outlives what came after"


def test_a_history_rewritten_and_then_grown_is_refused(
    ledger: Ledger, liar: Ledger, signer: Signer, witness: Witness
) -> None:
    grow(ledger, 6)
    witness.add_checkpoint(ledger.for_witness(0))
    with pytest.raises(HistoryChanged):
        witness.add_checkpoint(liar.for_witness(6))
    honest = liar.consistency_proof(6, 9)
    grow(ledger, 3)
    with pytest.raises(HistoryChanged):
        witness.add_checkpoint(witness_request(6, honest, ledger.checkpoint()))
    assert len(witness.evidence(signer.name)) == 2
    witness.add_checkpoint(ledger.for_witness(6))


@pytest.mark.parametrize("spoil", ["cut", "grown", "changed", "none"])
def test_a_bad_proof_is_refused(ledger: Ledger, signer: Signer, witness: Witness, spoil: str) -> None:
    grow(ledger, 3)
    witness.add_checkpoint(ledger.for_witness(0))
    grow(ledger, 4)
    proof = ledger.consistency_proof(3, 7)
    spoiled = {
        "cut": proof[:-1], "grown": [*proof, proof[0]], "changed": [bytes(32), *proof[1:]], "none": []
    }[spoil]  # fmt: skip
    with pytest.raises(HistoryChanged):
        witness.add_checkpoint(witness_request(3, spoiled, ledger.checkpoint()))
    assert witness.size(signer.name) == 3


def test_from_nothing_there_is_nothing_to_prove(ledger: Ledger, signer: Signer, witness: Witness) -> None:
    with pytest.raises(HistoryChanged, match="nothing to prove"):
        witness.add_checkpoint(witness_request(0, [bytes(32)], ledger.checkpoint()))
    with pytest.raises(HistoryChanged, match="nothing to prove"):
        witness.add_checkpoint(witness_request(0, [], signer.sign(0, bytes(32))))


def test_only_a_known_ledger_s_own_signature_counts(ledger: Ledger, signer: Signer, witness: Witness) -> None:
    grow(ledger, 2)
    note = ledger.checkpoint()
    foreign = Signer(Ed25519PrivateKey.generate())
    with pytest.raises(CheckpointUntrusted, match="is known to this witness"):
        witness.add_checkpoint(witness_request(0, [], foreign.sign(2, ledger.root())))
    with pytest.raises(CheckpointUntrusted, match="does not match"):
        witness.add_checkpoint(witness_request(0, [], note.replace("\n2\n", "\n3\n", 1)))
    text = note[: note.index("\n\n") + 2]
    signature = foreign.sign(2, ledger.root()).splitlines()[-1] + "\n"
    with pytest.raises(CheckpointUntrusted, match="not signed by"):
        witness.add_checkpoint(witness_request(0, [], text + signature))
    witness.add_checkpoint(witness_request(0, [], note + signature))
    assert witness.size(signer.name) == 2


REQUEST = "old 0\n\nx\n1\n" + base64.b64encode(bytes(32)).decode() + "\n\n\u2014 x AAAAAAA=\n"


@pytest.mark.parametrize(
    "request_",
    [
        "", "\n\n", "old\n\n", "old -1\n\nx", "old 01\n\nx", "old 1 \n\nx", "old ²\n\nx", "new 0\n\nx", "old 0\nx\n\ny",
        "old 0\n" + "A" * 43 + "\n\nx", "old 0\n" + (base64.b64encode(bytes(32)).decode() + "\n") * 64 + "\nx",
        REQUEST.replace("\n1\n", "\n01\n"), REQUEST.replace("\n1\n", "\n" + "9" * 5000 + "\n"),
        REQUEST.replace("AAAA", "A"), REQUEST.replace("\u2014", "-"), REQUEST.replace("x\n", "x\t\n"),
        REQUEST + "x" * 100_000, REQUEST.replace("old 0", "old " + "9" * 5000),
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(witness: Witness, request_: str) -> None:
    with pytest.raises(CheckpointMalformed):
        witness.add_checkpoint(request_)


@pytest.mark.parametrize("verifier", ["", "x", "x+00000000+AAAA", "x+00+!"])
def test_what_is_no_key_is_not_trusted(witness: Witness, verifier: str) -> None:
    with pytest.raises(CheckpointMalformed):
        witness.trust(verifier)


def test_trusting_again_forgets_nothing(ledger: Ledger, signer: Signer, witness: Witness) -> None:
    grow(ledger, 2)
    witness.add_checkpoint(ledger.for_witness(0))
    witness.trust(ledger.verifier)
    assert witness.size(signer.name) == 2


def test_its_key_and_memory_outlive_it(
    ledger: Ledger, signer: Signer, witness: Witness, tmp_path: Path
) -> None:
    grow(ledger, 2)
    witness.add_checkpoint(ledger.for_witness(0))
    again = Witness(tmp_path / "witness")
    assert again.verifier == witness.verifier
    assert again.size(signer.name) == 2
    assert (tmp_path / "witness" / "witness.pem").stat().st_mode & 0o777 == 0o600


def test_it_signs_nothing_that_it_could_not_write_down(
    ledger: Ledger, signer: Signer, witness: Witness, tmp_path: Path
) -> None:
    grow(ledger, 2)
    record = tmp_path / "witness" / "witness.json"
    before = record.read_bytes()
    record.unlink()
    record.mkdir()  # what cannot be replaced by a file
    with pytest.raises(WitnessBroken):
        witness.add_checkpoint(ledger.for_witness(0))
    with pytest.raises(StorageUnwritable):
        Record(record).write({})
    assert [path.name for path in record.parent.iterdir() if path.name.startswith(".")] == []
    record.rmdir()
    record.write_bytes(before)
    witness.add_checkpoint(ledger.for_witness(0))
    assert Witness(tmp_path / "witness").size(signer.name) == 2


@pytest.mark.parametrize("content", ["", "{", "[]", '{"form": 1}', '{"form":1,"ledgers":[{}]}'])
def test_a_record_that_cannot_be_read_is_not_taken_for_an_empty_one(
    ledger: Ledger, witness: Witness, tmp_path: Path, content: str
) -> None:
    (tmp_path / "witness" / "witness.json").write_text(content, encoding="utf-8")
    with pytest.raises(WitnessBroken, match="cannot read its record"):
        witness.add_checkpoint(ledger.for_witness(0))


def test_a_record_with_half_a_root_is_not_taken(witness: Witness, signer: Signer, tmp_path: Path) -> None:
    path = tmp_path / "witness" / "witness.json"
    root = base64.b64encode(Record(path).read()[signer.name].root).decode()
    path.write_text(path.read_text(encoding="utf-8").replace(root, root[:8]), encoding="utf-8")
    with pytest.raises(WitnessBroken, match="not a SHA-256 hash"):
        witness.size(signer.name)


def test_evidence_is_bounded() -> None:
    known = Known("x", "x")
    for n in range(2 * MOST_EVIDENCE):
        known = known.contradicted(str(n))
    assert known.evidence[0] == "0"
    assert len(known.evidence) == MOST_EVIDENCE


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "governance.witness_command", str(folder), *arguments]


def run(folder: Path, *arguments: str, request: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder, *arguments), input=request, capture_output=True, text=True, cwd=ROOT
    )


def test_as_a_second_process_it_refuses_a_liar(
    ledger: Ledger, liar: Ledger, signer: Signer, tmp_path: Path
) -> None:
    away = tmp_path / "officer"
    Witness(away).trust(ledger.verifier)
    grow(ledger, 5)
    signed = run(away, "sign", request=ledger.for_witness(0))
    assert (signed.returncode, signed.stderr) == (0, "")
    cosigned = ledger.checkpoint() + signed.stdout
    assert verify(ledger.prove(2, checkpoint=cosigned), witnesses=[Witness(away).verifier]).witnessed

    fork = run(away, "sign", request=liar.for_witness(5))
    assert (fork.returncode, fork.stdout) == (1, "")
    assert fork.stderr.startswith("witness.history_changed: ")
    assert Witness(away).size(signer.name) == 5
    assert Witness(away).evidence(signer.name) == (liar.checkpoint(),)


def test_of_two_processes_at_once_one_comes_first(ledger: Ledger, signer: Signer, tmp_path: Path) -> None:
    away = tmp_path / "officer"
    Witness(away).trust(ledger.verifier)
    requests = []
    for _ in range(2):
        grow(ledger, 2)
        requests.append(ledger.for_witness(0))
    running = [
        subprocess.Popen(command(away, "sign"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, cwd=ROOT)
        for _ in requests
    ]  # fmt: skip
    said = [process.communicate(request) for process, request in zip(running, requests, strict=True)]
    assert sorted(process.returncode for process in running) == [0, 2]
    first = next(n for n, process in enumerate(running) if process.returncode == 0)
    assert Witness(away).size(signer.name) == 2 * (first + 1)
    assert sum(error.startswith("witness.conflict") for _, error in said) == 1


def test_the_command_in_process(
    ledger: Ledger, signer: Signer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = str(tmp_path / "officer")
    assert witness_command.main([away, "key"]) == 0
    assert capsys.readouterr().out.startswith("frontline-witness/")
    assert witness_command.main([away, "size", signer.name]) == 2
    assert capsys.readouterr().err.startswith("checkpoint.untrusted: ")
    assert witness_command.main([away, "trust", ledger.verifier]) == 0
    assert witness_command.main([away, "size", signer.name]) == 0
    assert capsys.readouterr().out == "0\n"
    assert witness_command.main([away, "evidence", signer.name]) == 0


def test_it_waits_for_another_that_holds_its_record(
    ledger: Ledger, signer: Signer, witness: Witness, tmp_path: Path
) -> None:
    grow(ledger, 2)
    request = ledger.for_witness(0)
    thread = threading.Thread(target=witness.add_checkpoint, args=(request,))
    with FileLock(tmp_path / "witness" / "witness.lock"):
        thread.start()
        thread.join(timeout=0.3)
        assert thread.is_alive()
        assert witness.size(signer.name) == 0
    thread.join(timeout=10)
    assert witness.size(signer.name) == 2
