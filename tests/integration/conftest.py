"""The sample guidance, ingested once by the real models, for every test that asks about it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.governing import open_ledger
from assistant.ingestion import ingestor_for, sample_folder
from assistant.settings import Settings
from ingest.sources import Folder


@pytest.fixture(scope="session")
def sample_once(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that holds the sample; copied for each test that writes."""
    data = tmp_path_factory.mktemp("sample") / "data"
    settings = Settings.load(data_dir=data, models_dir=models_dir)
    with open_ledger(settings) as ledger:
        ingestor_for(settings, ledger).run(Folder(sample_folder(), name="sample"))
    return data


@pytest.fixture
def sample(sample_once: Path, models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings over a fresh copy of the ingested sample, in the environment too."""
    data = tmp_path / "data"
    shutil.copytree(sample_once, data)
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(data))
    monkeypatch.setenv("FRONTLINE_MODELS_DIR", str(models_dir))
    monkeypatch.chdir(tmp_path)
    return Settings.load()
