"""Settings: what wins, and what a wrong value says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings
from governance.errors import SettingInvalid
from ingest.documents import Nation


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_argument_beats_environment_beats_file_beats_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "frontline.toml").write_text('port = 1111\nthreads = 1\nembedder = "mpnet"\n')
    monkeypatch.setenv("FRONTLINE_PORT", "2222")
    monkeypatch.setenv("FRONTLINE_THREADS", "4")
    settings = Settings.load(port=3333)
    assert (settings.port, settings.threads, settings.embedder, settings.host) == (
        3333,
        4,
        "mpnet",
        "127.0.0.1",
    )


def test_directories_follow_xdg_and_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    settings = Settings.load()
    assert settings.data_dir == tmp_path / "d" / "frontline-assistant"
    assert settings.models_dir == tmp_path / "c" / "frontline" / "models"
    assert Settings.load(data_dir="here").data_dir == tmp_path / "here"


def test_an_empty_nation_is_no_nation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTLINE_NATION", "")
    assert Settings.load().nation is None
    assert Settings.load(nation="wales").nation is Nation.WALES


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "70000"), ("PRECISION", "int4"), ("NATION", "mercia"), ("QUESTION_LIMIT", "many")],
)
def test_a_wrong_value_names_the_setting(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"FRONTLINE_{name}", value)
    with pytest.raises(SettingInvalid, match=name.lower()) as caught:
        Settings.load()
    assert f"FRONTLINE_{name}" in caught.value.do


def test_an_unknown_or_broken_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "frontline.toml").write_text("prot = 1\n")
    with pytest.raises(SettingInvalid, match="prot"):
        Settings.load()
    (tmp_path / "frontline.toml").write_text("port = = 1\n")
    with pytest.raises(SettingInvalid, match=r"frontline\.toml"):
        Settings.load()
    monkeypatch.setenv("FRONTLINE_SETTINGS_FILE", str(tmp_path / "absent.toml"))
    with pytest.raises(SettingInvalid, match="absent"):
        Settings.load()


def test_model_path_takes_a_name_or_a_path(tmp_path: Path) -> None:
    settings = Settings.load(models_dir=tmp_path)
    assert settings.model_path("minilm") == tmp_path / "minilm"
    assert settings.model_path("/somewhere/else") == Path("/somewhere/else")


def test_governance_url_is_in_the_data_directory_unless_set(tmp_path: Path) -> None:
    assert Settings.load(data_dir=tmp_path).governance_url == f"sqlite:///{tmp_path}/governance.db"
    assert Settings.load(database_url="postgresql+psycopg:///x").governance_url == "postgresql+psycopg:///x"
