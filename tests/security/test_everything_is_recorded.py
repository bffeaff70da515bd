"""Every command and every address decides whether it leaves an entry; those that do, and can be run here, are run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from assistant.cli import main
from assistant.cli.main import frontline
from assistant.governing import open_ledger
from assistant.settings import Settings
from assistant.web.app import create_app
from governance.ledger.types import known
from tests.fakes import FakeAssistant
from tests.web.stock import stock

NOTHING_HAPPENS = frozenset(
    {
        # what is configured, installed or shipped; no record is read
        "egress check", "egress list", "models fetch", "models list", "consent notices", "eval list", "serve", "mcp",
        # guidance, which is public, and what is kept of it
        "search", "guidance diff", "guidance history", "guidance list", "guidance reconcile", "guidance show",
        "guidance quarantine list", "privacy redact",
        # hashes and signatures, state and policies: nothing of a person is read
        "audit checkpoint", "audit fsck", "audit request", "audit role", "audit verify", "audit witness", "admin status",
        "privacy retention show", "privacy vault status", "privacy hold list", "consent handover key",
        "consent handover status", "consent handover list",
        # figures over evaluation files, which hold made-up questions or copies made with agreement
        "eval agreement", "eval baseline", "eval compare", "eval gate", "eval inspect", "eval label-sheet", "eval runs",
        "eval score", "eval quality", "eval robustness", "eval feedback list", "eval feedback show", "eval generate",
        # a colleague's own view of what is open, and the person's own agreements on their own request
        "review list", "review show", "consent show", "consent receipt", "consent copies",
    }
)  # fmt: skip
"""Commands that leave no entry, by why."""

RECORDED = {
    "admin start-answers": "service.switch", "admin stop-answers": "service.switch", "ask": "answer",
    "audit atrs": "ledger.read", "audit dpia": "ledger.read", "audit explain": "ledger.read",
    "audit export": "ledger.exported", "audit key": "ledger.key_rotated", "audit list": "ledger.read",
    "audit prove": "ledger.read", "audit replay": "answer.replayed", "audit show": "ledger.read",
    "consent copy": "use.decided", "consent fact": "vault.sealed", "consent give": "agreement.given",
    "consent handover make": "handover.made", "consent handover revoke": "handover.revoked",
    "consent invalidate": "agreement.invalidated", "consent refuse": "agreement.refused",
    "consent request": "agreement.requested", "consent withdraw": "agreement.withdrawn",
    "eval feedback export": "evaluation.feedback_exported", "eval feedback propose": "evaluation.feedback_proposed",
    "eval feedback triage": "evaluation.feedback_triaged", "eval judge": "evaluation.judged", "eval label": "evaluation.labelled",
    "eval label-import": "evaluation.labelled", "eval live": "evaluation.live", "eval optimise": "evaluation.optimised",
    "eval run": "evaluation.run", "eval trial assign": "trial.assigned", "eval trial look": "trial.read",
    "eval trial register": "trial.registered", "guidance quarantine reject": "quarantine.rejected",
    "guidance quarantine release": "quarantine.released", "guidance restore": "guidance.restored",
    "guidance withdraw": "guidance.withdrawn", "ingest": "ingestion.finished", "privacy access": "rights.access",
    "privacy erase": "erasure.done", "privacy erase-document": "guidance.erased", "privacy hold lift": "hold.lifted",
    "privacy hold place": "hold.placed", "privacy object": "agreement.given", "privacy rectify": "rights.rectified",
    "privacy retention run": "retention.run", "privacy reveal": "tokens.revealed", "privacy statement": "rights.statement",
    "privacy vault rotate": "vault.keys", "review contest": "review.raised", "review notes": "ingestion.finished",
    "review rule": "review.ruled", "review view": "review.viewed",
}  # fmt: skip
"""Command → an entry that it leaves."""

WITHOUT_ENTRY = frozenset(
    {"/conversation", "/role", "/reading", "/answers/{answer_id}/wait", "/search", "/guidance/uploads/again", "/guidance/uploads/intake"}
)  # fmt: skip
"""Addresses of unsafe methods that leave no entry: they change a cookie, search and keep nothing of it, or have
what is owed taken in, a run of which leaves its own."""


def commands(command: click.Command, name: str = "") -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from commands(found, f"{name} {inner}".strip())
    else:
        yield name


def test_every_command_decides_whether_it_leaves_an_entry() -> None:
    there = set(commands(frontline))
    assert not NOTHING_HAPPENS & set(RECORDED)
    undecided = there - NOTHING_HAPPENS - set(RECORDED)
    assert undecided == set(), "say in this file which entry it leaves, or why none"
    assert (NOTHING_HAPPENS | set(RECORDED)) - there == set()
    assert all(known(type_) for type_ in RECORDED.values())


@pytest.fixture
def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An answer in a data directory that commands will use; no model is needed to read about it."""
    assistant = FakeAssistant(tmp_path / "data", stock())
    answer = assistant.ask("How is an advance paid back?")
    assistant.close()
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return answer.id


