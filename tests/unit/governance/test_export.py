"""An export is whole, proven entry by entry, and recorded; a folder appears or does not."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from governance import verify_proof
from governance.errors import AlreadyExists, OptionInvalid, StorageUnwritable
from governance.export import COLUMNS, FORMATS, export
from governance.ledger import Ledger, Wanted


def fill(ledger: Ledger) -> None:
    for n in range(5):
        body: dict[str, Any] = {
            "n": n, "people": {"role": "colleague" if n % 2 else "operator"}, "decision": {"outcome": "answered"},
            "retrieval": {"snapshot_id": "s1"}, "prompt": {"template_id": "answer", "version": "v1"},
        }  # fmt: skip
        ledger.append("answer", body, actor="p1", subject=f"a{n}")
    ledger.append("session.began", {"role": "officer"}, actor="=cmd()", subject="p2")


def taken(ledger: Ledger, folder: Path, wanted: Wanted | None = None, **given: Any) -> Any:
    return export(ledger, wanted or Wanted(), folder, asked={}, reason="review", actor="officer", **given)


def test_three_formats_say_the_same_and_each_entry_is_proven(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    out = tmp_path / "out"
    done = taken(ledger, out)
    assert done.entries == 6 and oct(out.stat().st_mode & 0o777) == "0o700"
    lines = [json.loads(line) for line in (out / "entries.jsonl").read_text().splitlines()]
    with (out / "entries.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(out / "entries.parquet").to_pylist()
    assert (
        [r["index"] for r in lines]
        == [int(r["index"]) for r in rows]
        == [r["index"] for r in table]
        == list(range(6))
    )
    assert list(rows[0]) == list(COLUMNS) == list(table[0])
    assert (
        lines[1]["role"] == "colleague" and lines[1]["outcome"] == "answered" and lines[1]["snapshot"] == "s1"
    )
    assert [r["leaf_hash"] for r in table] == [r["leaf_hash"] for r in lines]
    assert rows[5]["actor"] == "'=cmd()"  # no spreadsheet takes it for a formula
    manifest = json.loads((out / "manifest.json").read_text())
    for name, about in manifest["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == about["sha256"]
        assert (out / name).stat().st_size == about["bytes"]
    assert set(manifest["files"]) == {"entries.jsonl", "entries.csv", "entries.parquet", "proofs.jsonl"}
    assert verify_proof.main([str(out / "proofs.jsonl"), "--key", ledger.verifier]) == 0
    proof = verify_proof.verify(json.loads((out / "proof.json").read_text()), key=ledger.verifier)
    assert proof.entry["type"] == "ledger.exported" and proof.entry["body"]["reason"] == "review"
    assert (
        proof.entry["body"]["manifest_sha256"]
        == hashlib.sha256((out / "manifest.json").read_bytes()).hexdigest()
    )
    assert ledger.verify().ok


@pytest.mark.parametrize(
    ("wanted", "indices"),
    [
        (Wanted(role="colleague"), [1, 3]), (Wanted(outcome="answered"), [0, 1, 2, 3, 4]), (Wanted(snapshot="s2"), []),
        (Wanted(prompt="answer"), [0, 1, 2, 3, 4]), (Wanted(prompt="answer/v1", role="operator"), [0, 2, 4]),
        (Wanted(prompt="answer/v2"), []), (Wanted(type="session.*"), [5]), (Wanted(role="officer"), [5]),
        (Wanted(subject="a3"), [3]), (Wanted(newest_first=True, type="answer"), [4, 3, 2, 1, 0]), (Wanted(type="s_ssion.*"), []),
    ],
)  # fmt: skip
def test_what_is_wanted_is_found(ledger: Ledger, wanted: Wanted, indices: list[int]) -> None:
    fill(ledger)
    assert [entry.index for entry in ledger.find(wanted)] == indices


def test_a_forged_line_of_proofs_is_named(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(ledger)
    out = tmp_path / "out"
    taken(ledger, out)
    lines = (out / "proofs.jsonl").read_text().splitlines()
    (tmp_path / "forged.jsonl").write_text(
        "\n".join([lines[0], lines[1].replace('"index": 1', '"index": 2')])
    )
    assert verify_proof.main([str(tmp_path / "forged.jsonl"), "--key", ledger.verifier]) == 1
    assert "line 2" in capsys.readouterr().err


def test_a_folder_that_is_there_or_a_format_that_is_not_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(AlreadyExists):
        taken(ledger, tmp_path)
    for formats in ((), ("xml",)):
        with pytest.raises(OptionInvalid):
            taken(ledger, tmp_path / "x", formats=formats)
    assert list(FORMATS) == ["jsonl", "csv", "parquet"]


def test_an_empty_export_is_one_too_and_a_failed_one_leaves_nothing(ledger: Ledger, tmp_path: Path) -> None:
    done = taken(ledger, tmp_path / "empty", Wanted(type="nothing"))
    assert done.entries == 0
    (tmp_path / "file").write_text("x")
    with pytest.raises((StorageUnwritable, OSError)):
        taken(ledger, tmp_path / "file" / "inside")
    assert {path.name for path in tmp_path.iterdir()} >= {"empty", "file"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
