"""``frontline serve``: the pages and the API on this machine."""

from __future__ import annotations

import logging
import time

import click

from assistant.cli.output import Output, with_output
from assistant.settings import Settings


@click.command("serve", short_help="Serve the pages and the API.")
@click.option("--host", help="Address to serve at; loopback unless another way to sign in is set up.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes any free one.")
@click.option(
    "--began",
    type=float,
    hidden=True,
    help="When set-up began, in seconds since 1970, to print the time taken.",
)
@with_output
def serve(output: Output, host: str | None, port: int | None, began: float | None) -> None:
    """Serve until stopped with Ctrl-C. The address is printed when the pages can answer."""
    from assistant.app import build
    from assistant.retention_schedule import on_schedule
    from assistant.web.serve import serve as run

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = Settings.load(**given)
    _log(settings.log_level, settings.log_format)
    started = began or time.time()
    assistant = build(settings)

    def ready(address: str) -> None:
        seconds = time.time() - started
        said = f"Frontline Assistant is ready at {address} after {seconds:.0f} s. Ctrl-C stops it."
        output.document(
            {"address": address, "seconds": round(seconds, 1)},
            lambda console: console.print(said, markup=False),
        )

    def retain() -> None:
        assistant.records.retention.run(actor="schedule")

    try:
        with on_schedule(retain, settings.retention_hours):
            run(assistant, settings.host, settings.port, on_ready=ready)
    except KeyboardInterrupt:
        output.notes.print("Stopped.")  # Ctrl-C is how one stops it: nothing failed
    finally:
        assistant.close()


def _log(level: str, form: str) -> None:
    """Our own messages at the level asked for; those of libraries only when something is wrong."""
    from assistant.web.measured import JsonLines

    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else text)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in ("assistant", "ingest", "governance"):
        logging.getLogger(name).setLevel(level.upper())
