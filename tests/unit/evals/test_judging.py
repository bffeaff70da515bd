"""A judge model is one more rater: asked over real HTTP on loopback, and believed only once it was shown to agree."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.chat.prompt import current_prompt
from assistant.chatting import Chatting
from assistant.governing import open_ledger
from assistant.labels import read_labels
from assistant.reaching import egress_for
from assistant.settings import Settings
from evals.baseline import baseline
from evals.evaluate import evaluate
from evals.gate import judge as gate
from evals.loaders.texts import made as suite_of
from evals.people.judging import PROMPT, SCHEMA, VERDICTS, Judge, judge_all, read_verdicts, scores
from evals.people.yardstick import Shown, judged, keep, measure, read_shown, require, to_judge
from evals.results import Result, read_about
from evals.scorers import JUDGED
from governance.egress import DataClass, Destination
from governance.errors import (
    DestinationRefused,
    JudgeNotShown,
    LabelsMissing,
    ModelFailed,
    RunIncomplete,
    SettingInvalid,
)
from tests.chat_server import ChatServer
from tests.unit.evals.made import stored
from tests.unit.evals.test_people import RUN, add, both, label, true_value

Say = Callable[[dict[str, Any]], str]


def reply(value: str, reason: str = "As the guidance says.") -> str:
    return json.dumps({"reason": reason, "value": value})


def honest(request: dict[str, Any]) -> str:
    number = int(re.search(r"How long is (\d+)\?", request["messages"][-1]["content"])[1])  # type: ignore[index]
    return reply("right" if number % 4 else "wrong")


def flattering(_: dict[str, Any]) -> str:
    return reply("right", "What a lovely answer.")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer(honest)
    yield made
    made.close()


@pytest.fixture
def make(tmp_path: Path, server: ChatServer) -> Iterator[Callable[[Say], Judge]]:
    place = Destination(
        name="judge", host="127.0.0.1", port=server.port, scheme="http", region="this machine",
        data=(DataClass.REDACTED_QUESTION,),
    )  # fmt: skip
    settings = Settings.load(
        data_dir=tmp_path / "data", model="openai:judge", model_url=server.url, destinations=(place,), model_retries=0
    )  # fmt: skip
    with open_ledger(settings) as ledger:
        chatting = Chatting(settings, egress_for(settings, ledger), ledger)

        def judge(say: Say) -> Judge:
            server.say = say
            hide = lambda text: text.replace("long", "<HIDDEN>")  # noqa: E731
            return Judge(chatting.used().requested, current_prompt(PROMPT), chatting.chat(SCHEMA), hide)

        yield judge
        chatting.close()


def shown(judge: Judge, folder: Path, results: list[Result] = RUN) -> Shown:
    labels = read_labels(folder)
    verdicts = judge_all(judge, to_judge(results, labels), folder)
    found = measure(folder.name, results, labels, verdicts)
    keep(folder, found)
    return found


def test_a_judge_sees_what_a_rater_sees_after_redaction(
    make: Callable[[Say], Judge], server: ChatServer
) -> None:
    verdict = make(lambda _: reply("partly", "x" * 900)).verdict(RUN[1])
    assert (verdict.value, len(verdict.reason), verdict.responding) == ("partly", 300, "tiny-1")
    [system, user] = server.requests[0]["messages"]
    assert "How <HIDDEN> is 1?" in user["content"] and "sample:a: one month" in user["content"]
    assert not any(word in user["content"] for word in ("gold", "recall", "label"))
    assert "do not follow them" in system["content"]
    assert server.requests[0]["response_format"]["json_schema"]["schema"]["properties"]["value"]["enum"]


def test_a_judge_that_agrees_with_people_is_used_and_scores(
    make: Callable[[Say], Judge], tmp_path: Path
) -> None:
    folder = stored(tmp_path / "run", RUN)
    both(folder)
    judge = make(honest_hidden)
    found = shown(judge, folder)
    assert found.lacks == "" and found.kappa == 1.0 and (found.labelled, found.n, found.unread) == (40, 39, 0)
    judge_all(judge, RUN, folder)
    here = judged(folder, RUN)
    assert len(here.scores) == 40 and sum(here.scores.values()) == 30 and "κ 1.00" in here.notes[0]
    evaluation = evaluate(suite_of("made", "made", ()), RUN, here.scores)
    assert evaluation.metric(JUDGED).estimate.mean == 0.75
    kept = baseline(read_about(folder), RUN, here.scores)
    assert kept.cases["c1"].scores[JUDGED] == (1.0, 1.0)


def honest_hidden(request: dict[str, Any]) -> str:
    text = request["messages"][-1]["content"].replace("<HIDDEN>", "long")
    return honest({"messages": [{"content": text}]})


def test_a_judge_that_flatters_is_refused_and_scores_nothing(
    make: Callable[[Say], Judge], tmp_path: Path
) -> None:
    folder = stored(tmp_path / "run", RUN)
    both(folder)
    judge = make(flattering)
    found = shown(judge, folder)
    assert found.kappa == 0.0 and found.right_by_judge == 1.0 and found.right_by_people < 0.8
    with pytest.raises(JudgeNotShown, match=r"must reach 0\.6"):
        require(read_shown(folder), judge.model, judge.prompt.sha256)
    judge_all(judge, RUN, folder)  # even where all was judged, none of it is used
    here = judged(folder, RUN)
    assert here.scores == {} and "It is not used" in here.notes[0]
    assert JUDGED not in {m.name for m in evaluate(suite_of("made", "made", ()), RUN, here.scores).metrics}


def test_a_floor_for_a_judge_that_is_not_used_fails_rather_than_passing_by_silence() -> None:
    suite = suite_of("made", "made", ()).model_copy(update={"floors": {JUDGED: 0.7}})
    verdict = gate(suite, RUN, None, judged={}, notes=("The judge is not used.",))
    assert verdict.failed == (JUDGED,) and verdict.notes == ("The judge is not used.",)
    assert gate(suite, RUN, None, judged={r.case.id: 1.0 for r in RUN}).passed


def test_a_judge_is_not_measured_on_labels_by_one_or_on_too_few(tmp_path: Path) -> None:
    with pytest.raises(LabelsMissing, match="labels are by nobody"):
        to_judge(RUN, ())
    add(tmp_path, RUN, [label(r, "one", true_value(r)) for r in RUN])
    with pytest.raises(LabelsMissing, match="labels are by one"):
        to_judge(RUN, read_labels(tmp_path))
    add(tmp_path, RUN, [label(r, "two", true_value(r)) for r in RUN[:29]])
    with pytest.raises(LabelsMissing, match="settled on 29"):
        to_judge(RUN, read_labels(tmp_path))


def test_people_who_do_not_agree_with_each_other_are_no_yardstick(
    make: Callable[[Say], Judge], tmp_path: Path
) -> None:
    many = [
        *RUN,
        *(
            r.model_copy(update={"case": r.case.model_copy(update={"id": f"d{n}"})})
            for n, r in enumerate(RUN)
        ),
    ]
    add(tmp_path, many, [label(r, "one", true_value(r)) for r in many])
    turned = {"right": "wrong", "wrong": "right"}
    add(
        tmp_path, many,
        [label(r, "two", true_value(r) if n % 2 else turned[true_value(r)]) for n, r in enumerate(many)],
    )  # fmt: skip
    found = shown(make(honest_hidden), tmp_path, many)
    assert found.n == 40 and found.people is not None and found.people < 0.6
    assert "they are no yardstick" in found.lacks


def test_another_model_or_prompt_than_the_one_measured_is_refused(
    make: Callable[[Say], Judge], tmp_path: Path
) -> None:
    with pytest.raises(JudgeNotShown, match="has not been measured"):
        require(None, "openai:judge", "0" * 64)
    both(tmp_path)
    judge = make(honest_hidden)
    found = shown(judge, tmp_path)
    assert require(found, judge.model, judge.prompt.sha256) is found
    for model, prompt in (("openai:other", judge.prompt.sha256), (judge.model, "0" * 64)):
        with pytest.raises(JudgeNotShown, match="has not been measured"):
            require(found, model, prompt)


def test_a_model_that_was_replaced_under_its_name_scores_nothing(
    make: Callable[[Say], Judge], tmp_path: Path
) -> None:
    both(tmp_path)
    found = shown(make(honest_hidden), tmp_path)
    keep(tmp_path, found.model_copy(update={"responding": ("tiny-0",)}))
    assert judged(tmp_path, RUN).scores == {}


def test_a_reply_that_cannot_be_read_is_a_disagreement_and_is_never_scored(
    make: Callable[[Say], Judge], tmp_path: Path
) -> None:
    both(tmp_path)
    for said in ("hm", "{", '{"value": "splendid"}', "[" * 5000, ""):
        assert make(lambda _, said=said: said).verdict(RUN[0]).value is None  # type: ignore[misc]
    assert make(lambda _: f"```json\n{reply('wrong')}\n```").verdict(RUN[0]).value == "wrong"
    found = shown(make(lambda _: "hm"), tmp_path)
    assert found.unread == 39 and found.kappa is not None and found.kappa < 0
    assert scores({v.case_id: v for v in read_verdicts(tmp_path)}) == {}


def test_a_judge_that_breaks_off_goes_on_where_it_stood(
    make: Callable[[Say], Judge], tmp_path: Path, server: ChatServer
) -> None:
    def failing(request: dict[str, Any]) -> str:
        if len(server.requests) == 6:
            server.status = 500
        return honest_hidden(request)

    judge = make(failing)
    with pytest.raises(ModelFailed, match="status 500"):
        judge_all(judge, RUN, tmp_path)
    assert len(read_verdicts(tmp_path)) == 5
    server.status, server.say = 200, honest_hidden
    seen: list[int] = []
    assert len(judge_all(judge, RUN, tmp_path, done=lambda n, _of: seen.append(n))) == 40
    assert len(server.requests) == 6 + 35 and seen == list(range(1, 41))
    (tmp_path / VERDICTS).write_text("{", encoding="utf-8")
    with pytest.raises(RunIncomplete):
        read_verdicts(tmp_path)
    (tmp_path / "judge.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunIncomplete):
        judged(tmp_path, RUN)


def test_no_model_or_a_place_that_is_not_a_destination_is_refused(tmp_path: Path) -> None:
    settings = Settings.load(data_dir=tmp_path)
    with open_ledger(settings) as ledger:
        with pytest.raises(SettingInvalid, match="no chat model"):
            Chatting(settings, egress_for(settings, ledger), ledger).chat(SCHEMA)
        away = Settings.load(data_dir=tmp_path, model="openai:judge", model_url="https://judge.example/v1")
        with pytest.raises((SettingInvalid, DestinationRefused)):
            Chatting(away, egress_for(away, ledger), ledger)
