"""Why: what a model is told is policy, so it is an approved file with a hash, and the record names it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

import yaml

from governance.errors import PolicyInvalid

Messages = list[tuple[str, str]]
"""Pairs of role (``system``, ``human``) and text, as LangChain takes them."""


@dataclass(frozen=True)
class Prompt:
    """One version of a template."""

    id: str
    version: str
    sha256: str
    owner: str
    approver: str
    text: str

    def render(self, **values: str) -> Messages:
        """The messages to send; what is filled in is never read as a template itself."""
        system, _, user = self.text.partition("\n# User\n")
        parts = (("system", system.removeprefix("# System\n")), ("human", user))
        return [(role, Template(part).substitute(values).strip()) for role, part in parts]


def rendered_sha256(messages: Messages) -> str:
    """SHA-256 over the messages as they are sent."""
    digest = hashlib.sha256()
    for role, text in messages:
        digest.update(f"{role}\n{text}\n".encode())
    return digest.hexdigest()


def current_prompt(prompt_id: str) -> Prompt:
    """The newest version of a template. Raises ``PolicyInvalid``."""
    return read_prompt(prompt_id, str(versions()[prompt_id][-1]["version"]))


@cache
def read_prompt(prompt_id: str, version: str) -> Prompt:
    """One version. Raises ``PolicyInvalid`` where it is not listed, or is not the text that was approved."""
    listed = next((v for v in versions().get(prompt_id, []) if v["version"] == version), None)
    if listed is None:
        raise PolicyInvalid(
            f"The prompt {prompt_id} has no version {version!r}.", do="See prompts/manifest.yaml."
        )
    data = files("prompts").joinpath(prompt_id, f"{version}.md").read_bytes()
    return checked(prompt_id, listed, data)


def checked(prompt_id: str, listed: dict[str, Any], data: bytes) -> Prompt:
    """A template from its line in the manifest and its file. Raises ``PolicyInvalid`` where the two disagree."""
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != listed["sha256"]:
        raise PolicyInvalid(
            f"The prompt {prompt_id} {listed['version']} is not the text that was approved.",
            do="Put the file back as it was; a new wording is a new version in prompts/manifest.yaml.",
        )
    return Prompt(
        prompt_id, listed["version"], sha256, listed["owner"], listed["approver"], data.decode("utf-8")
    )


@cache
def versions() -> dict[str, list[dict[str, Any]]]:
    """The manifest: for each template its versions, the newest last."""
    text = files("prompts").joinpath("manifest.yaml").read_text(encoding="utf-8")
    manifest: dict[str, list[dict[str, Any]]] = yaml.safe_load(text)
    return manifest
