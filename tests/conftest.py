"""What every test may lean on: the third-party data beside the checkout, the installed models, a clean home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
MODELS = Path(os.environ.get("FRONTLINE_MODELS_DIR", Path.home() / ".cache" / "frontline" / "models"))

REQUIRED = frozenset(os.environ.get("FRONTLINE_REQUIRE", "").split())

os.environ.setdefault("TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS", "")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of third-party data to measure with; a test that needs it skips where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("third-party data is not beside this checkout (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where the pinned models are installed; a test that needs them skips where they are not."""
    if not (MODELS / "minilm").is_dir():
        pytest.skip("models are not installed: run `frontline models fetch`")
    return MODELS


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test may depend on the settings of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("FRONTLINE_"):
            monkeypatch.delenv(name)
    yield


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in which tests were skipped that the environment says this machine can run.

    ``FRONTLINE_REQUIRE`` holds marker names; `.ci/run` sets it, so that a green run cannot hide a skip.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not REQUIRED:
        return
    skipped = [report for report in reporter.stats.get("skipped", []) if REQUIRED & set(report.keywords)]
    if skipped and exitstatus == 0:
        for report in skipped:
            reporter.write_line(f"SKIPPED THOUGH REQUIRED: {report.nodeid}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
