"""The whole product runs where there is no network at all: not blocked by a library, but absent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings

pytestmark = pytest.mark.models

CUT = r"""
import ctypes, fcntl, json, os, socket, struct, sys

def tried(event, arguments):
    # What a call would have been stopped by: reported, so that an attempt cannot hide behind its own error handling.
    if event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", "localhost", "::1", None, ""):
        print("ATTEMPT", event, arguments[0], file=sys.stderr)
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        if arguments[1][0] not in ("127.0.0.1", "::1", "localhost"):
            print("ATTEMPT", event, arguments[1], file=sys.stderr)

sys.addaudithook(tried)
flags = 0x40000000 | (0x10000000 if os.geteuid() else 0)  # a new network, and a new user where one is needed for it
if ctypes.CDLL(None, use_errno=True).unshare(flags) == 0:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 1))  # loopback up
    print("CUT", file=sys.stderr)
"""

JOURNEY = (
    CUT
    + r"""
import threading, urllib.parse, urllib.request
from assistant.cli import main
from assistant.app import build
from assistant.settings import Settings
from assistant.web.serve import serve

folder, note = sys.argv[1], sys.argv[2]
for command in (
    ["ingest", folder], ["ask", "How is an advance paid back?", "--json"], ["search", "advance"],
    ["privacy", "redact", note], ["guidance", "list"], ["audit", "verify"], ["egress", "list"],
):
    assert main(command) == 0, command
assistant = build(Settings.load())
said = threading.Event()
where = []
def ready(address):
    where.append(address)
    said.set()
def client():
    said.wait(120)
    asked = urllib.request.Request(
        where[0] + "/api/v1/answers", data=b'{"question": "How is an advance paid back?"}',
        headers={"Content-Type": "application/json"},
    )
    print("SERVED", json.load(urllib.request.urlopen(asked))["outcome"], file=sys.stderr)
    os._exit(0)
threading.Thread(target=client, daemon=True).start()
serve(assistant, "127.0.0.1", 0, on_ready=ready)
"""
)


def test_the_whole_product_with_the_network_cut(models_dir: Path, tmp_path: Path) -> None:
    guidance = tmp_path / "guidance"
    guidance.mkdir()
    (guidance / "advances.md").write_text(
        "---\ntitle: Advances\nuri: https://guidance.example/advances\nnations: [england]\n---\n\n"
        "# Paying back an advance\n\nAn advance is paid back from the first payments, over at most 24 months.\n",
        encoding="utf-8",
    )
    note = tmp_path / "note.txt"
    note.write_text("Mr Adeyemi, QQ 12 34 56 C, rang.", encoding="utf-8")
    environment = {
        **os.environ, "FRONTLINE_DATA_DIR": str(tmp_path / "data"), "FRONTLINE_MODELS_DIR": str(models_dir),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "no_proxy": "*",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", JOURNEY, str(guidance), str(note)],
        capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "SERVED answered" in done.stderr, done.stderr[-3000:]
    assert "ATTEMPT" not in done.stderr, done.stderr
    if "CUT" not in done.stderr.splitlines():
        pytest.skip("this machine lets no process leave its network; attempts were watched for all the same")


def test_a_call_that_is_tried_is_seen(tmp_path: Path) -> None:
    """The test above can fail: what it watches with does see an attempt."""
    attempt = (
        CUT + "\ntry:\n    socket.create_connection(('192.0.2.1', 80), 0.2)\nexcept OSError:\n    pass\n"
    )
    done = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, cwd=tmp_path)
    assert "ATTEMPT socket.connect ('192.0.2.1', 80)" in done.stderr


def test_an_answer_made_with_nothing_reachable_left_no_call_in_the_ledger(
    sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.cli import main

    def types() -> set[str]:
        capsys.readouterr()
        assert main(["audit", "list", "--limit", "1000", "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return {entry["type"] for entry in found["entries"]}

    assert main(["ask", "How is an advance paid back?"]) == 0
    assert "answer" in types()
    assert not any(type_.startswith("egress.") for type_ in types())
