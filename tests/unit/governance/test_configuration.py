"""What answers are made with is noticed at the start: once, with what changed, and with no secret."""

from __future__ import annotations

import threading
from pathlib import Path

from pydantic import SecretStr

from assistant.noticing import WATCHED, configuration
from assistant.settings import Settings
from governance.configuration import digest, latest, notice
from governance.ledger import Ledger
from governance.store import Store


def test_only_a_difference_is_recorded(store: Store, ledger: Ledger) -> None:
    first = notice(store, ledger, {"a": "1", "b": "2"})
    assert first is not None and first.body["first"] and first.body["changed"] == []
    assert notice(store, ledger, {"b": "2", "a": "1"}) is None
    second = notice(store, ledger, {"a": "1", "b": "3", "c": "4"})
    assert second is not None and not second.body["first"]
    assert second.body["changed"] == [
        {"name": "b", "before": "2", "after": "3"}, {"name": "c", "before": None, "after": "4"},
    ]  # fmt: skip
    third = notice(store, ledger, {"a": "1"})
    assert third is not None and {c["name"] for c in third.body["changed"]} == {"b", "c"}
    assert latest(ledger) == {"a": "1"} and third.body["sha256"] == digest({"a": "1"})
    assert ledger.size() == 3


def test_two_that_start_at_once_record_it_once(store: Store, ledger: Ledger) -> None:
    threads = [threading.Thread(target=notice, args=(store, ledger, {"a": "1"})) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.size() == 1


def test_what_is_watched_is_there_and_no_secret_nor_path_is_told(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path / "of-somebody",
        database_url="postgresql+psycopg://me:hush@127.0.0.1/x",
        oidc_client_secret=SecretStr("hush"),
    )
    found = configuration(settings)
    assert "hush" not in str(found) and "of-somebody" not in str(found)
    assert found["setting question_limit"] == "2000"
    for package, names in WATCHED:
        for name in names:
            begins = f"file {package}" if name == "." else f"file {package}/{name}"
            assert package == "prompts" or any(key.startswith(begins) for key in found), begins
    assert configuration(settings) == found
    assert configuration(settings.model_copy(update={"question_limit": 500})) != found
