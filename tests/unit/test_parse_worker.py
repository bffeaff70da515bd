"""A file that hangs, swells or lies costs one file; the process that reads has few powers."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from fpdf import FPDF

from governance import errors
from ingest.documents import Nation
from ingest.parse import Limits, Parser, parse
from ingest.parse.process import forbid, serve


def test_one_process_reads_file_after_file_and_says_which_it_refused(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    good = tmp_path / "sub" / "a.md"
    good.write_text("# Title\n\nWords about £5.\n", encoding="utf-8")
    (tmp_path / "sub" / "a.md.meta.yaml").write_text("nations: wales\n", encoding="utf-8")
    bad = tmp_path / "b.md"
    bad.write_text("---\nkind: gossip\n---\nx", encoding="utf-8")
    menu = tmp_path / "c.html"
    menu.write_text("<nav>Only a menu</nav>", encoding="utf-8")
    with Parser() as parser:
        for _ in range(2):
            made = parser.parse(good, root=tmp_path)
            assert made.metadata.uri == "file:sub/a.md"
            assert made.metadata.nations == (Nation.WALES,)
            assert made.sections[0].text == "Words about £5."
            with pytest.raises(errors.MetadataInvalid, match=r"b\.md: kind: 'gossip'"):
                parser.parse(bad, root=tmp_path)
        with pytest.raises(errors.DocumentWithoutText, match="menu: 1"):
            parser.parse(menu, root=tmp_path)
        with pytest.raises(errors.FileNotReadable):
            parser.parse(tmp_path / "none.md", root=tmp_path)
        assert parser._worker.started == 1


def test_a_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(errors.DocumentHostile, match="outside"):
        parse(folder / "a.txt", root=folder)


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    slow, quick = tmp_path / "slow.md", tmp_path / "quick.md"
    slow.write_text("word *a* [b](c) " * 1_200_000, encoding="utf-8")
    quick.write_text("Quick words.", encoding="utf-8")
    with Parser(Limits(seconds=2.0)) as parser:
        with pytest.raises(errors.DocumentTooSlow, match=r"slow\.md"):
            parser.parse(slow, root=tmp_path)
        assert parser.parse(quick, root=tmp_path).sections[0].text == "Quick words."
        assert parser._worker.started == 2


def test_a_file_that_swells_is_given_up(tmp_path: Path) -> None:
    large = tmp_path / "large.md"
    large.write_text("*a* **b** [c](d)\n\n" * 150_000, encoding="utf-8")
    with (
        Parser(Limits(memory=260 * 1024 * 1024, seconds=60)) as parser,
        pytest.raises(errors.DocumentRejected) as raised,
    ):
        parser.parse(large, root=tmp_path)
    assert raised.value.code in ("document.too_large", "document.corrupt")


@pytest.mark.parametrize(("limits", "size"), [(Limits(bytes=10), 11), (Limits(text=10), 30)])
def test_size_is_capped(limits: Limits, size: int, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a" * size, encoding="utf-8")
    with pytest.raises(errors.DocumentTooLarge):
        parse(path, root=tmp_path, limits=limits)


def test_the_process_may_neither_write_nor_connect_nor_start_anything() -> None:
    for event, arguments in [
        ("open", ("/tmp/x", "w", 0)),  # noqa: S108
        ("socket.connect", (None, ("127.0.0.1", 80))),
        ("subprocess.Popen", ("sh", [], None, None)),
    ]:
        with pytest.raises(PermissionError):
            forbid(event, arguments)
    forbid("open", ("/tmp/x", "rb", 0))  # noqa: S108
    forbid("import", ("x",))


def test_requests_are_answered_in_frames(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.", encoding="utf-8")
    asked = [{"path": str(tmp_path / name), "relative": name} for name in ("a.txt", "none.txt")]
    out = io.BytesIO()
    serve(Limits(), io.BytesIO("".join(json.dumps(a) + "\n" for a in asked).encode()), out)
    out.seek(0)
    frames = []
    while head := out.read(8):
        frames.append(out.read(int(head, 16)))
    assert frames[0] == b"ready"
    assert json.loads(frames[1])["sections"][0]["text"] == "Words."
    assert json.loads(frames[2][1:])["error"] == "FileNotReadable"


def test_a_long_file_is_given_more_time_and_never_without_end() -> None:
    limits = Limits(seconds=30, seconds_a_page=0.3, pages=2000)
    assert limits.allowed(100) == 30
    assert limits.allowed(600) == 180
    assert limits.allowed(10**9) == limits.allowed(2000)


def test_pages_are_counted_before_they_are_read(tmp_path: Path) -> None:
    made = FPDF()
    for number in range(3):
        made.add_page()
        made.set_font("Helvetica", size=11)
        made.text(10, 90, f"The claimant must report change number {number} at once.")
    (tmp_path / "a.pdf").write_bytes(bytes(made.output()))
    out = io.BytesIO()
    serve(
        Limits(), io.BytesIO(json.dumps({"path": str(tmp_path / "a.pdf"), "relative": "a.pdf"}).encode()), out
    )
    assert b"00000002+3" in out.getvalue()
    assert parse(tmp_path / "a.pdf", root=tmp_path).sections[0].text.count("at once") == 3
