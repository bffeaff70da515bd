"""Why: an address in a setting is a way out of this machine, so each is held to the list of destinations before
anything is put together; none can be configured by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from assistant.settings import Settings
from governance.egress import DataClass, Destination, Egress
from governance.egress.destinations import is_loopback
from governance.errors import SettingInvalid
from governance.ledger import Ledger

REACHED: Mapping[str, DataClass] = {
    "oidc_issuer": DataClass.IDENTITY,
    "telemetry_url": DataClass.TELEMETRY,
    "chroma_url": DataClass.VECTORS,
    "model_url": DataClass.REDACTED_QUESTION,
}
"""Setting that holds an address → what is sent there. Whoever adds such a setting adds it here; a test holds it."""

RECORDER = "assistant"
"""Actor of an entry that the program makes of its own accord."""


def egress_for(settings: Settings, ledger: Ledger) -> Egress:
    """The one way out, which writes to the ledger. Raises ``SettingInvalid`` where an address of the settings, or the
    server of a source, is no destination."""

    egress = _recorded(settings.destinations, ledger)
    for name, data in REACHED.items():
        if url := getattr(settings, name):
            egress.require(name, str(url), data)
    for source in settings.sources:
        if source.server:
            egress.require(f"sources ({source.name or 'without a name'})", source.server, DataClass.GUIDANCE)
    return egress


def _recorded(destinations: Iterable[Destination], ledger: Ledger) -> Egress:
    def record(type_: str, body: Mapping[str, Any], /, *, subject: str) -> int:
        return ledger.append(type_, body, actor=RECORDER, subject=subject).index

    return Egress(destinations, record=record)


def egress_to(destination: Destination, ledger: Ledger) -> Egress:
    """A way out to one place that we run ourselves on this machine, and to nowhere else; recorded like any other."""
    return _recorded((destination,), ledger)


def check_database(settings: Settings) -> None:
    """Raise ``SettingInvalid`` where the records would be kept on another machine that is not a destination.

    Checked before the database is opened; a database on this machine needs no entry in the list.
    """
    if not settings.database_url:
        return
    try:
        url = make_url(settings.database_url)
    except ArgumentError as error:
        raise SettingInvalid(
            "The setting database_url cannot be read as an address.",
            do="Write it as postgresql+psycopg://person@host:5432/name.",
        ) from error
    if url.get_backend_name() == "sqlite" or not url.host or is_loopback(url.host):
        return

    port = url.port or 5432
    host = f"[{url.host}]" if ":" in url.host else url.host
    Egress(settings.destinations, record=_nothing_is_sent).require(
        "database_url", f"{url.get_backend_name()}://{host}:{port}", DataClass.RECORDS
    )


def _nothing_is_sent(*_: object, **__: object) -> int:
    raise AssertionError("nothing is sent while settings are checked")
