"""Why: a retention policy that somebody has to remember to run is not one. While the pages are served it runs by itself.

Two servers over one database may both run it: each run is one transaction, and what one has erased the other does not
find.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator

from governance.errors import FrontlineError

log = logging.getLogger(__name__)


@contextlib.contextmanager
def on_schedule(run: Callable[[], object], hours: float) -> Iterator[None]:
    """Run now and every so many hours, until the block ends; ``hours`` 0: never. A run that fails is logged, and the
    next is tried all the same."""
    if not hours:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_repeat, args=(run, hours * 3600, stop), name="retention", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _repeat(run: Callable[[], object], seconds: float, stop: threading.Event) -> None:
    while True:
        try:
            run()
        except FrontlineError as error:
            log.error("retention could not run: %s [%s]", error.message, error.code)  # noqa: TRY400 - said in full
        if stop.wait(seconds):
            return
