"""Why: a claimant is waiting. A model that is down, slow, silent or broken must cost a known time and end in words.

A call is made in a thread with an event loop of its own, so that it can be broken off: by the clock, or because
whoever asked no longer wants the answer.
"""

from __future__ import annotations

import asyncio
import contextvars
import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from assistant.chat.connect import Opened
from assistant.chat.limits import ReplyTooLong
from assistant.chat.prompt import Messages
from governance.errors import AnswerCancelled, DestinationRefused, FrontlineError, ModelFailed

PAUSE = 0.5
"""Seconds before another try, doubled each time."""
_LOOK = 0.1
"""Seconds between looks whether the answer is still wanted."""


@dataclass(frozen=True)
class Reply:
    """What a model said, unchecked. Never shown, never kept; its hash is."""

    text: str
    responding: str
    """The model as the server names it."""
    finish_reason: str
    sha256: str


@dataclass(frozen=True)
class Chat:
    """Asks one chat model."""

    opened: Opened
    seconds: float
    """Longest time for all tries together."""
    retries: int

    def ask(self, messages: Messages, *, cancelled: Callable[[], bool]) -> Reply:
        """What the model says. Raises ``ModelFailed`` with the reason in words, or ``AnswerCancelled``."""
        context = contextvars.copy_context()
        with ThreadPoolExecutor(1, thread_name_prefix="chat") as pool:
            return pool.submit(context.run, asyncio.run, self._ask(messages, cancelled)).result()

    async def _ask(self, messages: Messages, cancelled: Callable[[], bool]) -> Reply:
        until = time.monotonic() + self.seconds
        for number in range(self.retries + 1):
            task = asyncio.ensure_future(self._once(messages))
            while not task.done() and time.monotonic() < until:
                await asyncio.wait({task}, timeout=min(_LOOK, max(0.0, until - time.monotonic())))
                if not task.done() and cancelled():
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
                    raise AnswerCancelled(
                        "Whoever asked stopped this answer.", do="Ask again when you want it."
                    )
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                raise ModelFailed(f"The chat model did not answer within {self.seconds:g} seconds.")
            error = task.exception()
            if error is None:
                return task.result()
            if number == self.retries or not _may_pass(error) or time.monotonic() + PAUSE > until:
                raise _in_words(error) from error
            await asyncio.sleep(PAUSE * 2**number)
        raise AssertionError("a last try either answers or raises")

    async def _once(self, messages: Messages) -> Reply:
        async with self.opened() as model:
            message = await model.ainvoke(messages)
        said = str(message.text)
        facts = {**getattr(message, "response_metadata", {})}
        return Reply(
            said,
            str(facts.get("model_name") or facts.get("model") or facts.get("model_id") or ""),
            str(facts.get("finish_reason") or facts.get("done_reason") or facts.get("stopReason") or ""),
            hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest(),
        )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _may_pass(error: BaseException) -> bool:
    """Whether another try can help: the connection failed, or the server was busy."""
    if any(isinstance(e, (DestinationRefused, ReplyTooLong)) for e in _chain(error)):
        return False
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return status in (408, 409, 429) or status >= 500
    return any(isinstance(e, OSError) or type(e).__name__ in _TRANSIENT for e in _chain(error))


_TRANSIENT = frozenset(
    {"ConnectError", "ReadError", "RemoteProtocolError", "ConnectTimeout", "APIConnectionError"}
)


def _in_words(error: BaseException) -> FrontlineError:
    """What went wrong, without anything that the server or the question said."""
    for e in _chain(error):
        if isinstance(e, FrontlineError):
            return ModelFailed(f"The chat model could not be asked: {e.message}", do=e.do)
        if isinstance(e, ReplyTooLong):
            return ModelFailed("The chat model sent too long a reply.")
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return ModelFailed(f"The chat model's server answered with status {status}.")
    if _may_pass(error):
        return ModelFailed("The chat model's server could not be reached, or broke off.")
    return ModelFailed(f"The chat model's reply could not be read ({type(error).__name__}).")
