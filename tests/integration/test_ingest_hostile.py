"""A run over everything bad at once: it ends, names each file, and takes in the good one."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from ingest.sources import Folder
from ingest.sync import Ingestor
from tests.fakes import CountingEmbedder

TEXT = "# Rates\n\nThe rate is five pounds a week."


def archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return made.getvalue()


XML_BOMB = b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><z>&b;</z>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/passwd">]><z>&a;</z>'


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    folder = tmp_path / "bad"
    folder.mkdir()
    files = {
        "good.md": TEXT.encode(),
        "empty.md": b"",
        "odd \u202ename,=é.md": b"# Odd\n\nWords of an odd name.",
        "wrong.pdf": TEXT.encode(),
        "broken.txt": bytes(range(128, 256)) * 40,
        "dates.md": b"---\nvalid_from: 2026-13-45\n---\n# A\n\nWords.",
        "backwards.md": b"---\nvalid_from: 2026-05-01\nvalid_to: 2025-05-01\n---\n# A\n\nWords.",
        "one.md": b"---\nuri: same:uri\n---\n# A\n\nWords of one.",
        "two.md": b"---\nuri: same:uri\n---\n# A\n\nWords of two.",
        "bomb.docx": archive(word__document_dot_xml=b"<a>" + b" " * 40_000_000 + b"</a>"),
        "entities.docx": archive(word__document_dot_xml=XML_BOMB),
        "external.docx": archive(word__document_dot_xml=EXTERNAL),
        "entities.odt": archive(
            mimetype=b"application/vnd.oasis.opendocument.text", content_dot_xml=XML_BOMB
        ),
        "entities.xlsx": archive(xl__workbook_dot_xml=EXTERNAL),
        "nested.html": b"<div>" * 5_000 + b"Words",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with (folder / "huge.txt").open("wb") as stream:
        stream.truncate(500 * 1024 * 1024)  # 500 MB, and no disk
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "round.md").symlink_to(folder / "round.md")
    (folder / "out.md").symlink_to("/etc/hostname")
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.md"))).write_bytes(b"# A\n\nWords.")
    return folder


def test_each_bad_file_is_named_with_its_reason_and_the_run_ends(bad: Path, tmp_path: Path) -> None:
    ingestor = Ingestor(tmp_path / "data", CountingEmbedder(), tokens=lambda text: len(text.split()))
    report = ingestor.run(Folder(bad))
    codes = {problem.path: problem.code for problem in report.failed}
    assert report.added + len(codes) == len(list(Folder(bad).list()))
    assert {name: codes.get(name) for name in (
        "good.md", "empty.md", "wrong.pdf", "dates.md", "backwards.md", "two.md", "bomb.docx", "entities.docx",
        "external.docx", "entities.odt", "entities.xlsx", "nested.html", "huge.txt", "out.md",
    )} == {
        "good.md": None, "empty.md": "document.empty", "wrong.pdf": "document.corrupt",
        "dates.md": "document.metadata_invalid", "backwards.md": "document.metadata_invalid",
        "two.md": "document.conflict", "bomb.docx": "document.hostile", "entities.docx": "document.hostile",
        "external.docx": "document.hostile", "entities.odt": "document.hostile", "entities.xlsx": "document.hostile",
        "nested.html": "document.hostile", "huge.txt": "document.too_large", "out.md": "document.hostile",
    }  # fmt: skip
    assert all(problem.reason for problem in report.failed)
