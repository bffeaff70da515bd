"""Why: a witness is kept by other hands than the ledger, so it is a command of its own, with files in and out.

    python -m governance.witness_command FOLDER key                  its public key, which auditors hold
    python -m governance.witness_command FOLDER trust LEDGER_KEY     witness the ledger with this public key
    python -m governance.witness_command FOLDER size ORIGIN          entries witnessed, where the next proof starts
    python -m governance.witness_command FOLDER sign < REQUEST       check a request and print the signature line
    python -m governance.witness_command FOLDER rotate < ROTATIONS   take the key that the known one handed over to
    python -m governance.witness_command FOLDER evidence ORIGIN      checkpoints that contradict what was witnessed

Exit status: 0 done, 1 the history was changed or something here broke, 2 the request cannot be taken.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from governance.errors import FrontlineError
from governance.witness import MOST_CHARACTERS, Witness


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; see the top of this file."""
    options = argparse.ArgumentParser(prog="witness", description="Sign checkpoints whose history holds.")
    options.add_argument("folder", type=Path, help="where the witness keeps its key and its record")
    commands = options.add_subparsers(dest="command", required=True)
    commands.add_parser("key", help="print the public key")
    commands.add_parser("trust", help="witness a ledger").add_argument("what", metavar="LEDGER_KEY")
    commands.add_parser("size", help="entries witnessed").add_argument("what", metavar="ORIGIN")
    commands.add_parser("sign", help="sign the checkpoint of the request on standard input")
    commands.add_parser("rotate", help="take the ledger's new key, signed by the one that is known")
    commands.add_parser("evidence", help="contradicting checkpoints").add_argument("what", metavar="ORIGIN")
    given = options.parse_args(arguments)
    try:
        sys.stdout.write(_run(Witness(given.folder), given))
    except FrontlineError as error:
        sys.stderr.write(f"{error.code}: {error.message} {error.do}\n")
        return error.exit_code
    return 0


def _run(witness: Witness, given: argparse.Namespace) -> str:
    if given.command == "key":
        return f"{witness.verifier}\n"
    if given.command == "trust":
        witness.trust(given.what)
        return ""
    if given.command == "size":
        return f"{witness.size(given.what)}\n"
    if given.command == "rotate":
        witness.rotate(sys.stdin.read(MOST_CHARACTERS + 1))
        return ""
    if given.command == "evidence":
        return "".join(f"{note}\n" for note in witness.evidence(given.what))
    return witness.add_checkpoint(sys.stdin.read(MOST_CHARACTERS + 1))


if __name__ == "__main__":
    raise SystemExit(main())
