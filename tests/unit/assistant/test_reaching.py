"""An address in a setting is held to the list of destinations before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app import build
from assistant.cli import main
from assistant.governing import open_ledger
from assistant.reaching import REACHED, check_database, egress_for
from assistant.settings import Settings
from governance.egress import DataClass, Destination
from governance.errors import SettingInvalid
from ingest.sources.named import NamedSource

RECORDS = Destination(
    name="records", host="db.example", port=5432, scheme="postgresql", region="United Kingdom",
    data=(DataClass.RECORDS,), private=True,
)  # fmt: skip


def test_every_setting_that_holds_an_address_is_held_to_the_list() -> None:
    """``database_url`` is checked on its own, before the ledger that records calls is open."""
    ends = ("_url", "_endpoint", "_issuer", "_uri", "_address")
    holding = {name for name in Settings.model_fields if name.endswith(ends)} - {"database_url"}
    assert holding == set(REACHED)


def test_records_on_another_machine_need_a_destination_by_name(tmp_path: Path) -> None:
    away = "postgresql+psycopg://me@db.example:5432/x"
    settings = Settings(data_dir=tmp_path, database_url=away)
    with pytest.raises(SettingInvalid, match="database_url"):
        build(settings)
    with pytest.raises(SettingInvalid, match="database_url"), open_ledger(settings):
        pass
    check_database(Settings(data_dir=tmp_path, database_url=away, destinations=(RECORDS,)))
    check_database(Settings(data_dir=tmp_path, database_url="postgresql+psycopg://me@127.0.0.1/x"))
    check_database(Settings(data_dir=tmp_path, database_url="sqlite:////tmp/x.db"))
    with pytest.raises(SettingInvalid, match="cannot be read"):
        check_database(Settings(data_dir=tmp_path, database_url="not an address"))


@pytest.mark.parametrize(
    "source",
    [
        NamedSource(name="bucket", location="s3://guidance/current", endpoint="https://store.example"),
        NamedSource(name="bucket", location="https://www.example.org/sitemap.xml"),
    ],
)
def test_a_source_on_a_server_that_is_no_destination_is_refused_with_the_settings(
    tmp_path: Path, source: NamedSource
) -> None:
    settings = Settings(data_dir=tmp_path, sources=(source,))
    host = "store.example" if source.endpoint else "www.example.org"
    place = Destination(name="place", host=host, region="United Kingdom", data=(DataClass.GUIDANCE,))
    with open_ledger(settings) as ledger:
        with pytest.raises(SettingInvalid, match=r"sources \(bucket\)"):
            egress_for(settings, ledger)
        egress_for(settings.model_copy(update={"destinations": (place,)}), ledger)
        assert ledger.size() == 0, "nothing was called"


def test_a_refused_call_stands_in_the_ledger(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with open_ledger(settings) as ledger:
        egress = egress_for(settings, ledger)
        with (
            egress.client(DataClass.GUIDANCE) as client,
            pytest.raises(Exception, match="not among the dest"),
        ):
            client.get("https://guidance.example/page")
        (entry,) = ledger.entries()
        assert (entry.type, entry.actor, entry.subject) == ("egress.refused", "assistant", "guidance.example")


def test_the_list_is_read_from_the_settings_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["egress", "list"]) == 0
    assert "nothing leaves" in capsys.readouterr().out
    (tmp_path / "frontline.toml").write_text(
        '[[destinations]]\nname = "pages"\nhost = "guidance.example"\nregion = "United Kingdom"\ndata = ["guidance"]\n'
    )
    assert main(["egress", "list"]) == 0
    assert "https://guidance.example:443 (United Kingdom): guidance" in capsys.readouterr().out
    assert main(["egress", "check", "https://guidance.example/x", "--data", "guidance"]) == 0
    assert main(["egress", "check", "https://guidance.example/x", "--data", "telemetry"]) == 2
    assert "egress.refused" in capsys.readouterr().err
    (tmp_path / "frontline.toml").write_text('[[destinations]]\nname = "pages"\nhost = "*"\n')
    assert main(["egress", "list"]) == 2
    assert "destinations" in capsys.readouterr().err
