"""Published sample guidance says what its source says, and publishing again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.documents import Kind, Nation, Parsed
from ingest.parse import parse
from sample_guidance.publish import FORMATS, HERE, main, publish
from sample_guidance.source import read

COMMITTED = HERE / "documents"
PUBLISHED = [f"{slug}.{form}" for slug, form in FORMATS.items()]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(HERE / "sources", folder)
    return folder


def text(parsed: Parsed) -> list[tuple[tuple[str, ...], str]]:
    return [(section.heading_path, section.text) for section in parsed.sections]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_committed_file_says_what_a_fresh_one_says(fresh: Path, name: str) -> None:
    committed, again = parse(COMMITTED / name, root=COMMITTED), parse(fresh / name, root=fresh)
    assert text(committed) == text(again)
    assert committed.metadata == again.metadata


@pytest.mark.parametrize("slug", FORMATS)
def test_everything_in_the_source_is_in_the_published_file_and_nothing_else(fresh: Path, slug: str) -> None:
    guide = read(HERE / "sources" / f"{slug}.md", slug)
    parsed = parse(fresh / f"{slug}.{FORMATS[slug]}", root=fresh)
    found = "\n".join(f"{section.heading_path[-1]}\n{section.text}" for section in parsed.sections)
    parts = [
        part for block in guide.blocks if block.kind != "h1" for row in block.rows for part in row if part
    ]
    for part in parts:
        assert part in found
    marks = "".join(ch for ch in found if ch.isalnum())
    assert len(marks) <= sum(ch.isalnum() for part in parts for ch in part) + 20  # numbers of list items
    assert guide.fields["notice"] not in found


@pytest.mark.parametrize("slug", FORMATS)
def test_the_published_file_carries_the_fields_of_its_source(slug: str) -> None:
    fields = read(HERE / "sources" / f"{slug}.md", slug).fields
    about = parse(COMMITTED / f"{slug}.{FORMATS[slug]}", root=COMMITTED).metadata
    assert (about.title, about.uri, about.notice) == (fields["title"], fields["uri"], fields["notice"])
    assert about.kind is Kind(fields["kind"])
    assert set(about.nations) == {Nation(nation) for nation in fields["nations"]}
    assert (about.valid_from, about.review_due) == (fields["valid_from"], fields["review_due"])


def test_the_same_source_gives_the_same_bytes(fresh: Path, tmp_path: Path) -> None:
    written = publish(HERE / "sources", tmp_path)
    assert {path.suffix for path in written} == {".html", ".docx", ".pdf", ".yaml"}
    for path in written:
        assert path.read_bytes() == (fresh / path.relative_to(tmp_path)).read_bytes()


def test_nothing_half_written_stays(fresh: Path) -> None:
    assert not [path for path in fresh.rglob("*") if path.name.endswith(".part")]


def test_every_source_is_published() -> None:
    slugs = {
        path.relative_to(HERE / "sources").with_suffix("").as_posix()
        for path in HERE.rglob("sources/**/*.md")
    }
    assert slugs == set(FORMATS)


def test_it_says_which_files_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--into", str(tmp_path)]) == 0
    assert f"{tmp_path / 'pip/points-and-scoring.pdf'}\n" in capsys.readouterr().out


def test_a_source_without_front_matter_is_named(tmp_path: Path) -> None:
    (tmp_path / "bare.md").write_text("# Nothing before this\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bare\.md: no front matter"):
        read(tmp_path / "bare.md", "bare")