# Those that need the installed models (ask, review contest, audit replay, ingest) are run by tests/integration.
RUN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("admin stop-answers", ("--reason", "x")),
    ("admin start-answers", ("--reason", "x")),
    ("audit list", ()),
    ("audit show", ("ANSWER",)),
    ("audit explain", ("ANSWER",)),
    ("audit prove", ("ANSWER",)),
    ("audit export", ("out", "--reason", "x")),
    ("audit key", ("--rotate", "--reason", "x")),
    ("audit dpia", ()),
    ("audit atrs", ()),
    ("consent give", ("PERSON",)),
    ("privacy hold place", ("PERSON", "--authority", "court", "--reason", "x")),
    ("privacy access", ("PERSON", "--reason", "x")),
    ("consent withdraw", ("PERSON",)),
)


def test_commands_leave_the_entries_they_owe(answered: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["consent", "give", "--json"]) == 0
    person = _person(json.loads(capsys.readouterr().out))
    settings = Settings.load()
    for command, arguments in RUN:
        with open_ledger(settings) as ledger:
            before = ledger.size()
        given = [{"ANSWER": answered, "PERSON": person}.get(a, a) for a in arguments]
        assert main([*command.split(), *given, "--json"]) == 0, (command, capsys.readouterr())
        capsys.readouterr()
        with open_ledger(settings) as ledger:
            types = [entry.type for entry in ledger.entries(after=before - 1, limit=100)]
        assert RECORDED[command] in types, (command, types)


def _person(document: dict[str, Any]) -> str:
    text = json.dumps(document)
    found = document.get("person") or document.get("receipt", {}).get("person")
    assert found, text
    return str(found)


def addresses(routes: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from addresses(inner.routes)
        for method in getattr(route, "methods", None) or ():
            yield method, route.path


def test_every_address_that_changes_something_is_known(tmp_path: Path) -> None:
    """A new address of an unsafe method is added here once the entry it leaves is tested in tests/web."""
    assistant = FakeAssistant(tmp_path, stock())
    there = {
        path for method, path in addresses(create_app(assistant).routes) if method not in ("GET", "HEAD")
    }  # type: ignore[arg-type]
    assistant.close()
    recorded = {
        "/", "/administration/switch", "/agreements/citizen", "/agreements/citizen/use", "/agreements/citizen/withdraw",
        "/agreements/give", "/agreements/withdraw", "/answers", "/answers/{answer_id}/case-notes",
        "/answers/{answer_id}/contest", "/answers/{answer_id}/copies", "/answers/{answer_id}/reviews",
        "/answers/{answer_id}/stop", "/jobs", "/jobs/{job_id}/cancel", "/notice", "/notice/acknowledgement",
        "/guidance/quarantine/{held_id}", "/guidance/uploads", "/guidance/uploads/remove", "/guidance/uploads/{path}",
        "/labelling/{name}/answer", "/reviews/{review_id}/ruling", "/reviews/{review_id}/views", "/sign-in", "/sign-out", "/switch",
        "/agreements/{notice_id}", "/agreements/{notice_id}/withdrawal", "/citizens", "/citizens/{citizen}/withdrawal",
        "/guidance/quarantine/{held_id}/decision", "/labelling/{name}/answers/{number}/label", "/personal-data",
    }  # fmt: skip
    assert there - recorded - WITHOUT_ENTRY == set()
