"""An expert puts guidance in by hand, sees what became of it, and takes it back; by page and by program."""

from __future__ import annotations

import asyncio
import datetime as dt
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from httpx2 import Response

from assistant.intake import Intake
from assistant.uploading import LARGEST, Became
from governance.errors import StorageFull
from governance.ledger.find import Wanted
from ingest.catalogue import Catalogue
from ingest.originals import file_hash
from ingest.quarantine import Finding, Quarantine
from ingest.quarantine.finding import Trouble
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser

PAGE = "/guidance/uploads"
API = "/api/v1/guidance/uploads"


@pytest.fixture
def expert(browser: Browser) -> Browser:
    return browser.sign_in("Ex", "expert")


def put(
    browser: Browser, name: str = "rates.md", content: bytes = b"# Rates\n\nIt is 5.", **said: str
) -> Response:
    return browser.post(PAGE, data={"token": browser.token(PAGE), **said}, files={"file": (name, content)})


def test_an_expert_uploads_and_removes_and_it_is_on_record(expert: Browser, assistant: FakeAssistant) -> None:
    page = put(expert, title="Rates <b>new</b>", nations="wales", valid_from="2027-04-06")
    assert page.url.path == PAGE and "rates.md" in page.text
    assistant.intake.wait()
    assert assistant.taken_in == ["uploads"]
    assert "1 added" in expert.get(PAGE).text
    (entry,) = assistant.ledger.entries(type="document.uploaded")
    assert entry.body["path"] == "rates.md" and entry.actor.startswith("person-")
    beside = (assistant.settings.data_dir / "uploads" / "rates.md.meta.yaml").read_text(encoding="utf-8")
    assert "Rates <b>new</b>" in beside and "wales" in beside and "2027-04-06" in beside
    gone = expert.fill(f"{PAGE}/remove", page=PAGE, path="rates.md")
    assert "Nothing has been uploaded" in gone.text
    assert len(assistant.ledger.entries(type="document.upload_removed")) == 1


