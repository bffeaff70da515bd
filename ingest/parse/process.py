"""Why: this is what runs in the process that reads files: it gives up every power it does not need before
it opens the first one. See ``worker`` for the other end.

Run as ``python -m ingest.parse.process '<limits as JSON>'``. One request to a line on standard input, one
framed answer on standard output (before it, for a long file, the number of its pages). An error that no reader foresaw ends the process; that is how the other
end learns of it.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from governance.errors import FrontlineError
from ingest.documents import Parsed
from ingest.parse.limits import Limits
from ingest.parse.read import read

_FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)


def serve(limits: Limits, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    parsed = TypeAdapter(Parsed)

    def counted(pages: int) -> None:
        _answer(answers, f"+{pages}".encode())

    _answer(answers, b"ready")
    for line in requests:
        request = json.loads(line)
        try:
            found = read(Path(request["path"]), request["relative"], limits, counted)
        except FrontlineError as error:
            said = {"error": type(error).__name__, "message": error.message, "do": error.do}
            _answer(answers, b"!" + json.dumps(said).encode())
        else:
            _answer(answers, parsed.dump_json(found))


def confine(limits: Limits) -> None:
    """Cap memory, and forbid writing files, connecting anywhere and starting programs."""
    _cap(resource.RLIMIT_AS, limits.memory)
    _cap(resource.RLIMIT_CORE, 0)
    sys.dont_write_bytecode = True
    sys.addaudithook(forbid)


def _cap(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except (ValueError, OSError):  # a system that has no such limit; the clock still holds
        return


def forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: PermissionError for what no reader needs. See the table of audit events in Python's manual."""
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event in _FORBIDDEN or writes:
        raise PermissionError(f"a file's reader may not do this: {event}")


def _answer(answers: BinaryIO, body: bytes) -> None:
    answers.write(f"{len(body):08x}".encode() + body)
    answers.flush()


if __name__ == "__main__":
    given = Limits(**json.loads(sys.argv[1]))
    confine(given)
    warnings.simplefilter("ignore")  # a library's remark on a bad file helps no one here
    serve(given, sys.stdin.buffer, sys.stdout.buffer)
