"""The small parts: passages as blocks, words for dates and nations, the key, the committed assets, the server's socket."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import signal
import socket
import stat
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.plural import plural
from assistant.web import serve as server
from assistant.web import wording
from assistant.web.app import create_app
from assistant.web.keys import session_key
from assistant.web.pages.guidance import parts
from assistant.web.passages import Block, blocks
from assistant.web.render import STATIC
from assistant.web.sources import shown, web_address
from governance.errors import LoopbackOnly, PortTaken, SettingInvalid, StorageUnwritable
from ingest.documents import Nation, Passage
from tests.fakes import DictSnapshot, FakeAssistant, OneSnapshot, guidance
from tests.web.stock import stock

TEXT = "One thing.\nStill one.\n\n- first\n  goes on\n- second\n\n3. third\n4) fourth\n\n| A | B |\n| --- | :-: |\n| 1 \\| 2 | |"


def said(block: Block) -> list[list[str]]:
    return [["".join(piece.text for piece in cell) for cell in row] for row in block.rows]


def test_a_passage_is_read_as_paragraphs_lists_and_tables() -> None:
    made = blocks(TEXT)
    assert [block.kind for block in made] == ["paragraph", "bullets", "numbers", "table"]
    assert said(made[0]) == [["One thing.\nStill one."]]
    assert said(made[1]) == [["first\n  goes on"], ["second"]]
    assert said(made[2]) == [["third"], ["fourth"]] and made[2].start == 3
    assert said(made[3]) == [["A", "B"], ["1 \\| 2", ""]]


def test_a_quote_over_several_blocks_is_marked_in_each() -> None:
    start, end = TEXT.index("one."), TEXT.index("second") + 6
    marked = [
        piece.text
        for block in blocks(TEXT, [(start, end)])
        for row in block.rows
        for cell in row
        for piece in cell
        if piece.marked
    ]
    assert marked == ["one.", "first\n  goes on", "second"]


@given(
    st.text(alphabet="ab |-1.\n*\\", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3),
)
def test_nothing_is_shown_twice_or_out_of_order_and_words_are_never_lost(
    text: str, spans: list[tuple[int, int]]
) -> None:
    shown_text = [p.text for b in blocks(text, spans) for row in b.rows for cell in row for p in cell]
    at = 0
    for piece in shown_text:
        at = text.index(piece, at) + len(piece)
    assert sum(c.isalpha() for c in text) == sum(c.isalpha() for piece in shown_text for c in piece)


def test_headings_begin_where_they_change() -> None:
    def passage(n: int, *path: str) -> Passage:
        return Passage(f"p{n}", "v", n, ("Title", *path), "text", 1)

    made = parts(
        [passage(0), passage(1, "A"), passage(2, "A", "B"), passage(3, "A", "B"), passage(4, "C")],
        "p3",
        [(0, 2)],
    )
    assert [part.headings for part in made] == [(), ((2, "A"),), ((3, "B"),), (), ((2, "C"),)]
    assert [part.cited for part in made] == [False, False, False, True, False]


def test_a_source_that_is_no_longer_kept_shows_the_quote(tmp_path: Path) -> None:
    assistant = FakeAssistant(tmp_path, stock())
    answer = assistant.ask("ask for a mandatory reconsideration")
    whole = shown(answer, assistant.snapshots)  # type: ignore[arg-type]
    bare = shown(answer, OneSnapshot(DictSnapshot()))  # type: ignore[arg-type]
    assert all(source.whole for source in whole.sources) and not any(source.whole for source in bare.sources)
    assert [said(source.blocks[0]) for source in bare.sources] == [
        [[s.citations[0].quote]] for s in answer.sentences
    ]
    assistant.close()


def test_a_source_shows_what_stands_around_it_each_once(tmp_path: Path) -> None:
    version, passages = guidance(
        "https://guidance.example/a", dict.fromkeys(("one", "two", "three", "four"), "")
    )
    said_of = ["Under the heading above.", "Before.", "Ask for a ziggurat within a month.", "After."]
    paths = [("T", "Up"), ("T", "Up", "Near"), ("T", "Up", "Near"), ("T", "Up", "Next")]
    made = [replace(p, text=t, heading_path=h) for p, t, h in zip(passages, said_of, paths, strict=True)]
    assistant = FakeAssistant(tmp_path, DictSnapshot().add((version, made)))
    answer = assistant.ask("when to ask for a ziggurat")
    (source,) = (
        s for s in shown(answer, assistant.snapshots).sources if s.passage_id == made[2].id  # type: ignore[arg-type]
    )  # fmt: skip
    assert [(b.where, b.heading, said(b.blocks[0])) for b in source.around] == [
        ("From the section above", "Up", [["Under the heading above."]]),
        ("Just before", "Near", [["Before."]]), ("Just after", "Next", [["After."]]),
    ]  # fmt: skip
    assert not any(s.around for s in shown(answer, OneSnapshot(DictSnapshot())).sources)  # type: ignore[arg-type]
    assistant.close()


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("https://guidance.example/a", "https://guidance.example/a"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("urn:guidance:a", ""),
        ("https:///nothing", ""),
        ("http://[", ""),
    ],
)
def test_only_web_addresses_become_links(uri: str, address: str) -> None:
    assert web_address(uri) == address


def test_words() -> None:
    assert wording.day(dt.date(2026, 4, 6)) == "6 April 2026" and wording.day(None) == ""
    assert wording.moment(None) == ""
    assert wording.nations(list(Nation)) == "All nations"
    assert wording.nations(["wales", "england", "scotland"]) == "England, Scotland and Wales"
    assert wording.nation(None) == "All nations"
    assert plural(1, "entry", "entries") == "1 entry" and plural(2, "source") == "2 sources"


def test_the_key_is_made_once_and_is_its_owner_s(tmp_path: Path) -> None:
    key = session_key(tmp_path)
    assert session_key(tmp_path) == key and len(key) == 32
    assert stat.S_IMODE((tmp_path / "keys" / "session.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["session.key"]


def test_a_key_that_cannot_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("in the way")
    with pytest.raises(StorageUnwritable, match=r"session\.key"):
        session_key(tmp_path)


def test_the_committed_assets_are_the_built_ones() -> None:
    listed = dict(reversed(line.split("  ")) for line in (STATIC / "checksums.txt").read_text().splitlines())
    found = {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest()
        for p in STATIC.iterdir()
        if p.name != "checksums.txt"
    }
    assert found == listed


def test_the_assets_name_no_other_site_and_carry_no_crown() -> None:
    sheet = (STATIC / "frontline.css").read_text()
    assert "GDS Transport" not in sheet and "@font-face" not in sheet
    assert "url(" not in sheet.replace("url(/static/", "")
    package = json.loads((STATIC.parent / "assets" / "package.json").read_text())
    assert all(version[0].isdigit() for version in package["devDependencies"].values())


def test_the_page_on_which_one_asks_stays_light(colleague: object) -> None:
    from tests.web.conftest import Browser

    assert isinstance(colleague, Browser)
    whole = len(colleague.get("/").content) + sum(p.stat().st_size for p in STATIC.iterdir())
    assert whole <= 200_000


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_is_taken_is_an_error_that_says_so(taken: int) -> None:
    with pytest.raises(PortTaken, match=str(taken)):
        server.listen("127.0.0.1", taken)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])  # noqa: S104
def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(LoopbackOnly):
        server.listen(host, 0)


def test_an_address_that_is_not_this_machine_s_is_a_setting_to_mend() -> None:
    with pytest.raises((SettingInvalid, PortTaken)):
        server.listen("::1%nowhere", 0)


SERVE = """
import sys
from dataclasses import replace
from pathlib import Path
from assistant.web.serve import serve
from tests.fakes import FakeAssistant
from tests.web.stock import stock
assistant = FakeAssistant(Path(sys.argv[1]), stock())
try:
    serve(assistant, "127.0.0.1", 0, on_ready=lambda address: print(address, flush=True))
