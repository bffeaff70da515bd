"""Why: models take seconds to load; they are loaded while the person signs in, not while they wait for an answer."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from governance.errors import FrontlineError

if TYPE_CHECKING:
    from assistant.app import Assistant

log = logging.getLogger(__name__)


class WarmUp:
    """Loads what the first question needs, once, in the background."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._thread = threading.Thread(target=self._run, name="warm-up", daemon=True)
        self.done = threading.Event()
        """Set when everything is loaded, or could not be."""
        self.problem: FrontlineError | None = None
        """Why it could not be; None while it runs and when it worked."""

    def start(self) -> None:
        """Begin, once."""
        if self._thread.ident is None:
            self._thread.start()

    def _run(self) -> None:
        try:
            self._assistant.warm()
        except FrontlineError as error:
            self.problem = error
            log.error(  # noqa: TRY400 - the message says it all
                "the pages are served, but cannot answer: %s %s [%s]", error.message, error.do, error.code
            )
        finally:
            self.done.set()
