"""What is appended can be found, proven and verified, on both databases and from several processes."""

from __future__ import annotations

import base64
import datetime as dt
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, delete, event, text

from governance import tables as t
from governance.errors import EntryUnknown, KeyUnusable, LedgerBroken, StorageUnwritable
from governance.ledger import Ledger, Signer
from governance.ledger.note import (
    CHECKPOINT_EVERY,
    key_id,
    open_checkpoint,
    parse_checkpoint,
    parse_verifier,
    parts,
)
from governance.ledger.tree import Roots, check_consistency, leaf_hash, root_from_inclusion
from governance.store import Store
from tests.unit.governance.conftest import Clock

ROOT = Path(__file__).resolve().parents[3]


def test_an_entry_holds_every_fact_in_its_bytes(ledger: Ledger, clock: Clock) -> None:
    entry = ledger.append("answer", {"text": "£400.14", "n": [1, 2.5, None, True]}, actor="p1", subject="a1")
    assert json.loads(entry.data) == {
        "schema": 1, "index": 0, "time": "2026-11-23T09:00:01.000000+00:00", "type": "answer", "actor": "p1",
        "subject": "a1", "body": {"text": "£400.14", "n": [1, 2.5, None, True]},
    }  # fmt: skip
    assert entry.leaf_hash == leaf_hash(entry.data)
    assert ledger.entry(0) == entry
    assert entry.time == clock.now


def test_entries_are_found(ledger: Ledger, clock: Clock) -> None:
    for n in range(6):
        ledger.append("answer" if n % 2 else "read", {"n": n}, actor=f"p{n % 3}", subject=f"a{n // 2}")
    start = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)

    def found(**asked: Any) -> list[int]:
        return [entry.index for entry in ledger.entries(**asked)]

    assert found() == [0, 1, 2, 3, 4, 5]
    assert found(type="answer") == [1, 3, 5]
    assert found(actor="p1") == [1, 4]
    assert found(after=3) == [4, 5]
    assert found(limit=2) == [0, 1]
    assert found(limit=2, newest_first=True) == [5, 4]
    assert found(since=start + dt.timedelta(seconds=3)) == [2, 3, 4, 5]
    assert found(until=start + dt.timedelta(seconds=3)) == [0, 1]
    assert [entry.index for entry in ledger.about("a1")] == [2, 3]
    assert ledger.about("") == ledger.about("nothing") == []


def test_an_empty_ledger_is_one_too(ledger: Ledger) -> None:
    assert ledger.size() == 0
    assert ledger.root() == Roots().root()
    assert ledger.verify().ok
    checkpoint = open_checkpoint(ledger.checkpoint(), ledger.verifier)
    assert (checkpoint.size, checkpoint.root) == (0, ledger.root())
    assert ledger.verify().ok


def test_proofs_of_the_stored_tree_hold(ledger: Ledger, store: Store) -> None:
    roots = Roots()
    with store.write() as connection:
        for n in range(21):
            roots.add(ledger.append("answer", {"n": n}, actor="p", connection=connection).leaf_hash)
    assert ledger.root() == roots.root()
    for size in range(1, 22):
        for index in range(size):
            proof = ledger.inclusion_proof(index, size)
            assert root_from_inclusion(ledger.entry(index).leaf_hash, index, size, proof) == ledger.root(size)
        if size < 21:
            check_consistency(size, 21, ledger.root(size), ledger.root(), ledger.consistency_proof(size, 21))