finally:
    assistant.close()
    print("closed", flush=True)
"""


def test_a_served_process_stops_when_told_and_closes_up(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tmp_path)], cwd=STATIC.parents[2], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        where = process.stdout.readline().strip()
        assert json.load(urllib.request.urlopen(f"{where}/readyz", timeout=5))["ready"] is True  # noqa: S310
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read().strip() == "closed"
    assert process.returncode == 0


def test_the_server_says_when_it_is_ready_and_stops(tmp_path: Path) -> None:
    import asyncio

    import uvicorn

    assistant = FakeAssistant(tmp_path, stock())
    assistant.loading.clear()
    app = create_app(assistant)  # type: ignore[arg-type]
    listener = server.listen("127.0.0.1", 0)
    where = server.address(listener, "127.0.0.1")
    told: list[str] = []
    running = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
    teller = threading.Thread(target=server.tell, args=(running, app.state.desk.warm_up, where, told.append))
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[listener])))
    thread.start()
    teller.start()
    while not running.started:
        threading.Event().wait(0.02)
    assert urllib.request.urlopen(f"{where}/healthz", timeout=5).status == 200  # noqa: S310
    assert not told
    assistant.loading.set()
    teller.join(10)
    assert told == [where]
    running.should_exit = True
    thread.join(10)
    assert not thread.is_alive()
    listener.close()
    assistant.close()
