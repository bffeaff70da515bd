"""``frontline audit``: what happened, and proof that the record of it was not changed."""

from __future__ import annotations

import click

from assistant.cli import audit_papers as papers
from assistant.cli import audit_proving as proving
from assistant.cli import audit_reading as reading
from assistant.cli import audit_taking as taking


@click.group("audit", short_help="Read the ledger and check that nobody changed it.")
def group() -> None:
    """The ledger holds everything that happened, each in one entry of a Merkle tree. Reading it is an entry too."""


for command in (
    reading.list_command,
    reading.show,
    reading.explain,
    proving.verify,
    proving.fsck,
    proving.prove,
    proving.checkpoint,
    proving.witness,
    proving.request,
    proving.key,
    proving.role,
    taking.export_command,
    taking.replay,
    papers.atrs,
    papers.dpia,
):
    group.add_command(command)
