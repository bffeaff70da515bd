"""What is owed is taken in, in the background, after a restart too."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.intake import Intake, IntakeState
from governance.errors import IngestRunning, StorageFull
from governance.store import Store
from ingest.report import Report

Makes = Callable[..., Intake]


class Runs:
    """Takes sources in, as often as it is asked to, and fails where it is told to."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails: list[Exception] = []
        self.begun = threading.Event()
        self.goes_on = threading.Event()
        self.goes_on.set()

    def __call__(self, source: str) -> Report:
        self.begun.set()
        assert self.goes_on.wait(10)
        if self.fails:
            raise self.fails.pop(0)
        self.done.append(source)
        return Report(source, 2, 0, 1, 0, (), 9, 2, 0, "s1", "0" * 64, 0.1)


@pytest.fixture
def runs() -> Runs:
    return Runs()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(f"sqlite:///{tmp_path / 'governance.sqlite'}")
    yield made
    made.close()


@pytest.fixture
def intake(store: Store, runs: Runs) -> Iterator[Intake]:
    made = Intake(store, lambda: dt.datetime.now(dt.UTC), runs, pause=0.01)
    yield made
    runs.goes_on.set()
    made.close()


def state(intake: Intake, source: str = "uploads") -> IntakeState | None:
    found = intake.standing(source)
    return found and found.state


def test_what_is_owed_is_taken_in_and_told(intake: Intake, runs: Runs) -> None:
    assert intake.standing("uploads") is None
    intake.owe("uploads")
    intake.wait()
    found = intake.standing("uploads")
    assert found is not None and not found.under_way and found.ended is not None
    assert (found.told["added"], found.told["removed"], found.told["failed"]) == (2, 1, 0)
    assert runs.done == ["uploads"]


def test_what_is_asked_for_while_a_run_goes_on_is_taken_in_after_it(intake: Intake, runs: Runs) -> None:
    runs.goes_on.clear()
    intake.owe("uploads")
    assert runs.begun.wait(10)
    intake.owe("uploads")
    runs.goes_on.set()
    intake.wait()
    assert runs.done == ["uploads", "uploads"]
    assert state(intake) is IntakeState.DONE


def test_a_run_that_was_cut_off_is_done_at_the_next_start(store: Store, runs: Runs) -> None:
    first_runs = Runs()
    first_runs.goes_on.clear()  # it hangs, as for ever
    first = Intake(store, lambda: dt.datetime.now(dt.UTC), first_runs)
    first.owe("uploads")
    assert first_runs.begun.wait(10)
    assert state(first) is IntakeState.RUNNING
    after = Intake(store, lambda: dt.datetime.now(dt.UTC), runs)
    after.resume()
    after.wait()
    assert runs.done == ["uploads"] and state(after) is IntakeState.DONE
    after.resume()
    after.wait()
    assert runs.done == ["uploads"]
    first_runs.goes_on.set()
    first.close()


def test_what_is_owed_before_it_is_changed_waits_for_the_next_start(intake: Intake, runs: Runs) -> None:
    intake.owe("uploads", begin=False)
    assert state(intake) is IntakeState.OWED and runs.done == []
    intake.resume()
    intake.wait()
    assert state(intake) is IntakeState.DONE


def test_another_run_is_waited_for(intake: Intake, runs: Runs) -> None:
    runs.fails += [IngestRunning("Another ingest is running.", do="Wait.")] * 3
    intake.owe("notes")
    intake.wait()
    assert runs.done == ["notes"] and state(intake, "notes") is IntakeState.DONE


@pytest.mark.parametrize(
    ("broke", "code"),
    [(StorageFull("Full.", do="Free some."), "storage.full"), (ValueError("secret"), "error")],
)
def test_a_run_that_fails_says_so_and_can_be_asked_for_again(
    intake: Intake, runs: Runs, broke: Exception, code: str
) -> None:
    runs.fails.append(broke)
    intake.owe("uploads")
    intake.wait()
    found = intake.standing("uploads")
    assert found is not None and found.state is IntakeState.FAILED and not found.under_way
    assert found.told["code"] == code and "secret" not in str(found.told)
    intake.owe("uploads")
    intake.wait()
    assert state(intake) is IntakeState.DONE


def test_nothing_is_begun_once_the_program_stops(intake: Intake, runs: Runs) -> None:
    intake.close()
    intake.owe("uploads")
    assert runs.done == [] and state(intake) is IntakeState.OWED
