"""Why: what somebody agreed to is the exact text that was shown, so a notice is a file with a hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import TypeAdapter

from governance.errors import NoticeUnknown, PolicyInvalid


@dataclass(frozen=True)
class Terms:
    """What agreeing to a notice means; copied into each record. Legal terms await a data protection officer."""

    role: str = "colleague"
    """Whose agreement it is: ``colleague`` or ``citizen``."""
    type: str = "notice_acknowledgement"
    purposes: tuple[str, ...] = ("answer", "audit")
    required: tuple[str, ...] = ("answer", "audit")
    outlasts: tuple[str, ...] = ("audit",)
    """Purposes for which what was recorded under the agreement may be read after it has ended."""
    valid_days: int | None = None
    lawful_basis: str = "public_task"
    special_category_condition: str = "none"
    data_categories: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    retention: str = ""
    withdrawal: str = ""
    rights: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """One version of a notice."""

    id: str
    version: str
    language: str
    text: str
    """Markdown."""
    sha256: str
    terms: Terms = Terms()


def current_notice(notice_id: str) -> Notice:
    """The newest version of a notice. Raises ``NoticeUnknown``, or ``PolicyInvalid`` where the file was changed."""
    return read_notice(notice_id, str(_versions(notice_id)[-1]["version"]))


@cache
def read_notice(notice_id: str, version: str) -> Notice:
    """The text of one version, as it was shown to whoever acknowledged it. Raises as ``current_notice`` does."""
    for listed in _versions(notice_id):
        if listed["version"] == version:
            text = files("governance.notices").joinpath(notice_id, f"{version}.md").read_bytes()
            return checked(notice_id, listed, text)
    raise NoticeUnknown(
        f"The notice {notice_id} has no version {version!r}.", do="See the notices' manifest."
    )


def checked(notice_id: str, listed: Mapping[str, Any], text: bytes) -> Notice:
    """A notice from its line in the manifest and its file. Raises ``PolicyInvalid`` where the two disagree."""
    sha256 = hashlib.sha256(text).hexdigest()
    if sha256 != listed["sha256"]:
        raise PolicyInvalid(
            f"The notice {notice_id} {listed['version']} is not the text that was approved.",
            do="Put the file back as it was; a new wording is a new version in governance/notices/manifest.yaml.",
        )
    terms = TypeAdapter(Terms).validate_python(listed["terms"])
    return Notice(notice_id, listed["version"], listed["language"], text.decode("utf-8"), sha256, terms)


def known_notices() -> dict[str, list[str]]:
    """Every notice's id, with its versions, the newest last."""
    return {name: [str(listed["version"]) for listed in lines] for name, lines in _manifest().items()}


def _versions(notice_id: str) -> list[dict[str, Any]]:
    """The lines of the manifest about one notice, the newest last."""
    manifest = _manifest()
    if notice_id not in manifest:
        raise NoticeUnknown(f"No notice is named {notice_id!r}.", do=f"Known: {', '.join(sorted(manifest))}.")
    return manifest[notice_id]


@cache
def _manifest() -> dict[str, list[dict[str, Any]]]:
    text = files("governance.notices").joinpath("manifest.yaml").read_text(encoding="utf-8")
    manifest: dict[str, list[dict[str, Any]]] = yaml.safe_load(text)
    return manifest
