"""The command line: ``frontline``. One document on stdout with ``--json``, everything else on stderr.

Exit status: 0 done; 2 bad input or refused, with the error's stable code; 1 failed.
"""

from assistant.cli.main import main

__all__ = ["main"]