def test_what_is_not_there_is_named(ledger: Ledger) -> None:
    ledger.append("answer", {}, actor="p")
    for work in (
        lambda: ledger.entry(1), lambda: ledger.entry(-1), lambda: ledger.root(2), lambda: ledger.root(-1),
        lambda: ledger.inclusion_proof(1, 1), lambda: ledger.inclusion_proof(0, 2),
        lambda: ledger.consistency_proof(2, 1), lambda: ledger.consistency_proof(0, 2), lambda: ledger.for_witness(2),
    ):  # fmt: skip
        with pytest.raises(EntryUnknown):
            work()


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": {"n": float("nan")}}, {"body": {"n": float("inf")}}, {"body": {"n": 2**53}}, {"body": {"n": 1e20}},
        {"body": {"n": b"bytes"}}, {"body": {"n": dt.date(2026, 1, 1)}}, {"body": {1: "n"}}, {"body": {"n": "\ud800"}},
        {"type": "x" * 65}, {"actor": "x" * 129}, {"subject": "x" * 129}, {"subject": "a\0b"}, {"actor": "a\nb"},
    ],
)  # fmt: skip
def test_what_could_not_be_read_back_alike_is_not_written(ledger: Ledger, wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {"type": "answer", "body": {}, "actor": "p", **wrong}
    with pytest.raises(ValueError, match=r"\w"):
        ledger.append(given.pop("type"), given.pop("body"), **given)
    assert ledger.size() == 0


def test_a_body_changed_afterwards_changes_nothing(ledger: Ledger) -> None:
    body = {"n": [1]}
    entry = ledger.append("answer", body, actor="p")
    body["n"].append(2)
    assert entry.body == ledger.entry(0).body == {"n": [1]}


def test_checkpoints_are_signed_at_intervals(ledger: Ledger, store: Store) -> None:
    with store.write() as connection:
        for n in range(2 * CHECKPOINT_EVERY + 3):
            ledger.append("answer", {"n": n}, actor="p", connection=connection)
    with store.read() as connection:
        sizes = [
            row.size for row in connection.execute(t.checkpoints.select().order_by(t.checkpoints.c.size))
        ]
    assert sizes == [CHECKPOINT_EVERY, 2 * CHECKPOINT_EVERY]
    assert ledger.checkpoint() == ledger.checkpoint()
    assert ledger.verify().ok
    unguard(store)
    with store.write() as connection:
        connection.execute(delete(t.checkpoints).where(t.checkpoints.c.size == CHECKPOINT_EVERY))
    assert [str(problem) for problem in ledger.verify().problems] == [
        f"checkpoints {CHECKPOINT_EVERY}: missing"
    ]


def test_an_append_stores_and_reads_few_rows_however_large_the_ledger(ledger: Ledger, store: Store) -> None:
    with store.write() as connection:
        for n in range(300):
            ledger.append("answer", {"n": n}, actor="p", connection=connection)
    said: list[str] = []
    with store.write() as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: said.append(args[2]))
        for n in range(300, 320):
            before = len(said)
            ledger.append("answer", {"n": n}, actor="p", connection=connection)
            ones = (n ^ (n + 1)).bit_length() - 1
            sealing = 10 if (n + 1) % CHECKPOINT_EVERY == 0 else 0
            assert len(said) - before <= 3 + ones + sealing, said[before:]


def test_threads_append_one_after_another(ledger: Ledger) -> None:
    failed: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for n in range(10):
                ledger.append("answer", {"n": n}, actor=name)
        except Exception as error:  # noqa: BLE001 - reported below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(f"p{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert ledger.size() == 40
    assert ledger.verify().ok


APPEND = """
import sys
from pathlib import Path
from governance.ledger import Ledger, Signer
from governance.store import Store
url, key, name = sys.argv[1:]
ledger = Ledger(Store.open(url), signer=Signer.at(Path(key)))
sys.stdin.readline()
print(*(ledger.append("answer", {"n": n}, actor=name).index for n in range(40)))
"""


