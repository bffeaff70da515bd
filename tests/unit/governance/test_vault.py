"""What is sealed opens with its key, in its place, and nowhere else; what is erased is gone, and said to be."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from governance import tables as t
from governance.errors import (
    MasterKeyMissing,
    MasterKeyWrong,
    PayloadDamaged,
    PayloadErased,
    PayloadMissing,
    PayloadUnknown,
)
from governance.ledger import Ledger
from governance.store import Store
from governance.vault import FileMaster, GivenMaster, Kind, State, Vault, from_settings
from governance.vault.master import LocalMaster

VALUE = {"<PERSON_1>": "Ann Example", "<UK_NINO_1>": "QQ123456C"}


def sealed(vault: Vault, subject: str = "z1", value: Any = VALUE, about: str = "c1") -> Any:
    return vault.seal(value, kind=Kind.TOKENS, about=about, subject=subject, actor="p1")


def test_what_is_sealed_opens_and_stands_in_no_table_or_entry(
    vault: Vault, store: Store, ledger: Ledger
) -> None:
    payload = sealed(vault)
    assert vault.open(payload.payload_id) == VALUE
    assert vault.state(payload.payload_id) is State.PRESENT
    (found,) = vault.held(subject="z1")
    assert found == payload
    with store.read() as connection:
        for table in t.metadata.tables.values():
            for row in connection.execute(select(table)):
                assert "Ann Example" not in str(row)
    entry = ledger.entry(payload.entry_index)
    assert (entry.type, entry.subject) == ("vault.sealed", "z1")
    assert entry.body["sealed_sha256"] == payload.sha256
    assert entry.body["key_id"] == payload.key_id
    assert ledger.verify().ok


def test_each_person_has_one_key(vault: Vault) -> None:
    one, two, other = sealed(vault), sealed(vault, about="c2"), sealed(vault, "z2")
    assert one.key_id == two.key_id != other.key_id
    assert len(vault.held(subject="z1")) == 2
    assert [p.payload_id for p in vault.held(about="c2")] == [two.payload_id]


def test_erasing_destroys_the_bytes_and_the_last_one_the_key(
    vault: Vault, store: Store, ledger: Ledger
) -> None:
    one, two, other = sealed(vault), sealed(vault, about="c2"), sealed(vault, "z2")
    vault.erase([one], why="asked for", actor="officer")
    assert vault.state(one.payload_id) is State.ERASED
    assert vault.open(two.payload_id) == VALUE
    with pytest.raises(PayloadErased, match="asked for"):
        vault.open(one.payload_id)
    vault.erase([two], why="asked for", actor="officer")
    with store.read() as connection:
        assert connection.execute(select(t.vault_keys.c.subject)).scalars().all() == ["z2"]
    assert ledger.entries(type="vault.erased")[-1].body["keys_destroyed"] == [one.key_id]
    assert vault.open(other.payload_id) == VALUE
    assert ledger.verify().ok
    assert sealed(vault).key_id != one.key_id, "a person who comes back has a new key"


def test_a_payload_gone_without_an_erasure_is_an_alarm(vault: Vault, store: Store, ledger: Ledger) -> None:
    payload = sealed(vault)
    with store.write() as connection:
        connection.execute(delete(t.vault_payloads))
    assert vault.state(payload.payload_id) is State.MISSING
    with pytest.raises(PayloadMissing):
        vault.open(payload.payload_id)
    assert f"vault_payloads {payload.payload_id}" in {p.where for p in ledger.verify().problems}


def test_an_id_nobody_gave_out_is_unknown(vault: Vault) -> None:
    with pytest.raises(PayloadUnknown):
        vault.open("s0")


@pytest.mark.parametrize("change", ["bit", "place", "kind"])
def test_a_payload_that_was_changed_or_moved_does_not_open(vault: Vault, store: Store, change: str) -> None:
    payload, other = sealed(vault), sealed(vault, value={"a": 1}, about="c2")
    p = t.vault_payloads
    with store.write() as connection:
        if change == "bit":
            row = connection.execute(
                select(p.c.sealed).where(p.c.payload_id == payload.payload_id)
            ).scalar_one()
            new: dict[str, Any] = {"sealed": row[:20] + bytes([row[20] ^ 1]) + row[21:]}
        elif change == "place":
            moved = connection.execute(
                select(p.c.sealed).where(p.c.payload_id == other.payload_id)
            ).scalar_one()
            new = {"sealed": moved}
        else:
            new = {"kind": "fact"}
        connection.execute(update(p).where(p.c.payload_id == payload.payload_id).values(**new))
    with pytest.raises(PayloadDamaged):
        vault.open(payload.payload_id)


def test_a_lost_master_key_is_said_and_nothing_is_lost(
    store: Store, ledger: Ledger, vault: Vault, master_file: Path
) -> None:
    payload = sealed(vault)
    kept = master_file.read_bytes()
    master_file.unlink()
    size = ledger.size()
    for work in (lambda: vault.open(payload.payload_id), lambda: sealed(vault), lambda: sealed(vault, "z2")):
        with pytest.raises(MasterKeyMissing, match="is not at"):
            work()
    assert not master_file.exists(), "no new key is made in place of a lost one"
    assert ledger.size() == size
    master_file.write_bytes(kept)
    assert vault.open(payload.payload_id) == VALUE


def test_a_wrong_master_key_is_said_and_nothing_is_lost(store: Store, ledger: Ledger, vault: Vault) -> None:
    payload = sealed(vault)
    other = Vault(store, ledger, GivenMaster(LocalMaster(secrets.token_bytes(32))))
    size = ledger.size()
    for work in (lambda: other.open(payload.payload_id), lambda: sealed(other), lambda: sealed(other, "z2")):
        with pytest.raises(MasterKeyWrong, match=r"Nothing was changed|wrapped by"):
            work()
    assert ledger.size() == size
    assert vault.open(payload.payload_id) == VALUE
    other.erase([payload], why="asked for", actor="officer")
    assert vault.state(payload.payload_id) is State.ERASED, "what cannot be opened can still be erased"


def test_a_master_key_from_the_settings(store: Store, ledger: Ledger, tmp_path: Path) -> None:
    text_ = base64.b64encode(b"k" * 32).decode()
    given = Vault(store, ledger, from_settings(text_, tmp_path / "unused"))
    assert given.open(sealed(given).payload_id) == VALUE
    assert not (tmp_path / "unused").exists()
    for bad in ("", "short", base64.b64encode(b"k" * 31).decode()):
        with pytest.raises(MasterKeyWrong):
            GivenMaster.from_text(bad or " ")


def test_the_file_is_made_for_its_owner_only(vault: Vault, master_file: Path) -> None:
    sealed(vault)
    assert master_file.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in master_file.parent.iterdir() if "vault" in p.name] == ["vault.key"]


def test_rotation_wraps_every_key_anew_and_opens_everything(
    vault: Vault, ledger: Ledger, master_file: Path
) -> None:
    payloads = [sealed(vault, f"z{n}") for n in range(5)]
    masters = FileMaster(master_file)
    old = next(iter(vault.keys.masters()))
    new = masters.prepare()
    assert vault.keys.rotate(new, actor="officer") == 5
    assert vault.keys.masters() == {new.id: 5}
    assert vault.open(payloads[0].payload_id) == VALUE, "cut off before the new key took its place"
    masters.adopt()
    assert [vault.open(p.payload_id) for p in payloads] == [VALUE] * 5
    assert LocalMaster(base64.b64decode(master_file.read_text())).id == new.id != old
    assert sealed(vault, "z9").key_id
    assert ledger.verify().ok
    assert [e.body["why"] for e in ledger.entries(type="vault.keys")].count("rotation") == 1


def test_a_key_management_service_fits(store: Store, ledger: Ledger) -> None:
    class Service:
        """Keeps its key to itself, and counts."""

        id = "arn:service:key/1"

        def __init__(self) -> None:
            self.inner = LocalMaster(b"s" * 32)
            self.calls: list[str] = []

        def wrap(self, data_key: bytes, context: bytes) -> bytes:
            self.calls.append("wrap")
            return self.inner.wrap(data_key, context)

        def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
            self.calls.append("unwrap")
            return self.inner.unwrap(wrapped, context)

    service = Service()
    vault = Vault(store, ledger, GivenMaster(service))
    assert vault.open(sealed(vault).payload_id) == VALUE
    assert service.calls == ["wrap", "unwrap"]
    assert vault.keys.masters() == {service.id: 1}


def test_what_was_erased_is_in_no_file(tmp_path: Path, signer: Any) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'g.db'}")
    ledger = Ledger(store, signer=signer)
    vault = Vault(store, ledger, FileMaster(tmp_path / "keys" / "vault.key"))
    sealed(vault, "other")
    payload = sealed(vault)
    traces = vault.traces("z1")
    assert len(traces) == 2
    held = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert all(trace in held for trace in traces), "the scan below could find them"
    vault.erase([payload], why="asked for", actor="officer")
    assert store.scrub(t.ERASABLE)
    held = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert not any(trace in held for trace in traces)
    assert not any(trace[i : i + 16] in held for trace in traces for i in range(0, len(trace) - 16, 8))
    assert ledger.verify().ok
    store.close()


@pytest.mark.postgres
def test_what_was_erased_is_in_no_row_of_a_server(new_postgres: str, signer: Any, tmp_path: Path) -> None:
    store = Store.open(new_postgres)
    ledger = Ledger(store, signer=signer)
    vault = Vault(store, ledger, FileMaster(tmp_path / "vault.key"))
    vault.erase([sealed(vault)], why="asked for", actor="officer")
    assert store.scrub(t.ERASABLE)
    with store.read() as connection:
        assert connection.execute(text("SELECT pg_relation_size('vault_payloads')")).scalar() == 0
    store.close()
