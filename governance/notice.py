"""Why: what somebody agreed to is the exact text that was shown, so a notice is a file with a hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from governance.errors import NoticeUnknown, PolicyInvalid


@dataclass(frozen=True)
class Notice:
    """One version of a notice."""

    id: str
    version: str
    language: str
    text: str
    """Markdown."""
    sha256: str


@cache
def current_notice(notice_id: str) -> Notice:
    """The newest version of a notice. Raises ``NoticeUnknown``, or ``PolicyInvalid`` where the file was changed."""
    folder = files("governance.notices")
    manifest = yaml.safe_load(folder.joinpath("manifest.yaml").read_text(encoding="utf-8"))
    if notice_id not in manifest:
        raise NoticeUnknown(f"No notice is named {notice_id!r}.", do=f"Known: {', '.join(sorted(manifest))}.")
    newest = manifest[notice_id][-1]
    text = folder.joinpath(notice_id, f"{newest['version']}.md").read_bytes()
    sha256 = hashlib.sha256(text).hexdigest()
    if sha256 != newest["sha256"]:
        raise PolicyInvalid(
            f"The notice {notice_id} {newest['version']} is not the text that was approved.",
            do="Put the file back as it was; a new wording is a new version in governance/notices/manifest.yaml.",
        )
    return Notice(notice_id, newest["version"], newest["language"], text.decode("utf-8"), sha256)
