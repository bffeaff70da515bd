"""A world that holds two documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.write("advance.md", "An advance is repaid over up to 24 months.")
    made.write("appeal.md", "An appeal must be made within one month of the notice.")
    return made
