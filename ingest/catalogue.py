"""Why: one durable account of every document and version ever taken in, that ingestion writes and all read.

SQLite in WAL mode with synchronous=FULL: readers never wait for the writer, and what was committed survives
a loss of power. One file is one transaction, so a run killed anywhere goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, delete, event, func, insert, select, update

from governance.errors import IndexDamaged
from governance.opening import one_at_a_time
from governance.storage import bring_up_to_date, make_folder, storage_errors
from ingest import catalogue_tables as t
from ingest.catalogue_rows import passage_of, passage_row, version_of, version_row
from ingest.documents import Passage, Version, Withdrawal

FILE = "catalogue.db"
Withdrawals = Mapping[str, tuple[Withdrawal, ...]]
"""Document id → what people decided about it, oldest first."""
_VERSIONS = select(t.versions, t.documents.c.uri).join(t.documents)


class Catalogue:
    """The catalogue of one data directory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, data_dir: Path) -> Catalogue:
        """Open or create it, bringing its schema up to date.

        Raises ``DataFromNewerVersion``, ``StorageFull`` or ``StorageUnwritable``.
        """
        make_folder(data_dir)
        engine = create_engine(f"sqlite:///{data_dir / FILE}", connect_args={"timeout": 30})
        event.listen(engine, "connect", _settings)
        with catalogue_errors(data_dir / FILE), one_at_a_time(data_dir / FILE), engine.begin() as connection:
            bring_up_to_date(
                connection, Path(__file__).parent / "migrations", "alembic_version_ingest", str(data_dir)
            )
        return cls(engine)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it happens, or none."""
        with catalogue_errors(Path(str(self._engine.url.database))), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view."""
        with self._engine.connect() as connection:
            yield connection

    # --- reading ------------------------------------------------------------------------------------

    def files(self, source_id: str) -> dict[str, Any]:
        """Path → row for every file seen at the last run of a source."""
        with self.read() as connection:
            rows = connection.execute(select(t.files).where(t.files.c.source_id == source_id))
            return {row.path: row for row in rows}

    def versions(self) -> list[Version]:
        """Every version, oldest first, then by id."""
        with self.read() as connection:
            return _versions(connection, _VERSIONS.order_by(t.versions.c.ingested_at, t.versions.c.id))

    def versions_of(self, document_id: str) -> list[Version]:
        """Every version of one document, oldest first."""
        with self.read() as connection:
            of_it = _VERSIONS.where(t.versions.c.document_id == document_id)
            return _versions(connection, of_it.order_by(t.versions.c.ingested_at))

    def version(self, version_id: str) -> Version | None:
        """One version, or None."""
        with self.read() as connection:
            found = _versions(connection, _VERSIONS.where(t.versions.c.id == version_id))
        return found[0] if found else None

    def standing(self, document_id: str, *, besides: tuple[str, str]) -> list[Version]:
        """Versions of a document that stand, but those from one file (source, path)."""
        query = _VERSIONS.where(
            t.versions.c.document_id == document_id,
            t.versions.c.superseded_on.is_(None),
            t.versions.c.removed_on.is_(None),
            ~((t.versions.c.source_id == besides[0]) & (t.versions.c.path == besides[1])),
        )
        with self.read() as connection:
            return _versions(connection, query)

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Passages by id; ids that are not there are left out."""
        found: dict[str, Passage] = {}
        with self.read() as connection:
            for part in _parts(sorted(set(ids))):
                rows = connection.execute(select(t.passages).where(t.passages.c.id.in_(part)))
                found.update((row.id, passage_of(row)) for row in rows)
        return found

    def passages_of(self, version_id: str, first: int = 0, last: int | None = None) -> list[Passage]:
        """Passages of a version in order, from ordinal ``first`` to ``last`` (inclusive; None: the end)."""
        query = select(t.passages).where(t.passages.c.version_id == version_id, t.passages.c.ordinal >= first)
        if last is not None:
            query = query.where(t.passages.c.ordinal <= last)
        with self.read() as connection:
            return [passage_of(row) for row in connection.execute(query.order_by(t.passages.c.ordinal))]

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """(passage id, version id, vector key) of every passage, by passage id; read a page at a time."""
        query = select(t.passages.c.id, t.passages.c.version_id, t.passages.c.vector_key)
        last = ""
        while True:
            with self.read() as connection:
                page = connection.execute(
                    query.where(t.passages.c.id > last).order_by(t.passages.c.id).limit(5000)
                )
                found = [(row.id, row.version_id, row.vector_key) for row in page]
            if not found:
                return
            yield from found
            last = found[-1][0]

    def texts(self, batch: int = 1000) -> Iterator[list[Passage]]:
        """Every passage by id, a batch at a time."""
        for part in self.keyed(batch):
            yield [passage for passage, _ in part]

    def keyed(self, batch: int = 1000) -> Iterator[list[tuple[Passage, str]]]:
        """Every passage with the key of its vector, by id, a batch at a time."""
        last = ""
        while True:
            query = select(t.passages).where(t.passages.c.id > last).order_by(t.passages.c.id).limit(batch)
            with self.read() as connection:
                rows = [(passage_of(row), row.vector_key) for row in connection.execute(query)]
            if not rows:
                return
            yield rows
            last = rows[-1][0].id

    def state(self, key: str) -> Any:
        """A value kept under a key, or None."""
        with self.read() as connection:
            return connection.execute(select(t.state.c.value).where(t.state.c.key == key)).scalar()

    def now(self) -> tuple[str | None, Withdrawals]:
        """What a question sees: the snapshot's name, and what people withdrew; from one moment."""
        with self.read() as connection:
            name = connection.execute(select(t.state.c.value).where(t.state.c.key == "snapshot")).scalar()
            return name, _withdrawals(connection)

    def withdrawals_then(self) -> Iterator[Withdrawals]:
        """What people had withdrawn, as it may have stood at any earlier time, the newest first."""
        with self.read() as connection:
            rows = connection.execute(select(t.withdrawals).order_by(t.withdrawals.c.number)).all()
        for count in range(len(rows), -1, -1):
            for undone in (True, False) if count else (True,):
                found: dict[str, tuple[Withdrawal, ...]] = {}
                for place, row in enumerate(rows[:count], start=1):
                    until = row.until if undone or place < count else None
                    made = Withdrawal(row.since, until, row.reason, row.by)
                    found[row.document_id] = (*found.get(row.document_id, ()), made)
                yield found

    def snapshot(self, snapshot_id: str) -> Any:
        """The row of a snapshot, or None."""
        with self.read() as connection:
            return connection.execute(select(t.snapshots).where(t.snapshots.c.id == snapshot_id)).first()

    def counts(self) -> dict[str, int]:
        """How many documents, versions and passages there are."""
        tables = {"documents": t.documents, "versions": t.versions, "passages": t.passages}
        with self.read() as connection:
            return {
                name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
                for name, table in tables.items()
            }

    # --- writing: each within a transaction of the caller's -----------------------------------------------

    def put_state(self, connection: Connection, key: str, value: Any) -> None:
        """Keep a value under a key."""
        connection.execute(delete(t.state).where(t.state.c.key == key))
        connection.execute(insert(t.state).values(key=key, value=value))

    def put_snapshot(self, connection: Connection, row: dict[str, Any]) -> None:
        """Add a snapshot; one of the same name is replaced."""
        connection.execute(delete(t.snapshots).where(t.snapshots.c.id == row["id"]))
        connection.execute(insert(t.snapshots).values(**row))

    def put_version(self, connection: Connection, source_id: str, version: Version) -> None:
        """Add a version, and its document if that is new; a version seen before stands again as it is now."""
        known = select(t.documents.c.id).where(t.documents.c.id == version.document_id)
        if connection.execute(known).first() is None:
            connection.execute(insert(t.documents).values(id=version.document_id, uri=version.metadata.uri))
        connection.execute(delete(t.versions).where(t.versions.c.id == version.id))
        connection.execute(insert(t.versions).values(**version_row(version), source_id=source_id))

    def put_passages(self, connection: Connection, passages: Sequence[tuple[Passage, str]]) -> None:
        """Add passages, each with the key of its vector."""
        if passages:
            connection.execute(delete(t.passages).where(t.passages.c.version_id == passages[0][0].version_id))
            connection.execute(insert(t.passages), [passage_row(passage, key) for passage, key in passages])

    def end_version(
        self,
        connection: Connection,
        version_id: str,
        *,
        superseded_on: dt.date | None = None,
        superseded_by: str | None = None,
        removed_on: dt.date | None = None,
    ) -> None:
        """Say from which day a version no longer stands, and which one took its place."""
        ends = {"superseded_on": superseded_on, "superseded_by": superseded_by, "removed_on": removed_on}
        values = {name: value for name, value in ends.items() if value is not None}
        connection.execute(update(t.versions).where(t.versions.c.id == version_id).values(**values))

    def put_file(
        self, connection: Connection, source_id: str, path: str, content_hash: str, **values: str | None
    ) -> None:
        """Remember what became of a file: ``version_id``, or ``code`` and ``reason``."""
        self.forget_file(connection, source_id, path)
        connection.execute(
            insert(t.files).values(source_id=source_id, path=path, content_hash=content_hash, **values)
        )

    def put_withdrawal(self, connection: Connection, document_id: str, withdrawal: Withdrawal) -> None:
        """Keep a decision that a document must not answer."""
        connection.execute(insert(t.withdrawals).values(document_id=document_id, **asdict(withdrawal)))

    def end_withdrawal(self, connection: Connection, document_id: str, until: dt.date) -> None:
        """Say from which day a withdrawn document answers again."""
        open_ = (t.withdrawals.c.document_id == document_id) & t.withdrawals.c.until.is_(None)
        connection.execute(update(t.withdrawals).where(open_).values(until=until))

    def forget_file(self, connection: Connection, source_id: str, path: str) -> None:
        """Remember no longer that a file was seen."""
        connection.execute(delete(t.files).where(t.files.c.source_id == source_id, t.files.c.path == path))


def catalogue_errors(where: Path) -> contextlib.AbstractContextManager[None]:
    """Say of a full, read-only or damaged disk what a person can do about it."""
    return storage_errors(
        str(where), IndexDamaged, "Move it away and ingest again; nothing is embedded twice."
    )


def _versions(connection: Connection, query: Select[Any]) -> list[Version]:
    decided = _withdrawals(connection)
    return [version_of(row, decided.get(row.document_id, ())) for row in connection.execute(query)]


def _withdrawals(connection: Connection) -> Withdrawals:
    found: dict[str, tuple[Withdrawal, ...]] = {}
    for row in connection.execute(select(t.withdrawals).order_by(t.withdrawals.c.number)):
        made = Withdrawal(row.since, row.until, row.reason, row.by)
        found[row.document_id] = (*found.get(row.document_id, ()), made)
    return found


def _settings(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _parts(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