def test_two_processes_append_at_once(url: str, ledger: Ledger, tmp_path: Path) -> None:
    key = str(tmp_path / "keys" / "ledger.pem")
    running = [
        subprocess.Popen([sys.executable, "-c", APPEND, url, key, name], cwd=ROOT, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("p0", "p1")
    ]  # fmt: skip
    said = [process.communicate("go\n") for process in running]
    assert [error for _, error in said] == ["", ""]
    indices = [[int(word) for word in output.split()] for output, _ in said]
    assert sorted(indices[0] + indices[1]) == list(range(80))
    for n, name in enumerate(("p0", "p1")):
        assert indices[n] == sorted(indices[n])
        assert [entry.index for entry in ledger.entries(actor=name)] == indices[n]
    verified = ledger.verify()
    assert verified.ok, verified.problems
    assert verified.size == 80


def test_a_reader_is_not_held_up_and_sees_only_what_is_committed(ledger: Ledger, store: Store) -> None:
    ledger.append("answer", {}, actor="p")
    with store.write() as connection:
        ledger.append("answer", {}, actor="p", connection=connection)
        assert ledger.size() == 1
        assert ledger.verify().size == 1
    assert ledger.size() == 2


def test_a_damaged_ledger_says_so(ledger: Ledger, store: Store) -> None:
    for n in range(5):
        ledger.append("answer", {"n": n}, actor="p", subject="a")
    unguard(store)
    with store.write() as connection:
        connection.execute(t.entries.update().where(t.entries.c.index == 2).values(data=b"{}"))
        connection.execute(delete(t.nodes))
    for work in (
        lambda: ledger.entry(2),
        lambda: ledger.about("a"),
        ledger.entries,
        ledger.root,
        ledger.checkpoint,
    ):
        with pytest.raises(LedgerBroken):
            work()
    with pytest.raises(LedgerBroken):
        ledger.prove(4)
    assert ledger.entry(1).body == {"n": 1}


def unguard(store: Store) -> None:
    """Take the guards off, as whoever owns the database can."""
    with store.write() as connection:
        if store.dialect == "sqlite":
            names = (
                connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
                .scalars()
                .all()
            )
            for name in names:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in t.APPEND_ONLY:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ledger.pem"
    first = Signer.at(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert Signer.at(path).verifier == first.verifier
    assert [p.name for p in path.parent.iterdir()] == ["ledger.pem"]
    assert parse_verifier(first.verifier) == (first.name, first.public)
    assert Signer.at(tmp_path / "other.pem").name != first.name


def test_threads_that_make_a_key_at_once_hold_the_same(tmp_path: Path) -> None:
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.append(Signer.at(tmp_path / "k" / "ledger.pem").verifier))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_a_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.pem").write_text("no key", encoding="utf-8")
    (tmp_path / "folder.pem").mkdir()
    pem = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "other.pem").write_bytes(pem)
    for name in ("text.pem", "folder.pem", "other.pem"):
        with pytest.raises(KeyUnusable, match=name):
            Signer.at(tmp_path / name)
    with pytest.raises(StorageUnwritable, match="could be made"):
        Signer.at(tmp_path / "text.pem" / "ledger.pem")


@pytest.mark.parametrize(
    "text_", ["", "x\n", "x\n1\n", "x\n-1\nAA==\n", "x\n01\nAA==\n", "x\n1\nAA==\n", "\n1\nAA==\n", "x\n1\n!\n", "x\n²\nAA==\n"]
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text_: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_checkpoint(text_)


def test_a_key_speaks_for_its_own_ledger_only() -> None:
    key = Ed25519PrivateKey.generate()
    signer = Signer(key)
    text_ = f"another/ledger\n0\n{base64.b64encode(bytes(32)).decode()}\n"
    signature = base64.b64encode(key_id(signer.name, signer.public) + key.sign(text_.encode())).decode()
    with pytest.raises(ValueError, match="speaks for another/ledger"):
        open_checkpoint(f"{text_}\n\u2014 {signer.name} {signature}\n", signer.verifier)


@pytest.mark.parametrize(
    "note",
    ["", "x\n\n", "x\n\n\u2014 x", "x\n\n\u2014 x AAAA\n", "x\n\nx AAAAAAA=\n", "x\t\n\n\u2014 x AAAAAAA=\n"],
)
def test_what_is_no_signed_note_is_refused(note: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parts(note)


@pytest.mark.parametrize("index", [-1, 1, 2**31, 2**63, 10**30])
def test_an_index_beyond_any_column_is_unknown_and_nothing_worse(ledger: Ledger, index: int) -> None:
    ledger.append("answer", {}, actor="p1")
    with pytest.raises(EntryUnknown):
        ledger.entry(index)


def test_a_proof_is_read_by_one_statement_and_grows_with_the_logarithm(store: Store, ledger: Ledger) -> None:
    with store.write() as connection:
        for n in range(300):
            ledger.append("answer", {"n": n}, actor="p1", connection=connection)
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        proof = ledger.inclusion_proof(137, 300)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len([statement for statement in said if statement.startswith(("SELECT", "(SELECT"))]) == 1
    assert len(proof) == 9
    assert root_from_inclusion(ledger.entry(137).leaf_hash, 137, 300, proof) == ledger.root(300)


@pytest.mark.parametrize("size", [4, 2**31 - 1, 2**31, 2**70])
def test_no_proof_is_given_of_more_entries_than_there_are(ledger: Ledger, size: int) -> None:
    for n in range(3):
        ledger.append("answer", {"n": n}, actor="p1")
    with pytest.raises(EntryUnknown, match=f"holds 3 entries, not {size}"):
        ledger.inclusion_proof(1, size)
    with pytest.raises(EntryUnknown, match=f"holds 3 entries, not {size}"):
        ledger.consistency_proof(1, size)
    with pytest.raises(EntryUnknown, match=f"holds 3 entries, not {size}"):
        ledger.root(size)
