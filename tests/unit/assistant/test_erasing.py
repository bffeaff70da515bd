"""What is kept on another machine is not said to be erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app import build
from assistant.erasing import erase_document
from assistant.settings import Settings
from governance.errors import ErasureElsewhere
from tests.fakes import CountingEmbedder, DictRedactor, DictSnapshot, OneSnapshot


def test_vectors_on_a_server_are_not_certified_as_gone(tmp_path: Path) -> None:
    place = {
        "name": "vectors", "host": "127.0.0.1", "port": 8000, "scheme": "http", "region": "this machine",
        "data": ["vectors"],
    }  # fmt: skip
    settings = Settings(data_dir=tmp_path, chroma_url="http://127.0.0.1:8000", destinations=[place])
    assistant = build(
        settings, embedder=CountingEmbedder(), redactor=DictRedactor(), snapshots=OneSnapshot(DictSnapshot())
    )
    before = assistant.ledger.size()
    with pytest.raises(ErasureElsewhere, match="8000"):
        erase_document(assistant, "uc:advance", reason="asked for", actor="officer")
    assert assistant.ledger.size() == before
    assistant.close()
