"""Why: a program that did not hear the answer sends its request again, and must not ask, or rule, twice for it.

A request with an Idempotency-Key is worked on once. Sent again within a day by the same person, it gets the reply of
the first time; with another body, or while the first is still worked on, it is refused.
Source: the IETF's draft "The Idempotency-Key HTTP Header Field".
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.routing import APIRoute
from sqlalchemy import delete, insert, select, update
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from assistant.web.api.callers import who
from assistant.web.desk import desk_of
from governance import tables as t
from governance.errors import KeyReused, RequestInvalid
from governance.stamps import stamp
from governance.store import Store

HEADER = "idempotency-key"
LONGEST = 255
KEPT = dt.timedelta(days=1)
REPLAYED = "Idempotency-Replayed"
NOT_KEPT = -1
"""Status of a reply whose body is not kept: words about a person lie sealed in the vault, and nowhere else."""

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=LONGEST, pattern=r"^[!-~]+$",
        description="Any text of your own: a request that is sent again with it is worked on once.",
    ),
]  # fmt: skip


def documented(_: Key = None) -> None:
    """Puts the header into the document of every address that takes it."""


@dataclass(frozen=True)
class Reply:
    """What was answered under a key."""

    status: int
    body: bytes


class Replies:
    """Replies in the database, so that every process gives the same."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, person: str, key: str, request: str) -> Reply | None:
        """Take the key, or give the reply that was given under it. Raises ``KeyReused``."""
        c = t.replies.c
        now = dt.datetime.now(dt.UTC)
        with self._store.write() as connection:
            connection.execute(delete(t.replies).where(c.time < stamp(now - KEPT)))
            row: Any = connection.execute(select(t.replies).where(c.person == person, c.key == key)).first()
            if row is None:
                connection.execute(
                    insert(t.replies).values(
                        person=person, key=key, request_sha256=request, time=stamp(now), status=0, body=b""
                    )
                )
                return None
        if row.request_sha256 != request:
            raise KeyReused(
                "This idempotency key was used for another request.", do="Use a new key for each request."
            )
        if row.status == NOT_KEPT:
            raise KeyReused(
                "The request with this key was answered. Its reply was not kept, because it is about a person.",
                do="Read the answer by its id: the person's agreement is asked for again there.",
            )
        if row.status == 0:
            raise KeyReused(
                "The first request with this key is still worked on.", do="Wait, and send it again."
            )
        return Reply(row.status, bytes(row.body))

    def end(self, person: str, key: str, reply: Reply | None) -> None:
        """Keep the reply; without one, let the key go, so that the request may be tried again."""
        c = t.replies.c
        mine = (c.person == person) & (c.key == key)
        with self._store.write() as connection:
            if reply is None:
                connection.execute(delete(t.replies).where(mine))
            else:
                connection.execute(update(t.replies).where(mine).values(status=reply.status, body=reply.body))


class Once(APIRoute):
    """A route whose requests are worked on once under one key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the key looked up before it and the reply kept after it."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            given = request.headers.get(HEADER)
            if given is None or request.method != "POST":
                return await handle(request)
            if (
                not 0 < len(given) <= LONGEST
                or not given.isascii()
                or not given.isprintable()
                or " " in given
            ):
                raise RequestInvalid(
                    "The idempotency key cannot be used.", do="Send up to 255 visible ASCII characters."
                )
            body = await request.body()
            person = await run_in_threadpool(who, request)
            replies = Replies(desk_of(request).assistant.store)
            key = hashlib.sha256(given.encode()).hexdigest()
            # with the key, which is kept nowhere: a bare hash of a short text with a number in it can be tried out
            asked = hashlib.sha256(b"\0".join([given.encode(), request.url.path.encode(), body])).hexdigest()
            first = await run_in_threadpool(replies.begin, person.id, key, asked)
            if first is not None:
                headers = {REPLAYED: "true"}
                return Response(first.body, first.status, headers, media_type="application/json")
            reply: Reply | None = None
            try:
                response = await handle(request)
                if response.status_code < 400:
                    kept = Reply(response.status_code, bytes(response.body))
                    reply = Reply(NOT_KEPT, b"") if about_a_person(body) else kept
                return response
            finally:
                await run_in_threadpool(replies.end, person.id, key, reply)

        return handled


def about_a_person(body: bytes) -> bool:
    """Whether a request names a citizen, at any depth: its reply may say again what was asked of them."""
    try:
        waiting: list[Any] = [json.loads(body)]
    except ValueError:
        return False
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if value.get("citizen"):
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False
