"""Killed anywhere, an ingest is completed by the next run, and no vector that was kept is made again.

``KILLS`` points here; ``python benchmarks/ingest/kill.py`` does the same a hundred times.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.ingest.kill import kills

KILLS = 4


def test_killed_at_random_points(tmp_path: Path) -> None:
    done = kills(tmp_path, KILLS, seed=7)
    assert done.kills == KILLS
    assert done.made_again == 0 and done.differences == 0
    assert done.documents == done.expected
