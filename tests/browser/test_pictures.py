"""The pictures of README and docs: they can be taken from the product at any time, and those that are shown exist."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.pictures import NAMES, take

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.browser
def test_every_picture_can_be_taken(chromium: Browser, address: str, tmp_path: Path) -> None:
    take(chromium, address, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)
    assert all(_size(path)[0] == 1120 and _size(path)[1] > 600 for path in tmp_path.iterdir())


def test_every_picture_that_is_shown_is_one_of_them() -> None:
    shown = {
        match
        for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
        for match in re.findall(r"pictures/([\w.-]+\.png)", page.read_text(encoding="utf-8"))
    }
    kept = {path.name for path in (ROOT / "docs" / "pictures").glob("*.png")}
    assert shown <= kept == set(NAMES)


def _size(path: Path) -> tuple[int, int]:
    """Width and height in a PNG's header."""
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    return width, height
