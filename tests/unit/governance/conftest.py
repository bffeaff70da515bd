"""A store and a ledger on each database: SQLite in a file, and PostgreSQL where a server listens on loopback."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from governance.bundle import BundleSigner
from governance.consent import Consents
from governance.handover import Handovers
from governance.hold import Holds
from governance.ledger import Ledger, Signer
from governance.store import Store
from governance.vault import FileMaster, Kind, Vault

SERVERS = (
    "postgresql+psycopg://postgres@127.0.0.1:5432/test",
    "postgresql+psycopg://root@127.0.0.1:5432/test",
)


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Address of a server to make databases on; skips where none listens."""
    for url in SERVERS:
        engine = create_engine(url, connect_args={"connect_timeout": 3})
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except OperationalError:
            continue
        finally:
            engine.dispose()
        return url
    pytest.skip("no PostgreSQL server listens on 127.0.0.1:5432")


@pytest.fixture
def new_postgres(postgres_server: str) -> Iterator[str]:
    """Address of a database of its own, which is dropped afterwards."""
    name = f"frontline_{secrets.token_hex(6)}"
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_server.rsplit("/", 1)[0] + f"/{name}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a new database, of each kind in turn."""
    if request.param == "postgres":
        address: str = request.getfixturevalue("new_postgres")
        return address
    return f"sqlite:///{tmp_path / 'governance.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store.open(url)
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer.at(tmp_path / "keys" / "ledger.pem")


@pytest.fixture
def ledger(store: Store, signer: Signer, clock: Callable[[], dt.datetime]) -> Ledger:
    return Ledger(store, signer=signer, clock=clock)


@pytest.fixture
def consents(store: Store, ledger: Ledger, clock: Callable[[], dt.datetime]) -> Consents:
    return Consents(store, ledger, clock=clock)


@pytest.fixture
def master_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "vault.key"


@pytest.fixture
def vault(store: Store, ledger: Ledger, master_file: Path, clock: Callable[[], dt.datetime]) -> Vault:
    return Vault(store, ledger, FileMaster(master_file), clock=clock)


@pytest.fixture
def holds(store: Store, ledger: Ledger, clock: Callable[[], dt.datetime]) -> Holds:
    return Holds(store, ledger, clock=clock)


@pytest.fixture
def handovers(
    store: Store, ledger: Ledger, vault: Vault, tmp_path: Path, clock: Callable[[], dt.datetime]
) -> Handovers:
    return Handovers(store, ledger, vault, BundleSigner.at(tmp_path / "keys" / "handover.pem"), clock=clock)


@pytest.fixture
def filled(
    store: Store, ledger: Ledger, consents: Consents, vault: Vault, holds: Holds, handovers: Handovers
) -> Iterator[Store]:
    """A store with a row, or more, in every table of records."""
    consents.acknowledge("p1", actor="p1", channel="page")
    for n in range(5):
        said = {
            "decision": {"outcome": "answered"},
            "people": {"role": "colleague"},
            "retrieval": {"snapshot_id": "s1"},
        }
        ledger.append("answer", {"n": n, **said}, actor="p1", subject=f"a{n}")
    consents.withdraw("p1", actor="p1", channel="page")
    ledger.checkpoint()
    ledger.append("answer", {"n": 5}, actor="p1", subject="a5")
    consents.acknowledge("p2", actor="p2", channel="page")
    for n in (1, 2):
        vault.seal({"n": n}, kind=Kind.FACT, about=f"f{n}", subject=f"z{n}", actor="p1")
    vault.erase(
        [vault.seal(1, kind=Kind.FACT, about="f3", subject="z3", actor="p1")],
        why="asked for",
        actor="officer",
    )
    hold = holds.place("z1", authority="tribunal", reason="appeal", actor="officer", days=30)
    holds.lift(hold.hold_id, reason="decided", actor="officer")
    with store.write() as connection:
        handovers.make(
            connection,
            subject="z1",
            issuer="i",
            recipient="r",
            agreement={},
            facts={},
            guidance=[],
            days=3,
            actor="p1",
        )
        handovers.revoke(connection, why="withdrawn", actor="p1", subject="z1")
    ledger.checkpoint()
    assert ledger.verify().ok
    yield store