@pytest.mark.parametrize(
    ("given", "said", "status"),
    [
        ({"content": b""}, "holds nothing", 422),
        ({"name": "a.md.meta.yaml"}, "no name for a document", 422),
        ({"valid_from": "April"}, "In force from: &#39;April&#39; is not a date", 422),
        (
            {"valid_from": "2027-04-06", "valid_to": "2026-01-01"},
            "is before “In force from” (2027-04-06)",
            422,
        ),
        ({"nations": "narnia"}, "is not a value", 422),
        ({"title": "x" * 600}, "longer than 500", 422),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(
    expert: Browser, assistant: FakeAssistant, given: dict[str, str], said: str, status: int
) -> None:
    page = put(expert, **{"publisher": "Us & them", **given})  # type: ignore[arg-type]
    assert page.status_code == status and said in page.text
    assert 'value="Us &amp; them"' in page.text and "Choose the file again" in page.text
    assert assistant.ledger.entries(type="document.uploaded") == []
    assert assistant.uploads.listed() == [] and assistant.taken_in == []


def test_a_form_without_a_file_a_token_or_the_role(
    expert: Browser, new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    assert "No file was chosen" in expert.fill(PAGE, title="kept").text
    forged = expert.post(PAGE, data={"token": "x", "title": "kept"}, files={"file": ("a.md", b"x")})
    assert forged.status_code == 403 and 'value="kept"' in forged.text
    assert expert.post(f"{PAGE}/remove", data={"token": "x", "path": "a.md"}).status_code == 403
    assert expert.post(f"{PAGE}/again", data={"token": "x"}).status_code == 403
    officer = new_browser().sign_in("Jo", "officer")
    assert "Upload a file" not in officer.get(PAGE).text
    refused = officer.post(PAGE, data={"token": officer.token("/notice")}, files={"file": ("a.md", b"x")})
    assert refused.status_code == 403
    colleague = new_browser().sign_in("Al")
    assert colleague.get(PAGE).status_code == 403
    assert assistant.ledger.entries(type="document.uploaded") == []


def test_too_large_a_file_is_not_kept_at_either_limit(expert: Browser, assistant: FakeAssistant) -> None:
    assert "larger than 20 MiB" in put(expert, content=b"x" * (LARGEST + 1)).text
    assert put(expert, content=b"x" * (LARGEST + 2**17)).status_code == 413
    question = expert.post("/", data={"question": "x" * 200_000, "token": "x"})
    assert question.status_code == 413
    assert assistant.uploads.listed() == []


def test_each_state_of_a_file_is_told_in_words(expert: Browser, assistant: FakeAssistant) -> None:
    for name in ("used.md", "held.md", "refused.md", "changed.md"):
        put(expert, name)
    assistant.intake.wait()
    folder = assistant.settings.data_dir / "uploads"
    catalogue = Catalogue.open(assistant.settings.data_dir)
    version = assistant.snapshots.current().documents()[0]
    finding = Finding(next(iter(Trouble)), "words to a model", "line 3", "ignore")
    quarantine = Quarantine(catalogue)
    with catalogue.write() as connection:
        catalogue.put_version(connection, "uploads", version)
        for name, code in (
            ("used.md", None),
            ("held.md", "document.quarantined"),
            ("refused.md", "document.locked"),
        ):
            catalogue.put_file(
                connection, "uploads", name, file_hash(folder / name), version_id=None if code else version.id,
                code=code, reason=f"{name}: it is <locked>" if code else None,
            )  # fmt: skip
        now = dt.datetime.now(dt.UTC)
        quarantine.hold(connection, "uploads", "held.md", file_hash(folder / "held.md"), [finding], now)
    catalogue.close()
    states = {one.path: one.became for one in assistant.uploads.listed()}
    assert states["used.md"] is Became.IN_USE and states["refused.md"] is Became.REFUSED
    assert states["changed.md"] is Became.WAITS and states["held.md"] is Became.HELD
    page = expert.get(PAGE).text
    assert "refused.md: it is &lt;locked&gt;" in page and f"?version={version.id}" in page
    (held,) = assistant_held(assistant)
    expert.fill(
        f"/guidance/quarantine/{held}", page="/guidance/quarantine", decision="release", why="It is ours."
    )
    assistant.intake.wait()
    assert assistant.taken_in[-1] == "uploads"
    assert {one.path: one.became for one in assistant.uploads.listed()}["held.md"] is Became.WAITS


def assistant_held(assistant: FakeAssistant) -> list[str]:
    catalogue = Catalogue.open(assistant.settings.data_dir)
    held = [one.id for one in Quarantine(catalogue).list()]
    catalogue.close()
    return held


def test_a_run_that_failed_is_told_and_tried_again(expert: Browser, assistant: FakeAssistant) -> None:
    assistant.intake_fails.append(StorageFull("The disk is full.", do="Free space."))
    put(expert)
    assistant.intake.wait()
    page = expert.get(PAGE).text
    assert "could not be taken in" in page and "The disk is full. Free space." in page
    expert.fill(f"{PAGE}/again", page=PAGE)
    assistant.intake.wait()
    assert assistant.taken_in == ["uploads"] and "1 added" in expert.get(PAGE).text


def test_a_run_under_way_is_shown_and_ends_without_the_page(
    expert: Browser, assistant: FakeAssistant
) -> None:
    assistant.intake.close()  # as where the program stops at once
    page = put(expert)
    assert "Being taken in" in page.text and "Waits to be taken in" in page.text
    after = Intake(assistant.store, lambda: dt.datetime.now(dt.UTC), assistant.take_in)
    after.resume()
    after.wait()
    assert assistant.taken_in == ["uploads"]
    assert "Being taken in" not in expert.get(PAGE).text


def test_a_program_uploads_and_removes(browser: Browser, assistant: FakeAssistant) -> None:
    given = browser.post(API, files={"file": ("rates.md", b"# Rates\n\nIt is 5.")}, data={"nations": "wales"})
    assert given.status_code == 202, given.text
    assert [one["path"] for one in given.json()["uploads"]] == ["rates.md"]
    assistant.intake.wait()
    shown = browser.get(API).json()
    assert shown["intake"]["state"] == "done" and shown["intake"]["told"]["added"] == 1
    assert browser.delete(f"{API}/rates.md").json()["uploads"] == []
    problem = browser.delete(f"{API}/rates.md")
    assert (problem.status_code, problem.json()["code"]) == (422, "upload.invalid")
    assert browser.post(API, json={"file": "x"}).status_code == 422
    assert browser.post("/api/v1/answers", files={"file": ("a", b"x")}).status_code == 415


def test_an_upload_sent_twice_under_one_key_is_kept_once(browser: Browser, assistant: FakeAssistant) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n# A\n\nB.\r\n--b--\r\n'
    )
    headers = {"content-type": "multipart/form-data; boundary=b", "idempotency-key": "k1"}
    first, again = (browser.post(API, content=body, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 202
    assert again.headers["idempotency-replayed"] == "true"
    assert len(assistant.ledger.entries(type="document.uploaded")) == 1


def test_who_may_by_program(expert: Browser, new_browser: Callable[..., Browser]) -> None:
    colleague = new_browser().sign_in("Al")
    assert colleague.get(API).status_code == 403
    token = {"x-csrf-token": expert.token(PAGE)}
    assert expert.post(API, files={"file": ("a.md", b"# A\n\nB.")}, headers=token).status_code == 202
    assert expert.delete(f"{API}/a.md").status_code == 403
    assert expert.delete(f"{API}/a.md", headers=token).status_code == 202


@pytest.mark.parametrize("address", [PAGE, API])
def test_whoever_may_not_send_a_file_is_refused_before_it_is_read(
    new_browser: Callable[..., Browser], assistant: FakeAssistant, address: str
) -> None:
    """A file that is too large shows which comes first: its size is known only when it was read."""
    large = {"file": ("a.md", b"x" * (LARGEST + 128 * 1024))}
    colleague, expert = new_browser().sign_in("Robin").acknowledge(), new_browser().sign_in("Ex", "expert")

    def sent(who: Browser) -> int:
        headers = {"x-csrf-token": who.token("/notice")} if who.cookies else {}
        return who.post(address, files=large, headers=headers).status_code

    assert sent(colleague) == 403 and sent(expert) == 413
    elsewhere = new_browser(client="192.0.2.7")
    assert elsewhere.post(address, files=large).status_code == (401 if address == PAGE else 403)
    assert not assistant.ledger.entries(type="document.uploaded")


def test_a_body_that_is_refused_is_not_held(new_browser: Callable[..., Browser]) -> None:
    app, held = new_browser().app, []

    async def send_it_all() -> None:
        chunks = iter([b"x" * 2**20] * 20)

        async def receive() -> dict[str, object]:
            chunk = next(chunks, b"")
            held.append(tracemalloc.get_traced_memory()[0])
            return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                held.append(int(str(message["status"])))

        scope = {
            "type": "http", "method": "POST", "path": API, "raw_path": API.encode(), "query_string": b"", "scheme": "http",
            "headers": [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=x")],
            "client": ("192.0.2.7", 5), "server": ("localhost", 80), "root_path": "", "http_version": "1.1",
        }  # fmt: skip
        await app(scope, receive, send)  # type: ignore[arg-type]

    tracemalloc.start()
    asyncio.run(send_it_all())
    tracemalloc.stop()
    assert held.pop() == 403 and len(held) == 21
    assert max(held) - held[0] < 3 * 2**20


def test_a_list_reads_no_entry_and_no_file_twice(
    expert: Browser, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(expert)
    assistant.intake.wait()
    hashed: list[Path] = []
    monkeypatch.setattr("assistant.uploading.file_hash", lambda file: hashed.append(file) or file_hash(file))
    file = assistant.settings.data_dir / "uploads" / "rates.md"
    monkeypatch.setattr(
        "ingest.catalogue.Catalogue.files", lambda *_: {"rates.md": SimpleNamespace(content_hash=was, version_id="", reason="")}
    )  # fmt: skip
    was = file_hash(file)
    assert [one.became for one in assistant.uploads.listed()] == [Became.REFUSED]
    scanned: list[Wanted] = []
    scan = assistant.ledger.scan
    monkeypatch.setattr(assistant.ledger, "scan", lambda wanted: scanned.append(wanted) or scan(wanted))
    assert assistant.uploads.listed()[0].by.startswith("person-") and len(hashed) == 1
    assert list(scan(scanned[0])) == []
    file.with_name("rates.md.meta.yaml").write_text("title: New\n", encoding="utf-8")
    assert [one.became for one in assistant.uploads.listed()] == [Became.WAITS] and len(hashed) == 2
    put(expert, content=b"# Rates\n\nIt is 6.")
    assert assistant.uploads.listed()[0].at == assistant.ledger.entries(type="document.uploaded")[-1].time
