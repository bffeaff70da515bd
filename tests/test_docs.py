"""Docs cannot drift: what exists is documented, and what is documented exists."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from assistant.settings import Settings
from governance import errors

ROOT = Path(__file__).resolve().parent.parent


def test_every_setting_is_documented_and_nothing_else() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(\w+)` \|", page, flags=re.M)
    assert documented == list(Settings.model_fields)


def test_every_default_in_the_page_is_the_default() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, shown in re.findall(r"^\| `(\w+)` \| `([^`$]+)` \|", page, flags=re.M):
        assert str(Settings.model_fields[name].default) == shown, name


def test_every_setting_explains_itself_in_code() -> None:
    source = inspect.getsource(Settings)
    for name in Settings.model_fields:
        assert re.search(rf'^    {name}: .+\n    """', source, flags=re.M), (
            f"{name} has no docstring under it"
        )


def error_classes() -> list[type[errors.FrontlineError]]:
    return [
        value
        for value in vars(errors).values()
        if inspect.isclass(value) and issubclass(value, errors.FrontlineError)
    ]


def test_the_drawn_error_tree_is_the_tree() -> None:
    drawing = errors.__doc__ or ""
    drawn: dict[str, str] = {}
    for line in drawing.splitlines():
        found = re.search(r"[├└]── (\w+)\s+(\S+)", line)
        if found and "." in found[2]:
            drawn[found[1]] = found[2]
    leaves = {
        c.__name__: c.code
        for c in error_classes()
        if not c.__subclasses__() and c is not errors.FrontlineError
    }
    assert drawn == leaves


def test_codes_are_unique_and_each_class_says_what_it_means() -> None:
    classes = error_classes()
    codes = [c.code for c in classes]
    assert len(codes) == len(set(codes))
    assert all((c.__doc__ or "").strip() for c in classes)
    assert {c.exit_code for c in classes} == {1, 2}


def test_every_public_name_in_our_packages_says_why() -> None:
    """A module without a docstring is a room without a sign."""
    silent = [
        str(path.relative_to(ROOT))
        for package in ("assistant", "ingest", "governance", "evals")
        for path in (ROOT / package).rglob("*.py")
        if path.stat().st_size > 5
        and not re.match(r'\s*(#[^\n]*\n\s*)*"""', path.read_text(encoding="utf-8"))
    ]
    assert silent == []


def test_no_registry_host_is_named_in_any_tracked_text() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org")
    found = [
        str(path.relative_to(ROOT))
        for folder in (
            "assistant",
            "ingest",
            "governance",
            "evals",
            "docs",
            "requirements",
            "tests",
            "benchmarks",
            ".ci",
        )
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and "node_modules" not in path.parts
        and path.suffix not in {".pyc", ".png", ".pdf"}
        and any(host.encode() in path.read_bytes() for host in hosts)
    ]
    assert found == []
