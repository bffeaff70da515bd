"""The house keeps its shape: who may import whom, and nothing heavy or environmental at import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("assistant", "ingest", "governance", "evals")


def modules() -> list[Path]:
    """Ours; what ``make assets`` installs beside the pages' sources is not."""
    found = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return [path for path in found if "node_modules" not in path.parts]


def test_import_contracts_hold() -> None:
    found = subprocess.run(["lint-imports"], cwd=ROOT, capture_output=True, text=True, env=_path())
    assert found.returncode == 0, found.stdout + found.stderr


def _path() -> dict[str, str]:
    import os

    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@pytest.mark.parametrize("name", ["utils", "helpers", "common"])
def test_no_room_without_a_purpose(name: str) -> None:
    assert [path for path in modules() if path.stem == name] == []


def test_only_settings_reads_the_environment() -> None:
    readers = []
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if names & {"environ", "getenv"}:
            readers.append(str(path.relative_to(ROOT)))
    assert set(readers) <= {"assistant/settings.py", "assistant/quiet.py"}, readers


def test_nothing_heavy_is_imported_with_a_package() -> None:
    """Importing a package must not load a model library: start-up is paid once, by who needs it."""
    code = (
        "import sys, assistant.cli.main, assistant.answers, ingest, governance.errors, evals\n"
        "heavy = {'torch','transformers','spacy','presidio_analyzer','chromadb','onnxruntime','langchain_core'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_modules_stay_short() -> None:
    """A module of more than 300 lines usually holds two ideas."""
    long = {
        str(p.relative_to(ROOT)): n
        for p in modules()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 300
    }
    allowed = {"governance/errors.py"}  # a list of classes, one idea
    assert set(long) <= allowed, long
