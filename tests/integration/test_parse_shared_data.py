"""Real files, messy and hostile: each is taken in or refused by name, and none stops or bloats the run."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from governance.errors import DocumentRejected
from ingest.documents import Parsed, State
from ingest.parse import SIDECAR, Parser
from ingest.split import STRETCH, TARGET, split

pytestmark = pytest.mark.shared_data
GIB = 1024**3


@dataclass
class Run:
    """Everything that was read, and what it took."""

    parsed: dict[str, Parsed]
    rejected: dict[str, DocumentRejected]
    seconds: dict[str, float]
    peak: int
    """Most resident memory of the process that reads, in bytes; 0 where the system does not say."""


@pytest.fixture(scope="module")
def run(shared_data: Path) -> Iterator[Run]:
    made = Run({}, {}, {}, 0)
    with Parser() as parser:
        for folder in ("guidance", "hostile"):
            root = shared_data / folder
            for path in sorted(root.rglob("*")):
                if path.is_file() and not path.name.endswith(SIDECAR):
                    began = time.monotonic()
                    name = path.relative_to(shared_data).as_posix()
                    try:
                        made.parsed[name] = parser.parse(path, root=root)
                    except DocumentRejected as error:
                        made.rejected[name] = error
                    made.seconds[name] = time.monotonic() - began
        process = parser._worker._process
        if sys.platform == "linux" and process is not None:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            made.peak = int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) * 1024
    yield made


def test_each_file_is_taken_in_or_refused_with_a_reason_and_in_time(run: Run) -> None:
    assert len(run.parsed) > 300
    assert all(error.message.startswith(name.split("/", 1)[1]) for name, error in run.rejected.items())
    assert all(error.do for error in run.rejected.values())
    assert max(run.seconds.values()) < 30
    assert run.peak < GIB


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("hostile/files/unstructured__pdf__password.pdf", "document.locked"),
        ("hostile/files/pypdf-7.1.0__resources__encryption__r2-user-password.pdf", "document.locked"),
        ("hostile/files/redbox__Cabinet_Office_-_Wikipedia.corrupt.pdf", "document.corrupt"),
        ("hostile/files/unstructured__empty.txt", "document.empty"),
        ("hostile/files/defusedxml-0.7.1__xmltestdata__cyclic.xml", "document.unsupported"),
        ("guidance/messy/files/unstructured__pdf__loremipsum-flat.pdf", "document.without_text"),
    ],
)
def test_what_is_refused_is_refused_for_the_right_reason(run: Run, name: str, code: str) -> None:
    assert run.rejected[name].code == code


FURNITURE = re.compile(
    r"additional cookies|hide this message|skip to (main )?content|is this page useful|report a problem with this page"
    r"|crown copyright|javascript enabled|thank you for your feedback|help us improve|Departments, agencies and public",
    re.IGNORECASE,
)


def test_scraped_pages_lose_their_furniture(run: Run) -> None:
    pages = {name: made for name, made in run.parsed.items() if name.startswith("guidance/pages/www.")}
    assert len(pages) > 100
    left = [name for name, made in pages.items() for s in made.sections if FURNITURE.search(s.text)]
    assert len(left) <= 3, left


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (
            "www.gov.uk_carers-credit.md",
            "You could get Carer’s Credit if you’re caring for someone for at least 20 hours",
        ),
        ("www.gov.uk_pip.md", "managing your medicines or treatments"),
        ("www.gov.uk_funeral-payments.md", "if it’s being moved more than 50 miles"),
        (
            "www.nhs.uk_conditions_common-cold_.md",
            "| Appears gradually | Appears quickly within a few hours |",
        ),
        (
            "www.nidirect.gov.uk_articles_cost-living-payments.md",
            "of £650, paid in two instalments of £326 and £324",
        ),
        (
            "www.hse.gov.uk_legionnaires_what-you-must-do.htm.md",
            "you must notify your local authority in writing",
        ),
    ],
)
def test_scraped_pages_keep_their_content(run: Run, page: str, words: str) -> None:
    assert any(words in section.text for section in run.parsed[f"guidance/pages/{page}"].sections)


def test_content_api_items_say_whether_they_were_withdrawn(run: Run) -> None:
    withdrawn = [n for n, made in run.parsed.items() if made.metadata.state is State.WITHDRAWN]
    assert "guidance/govuk_content_api/detailed_guide__withdrawn_detailed_guide.json" in withdrawn
    assert len(withdrawn) > 5
    assert all(run.parsed[name].metadata.uri.startswith("https://www.gov.uk/") for name in withdrawn)


def test_everything_read_can_be_split_within_bounds(run: Run) -> None:
    def words(text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]", text))

    total = 0
    for name, made in run.parsed.items():
        passages = split(made, version_id=name, count=words, limit=256, tokens=words)
        assert len({passage.id for passage in passages}) == len(passages) > 0, name
        assert all(p.tokens <= TARGET * STRETCH and words(p.indexed_text) <= 256 for p in passages), name
        total += len(passages)
    assert total > 3_000
