"""Everything that can stand in the ledger is on one page: the code, the table of types and docs/audit.md agree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.ledger.types import TYPES, known, table

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("governance", "ingest", "assistant", "evals")
WRITERS = {"append", "record", "_record", "_add"}
"""Names of the functions through which entries are written."""


def trees() -> list[tuple[Path, ast.Module]]:
    return [
        (path, ast.parse(path.read_text(encoding="utf-8")))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


def constants(modules: list[tuple[Path, ast.Module]]) -> dict[str, set[str]]:
    """Texts that module-level names hold, by name, in tuples too."""
    found: dict[str, set[str]] = {}
    for _, module in modules:
        for node in module.body:
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=False)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                for name, value in pairs:
                    if (
                        isinstance(name, ast.Name)
                        and isinstance(value, ast.Constant)
                        and isinstance(value.value, str)
                    ):
                        found.setdefault(name.id, set()).add(value.value)
    return found


def written() -> Iterator[tuple[str, str]]:
    """(type, where) of each entry that the code writes; a type made at run time by the beginning that is known."""
    modules = trees()
    named = constants(modules)
    for path, module in modules:
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called not in WRITERS and called != "enter":
                continue
            first = node.args[1] if called == "enter" else node.args[0]
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, where
            elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                yield f"{first.values[0].value}*", where
            elif isinstance(first, ast.Name):
                for value in named.get(first.id, ()):
                    if "." in value or value == "answer":
                        yield value, where


def test_every_entry_that_the_code_writes_is_in_the_table() -> None:
    found = list(written())
    assert len(found) > 20
    begins = {kind.type.rstrip("*") for kind in TYPES}
    unknown = sorted(
        f"{type_} ({where})"
        for type_, where in found
        if re.fullmatch(r"[a-z]+(\.[a-z_]*)?\*?", type_)
        and not type_.endswith((".py", ".json", ".jsonl", ".pem", ".db", ".key"))
        and known(type_) is None
        and not (type_.endswith("*") and any(begin.startswith(type_[:-1]) for begin in begins))
    )
    assert unknown == []


def test_the_table_is_in_order_and_each_says_when() -> None:
    names = [kind.type for kind in TYPES]
    assert names == sorted(names) and len(set(names)) == len(names)
    assert all(kind.when for kind in TYPES)


def test_the_page_has_the_table() -> None:
    assert table() in (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("type_", "fits"), [("answer", True), ("answers", False), ("agreement.given", True), ("x", False)]
)
def test_a_type_is_known_or_not(type_: str, fits: bool) -> None:
    assert (known(type_) is not None) is fits
