"""Why: what may leave, where to and in which region is a list that a data protection officer can read and sign.

Nothing is allowed that is not in the list: not another port, not a sub-domain, not another kind of data.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from governance.errors import DestinationRefused

THIS_MACHINE = "this machine"
"""The region of a server on the loopback interface."""


class DataClass(StrEnum):
    """What a call carries: a closed list. Personal data as it was typed is in none of them."""

    GUIDANCE = "guidance"
    """Addresses of documents that are asked for, and nothing of a question."""
    REDACTED_QUESTION = "redacted_question"
    """A question after redaction, with passages of guidance, for a chat model."""
    IDENTITY = "identity"
    """What signing in at an identity provider needs: codes and tokens."""
    RECORDS = "records"
    """The records themselves, for a database on another machine."""
    VECTORS = "vectors"
    """Vectors of guidance under a hash of what they were made of, for a Chroma server; no text."""
    CHECKPOINT = "checkpoint"
    """A signed checkpoint of the ledger with its proof: hashes, for a witness."""
    TELEMETRY = "telemetry"
    """Counts and durations, never a text."""


class Destination(BaseModel):
    """One place that may be reached, and what it may be sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    """What records and messages call it."""
    host: str
    """A full host name or an address; no pattern."""
    port: int = Field(default=443, ge=1, le=65535)
    scheme: Literal["https", "http", "postgresql"] = "https"
    """``http`` on this machine or in a private network only."""
    region: str = Field(min_length=2, max_length=60)
    """Where what is sent is held, in words ("United Kingdom"); ``this machine`` for loopback."""
    data: tuple[DataClass, ...] = Field(min_length=1)
    """What may be sent to it."""
    private: bool = False
    """Whether its addresses may be those of a private network, as a server of your own has them."""
    ca_file: Path | None = None
    """Certificates to check its own against (PEM), where they are not public ones."""

    @field_validator("host")
    @classmethod
    def _plain(cls, host: str) -> str:
        if not host or len(host) > 253 or any(c in "*/@?#% \t\n" for c in host):
            raise ValueError(f"{host!r} is not a host name; patterns and addresses of pages are not taken")
        if ":" in host:
            return str(ipaddress.IPv6Address(host.strip("[]")))
        return canonical(host)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.loopback != (self.region == THIS_MACHINE):
            raise ValueError(f"the region {THIS_MACHINE!r} is that of loopback hosts, and of no others")
        if self.scheme == "http" and not (self.loopback or self.private):
            raise ValueError("http without encryption is taken on this machine or in a private network only")
        return self

    @property
    def loopback(self) -> bool:
        """Whether its host is this machine's loopback interface."""
        return is_loopback(self.host)


class Destinations:
    """The list. Names and places stand in it once."""

    def __init__(self, listed: Iterable[Destination] = ()) -> None:
        """Raises ``ValueError`` where a name or a place is listed twice."""
        self._listed = tuple(listed)
        for what in (
            [d.name for d in self._listed],
            [f"{d.scheme}://{d.host}:{d.port}" for d in self._listed],
        ):
            for value in what:
                if what.count(value) > 1:
                    raise ValueError(f"{value} is listed more than once")

    def __iter__(self) -> Iterator[Destination]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def allowing(self, url: str, data: DataClass) -> Destination:
        """The destination that lets this data go to this address. Raises ``DestinationRefused``."""
        scheme, host, port = place(url)
        for listed in self._listed:
            if (listed.scheme, listed.host, listed.port) == (scheme, host, port):
                if data in listed.data:
                    return listed
                raise DestinationRefused(
                    f"{listed.name} ({host}:{port}) may be sent {', '.join(listed.data)}, not {data}.",
                    do=f"If it may, add {data} to its data in the setting destinations.",
                )
        raise DestinationRefused(
            f"{scheme}://{host}:{port} is not among the destinations that may be reached.",
            do=f"If {data} may go there, add it by name to the setting destinations (docs/egress.md).",
        )


def place(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address. Raises ``DestinationRefused`` where it has none."""
    try:
        parts = urlsplit(url)
        scheme = parts.scheme.partition("+")[0].lower()  # postgresql+psycopg
        port = parts.port or {"http": 80, "https": 443, "postgresql": 5432}.get(scheme)
        if not parts.hostname or port is None:
            raise ValueError("it names no host, or no protocol that is known")
        host = parts.hostname
        return scheme, str(ipaddress.IPv6Address(host)) if ":" in host else canonical(host), port
    except ValueError as error:
        raise DestinationRefused(
            f"The address cannot be read: {error}.", do="Give a whole address, as https://host/path."
        ) from error


def canonical(host: str) -> str:
    """A host name as it is compared: lower case, ASCII, without the last dot. Raises ValueError."""
    bare = host.rstrip(".").lower()
    return bare if bare.isascii() else bare.encode("idna").decode("ascii")


def is_loopback(host: str) -> bool:
    """Whether a host is the loopback interface by its very name."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
