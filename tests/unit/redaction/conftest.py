"""Redactors, built once: one that only knows patterns, one with both name models."""

from __future__ import annotations

from pathlib import Path

import pytest

from governance.redaction import Redactor, build_redactor


@pytest.fixture(scope="session")
def patterns() -> Redactor:
    """No models: what the shapes and titles find by themselves."""
    return build_redactor(spacy_path=None, rampart_path=None)


@pytest.fixture(scope="session")
def redactor(models_dir: Path) -> Redactor:
    """Both name detectors; skips where the models are not installed."""
    built = build_redactor(spacy_path=models_dir / "spacy-sm", rampart_path=models_dir / "rampart")
    built.warm()
    return built
