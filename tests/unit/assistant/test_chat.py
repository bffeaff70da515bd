"""A chat model answers through the contract, or rules do and the reason is kept: over real HTTP, on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.abstain import Calibration
from assistant.answers import Answer, Outcome, Person, Role
from assistant.app import Assistant, build
from assistant.chat.limits import MOST_BYTES
from assistant.chat.llama import LlamaServer
from assistant.jobs import EventKind
from assistant.replay import replay
from assistant.settings import Settings
from governance.completeness import missing_fields
from governance.egress import DataClass, Destination
from governance.errors import ModelFailed, ModelMissing, SettingInvalid
from governance.explaining import one_line
from governance.explanation import Explanation
from ingest.documents import Nation
from tests.chat_server import ChatServer, sentences, shown
from tests.fakes import CountingEmbedder, DictRedactor, DictSnapshot, OneSnapshot, guidance

ASK = "How long can repayment of a new claim advance be spread over?"
QUOTE = "Repayment of a new claim advance can be spread over up to 24 months."
LENIENT = Calibration(version="t", intercept=-1.0, coefficients={"focus": 4.0}, threshold=0.5, evidence={})


def snapshot() -> DictSnapshot:
    text = f"{QUOTE} This does not apply where the advance was made in error."
    return (
        DictSnapshot(embedder=CountingEmbedder())
        .add(
            guidance("uc:advance", {"Repayment": text, "Refusal": "There is no right of appeal against the refusal of a new claim advance."})
        )
        .add(guidance("home", {"Visits": "Dogs must be kept away during a home visit."}, title="Home visits"))
        .add(guidance("north", {"Repayment": "Repayment of a new claim advance can be spread over up to 36 months."}, nations=(Nation.SCOTLAND,)))
    )  # fmt: skip


def label_of(request: dict[str, Any], words: str) -> str:
    return next(label for label, text in shown(request) if words in text)


def honest(request: dict[str, Any]) -> str:
    return sentences((label_of(request, QUOTE), QUOTE, QUOTE))


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer(honest)
    yield made
    made.close()


@pytest.fixture
def make(tmp_path: Path, server: ChatServer) -> Iterator[Callable[..., Assistant]]:
    made: list[Assistant] = []

    def assistant(**given: Any) -> Assistant:
        destination = Destination(
            name="chat", host="127.0.0.1", port=server.port, scheme="http", region="this machine",
            data=(DataClass.REDACTED_QUESTION,),
        )  # fmt: skip
        settings = Settings.load(
            **{
                "data_dir": tmp_path, "models_dir": tmp_path / "models", "model": "openai:tiny",
                "model_url": server.url, "model_key": "k-1", "destinations": (destination,), "model_seconds": 20, **given,
            }
        )  # fmt: skip
        made.append(
            build(
                settings,
                embedder=CountingEmbedder(),
                redactor=DictRedactor({"Ann Example": "PERSON"}),
                snapshots=OneSnapshot(snapshot()),
                calibration=LENIENT,
            )
        )
        return made[-1]

    yield assistant
    for one in made:
        one.close()


def ask(assistant: Assistant, question: str = ASK) -> tuple[Answer, Explanation]:
    answer = assistant.ask(question, nation="england")
    return answer, assistant.explanation(answer.id)


def test_a_model_answers_through_the_contract_and_the_record_says_all_of_it(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    assistant = make()
    answer, explanation = ask(assistant, f"Ann Example: {ASK}")
    assert answer.outcome is Outcome.ANSWERED and answer.sentences[0].text == QUOTE
    assert missing_fields(explanation) == []
    assert (explanation.model.kind, explanation.model.requested) == ("chat", "openai:tiny")
    assert (explanation.model.responding, explanation.model.finish_reason) == ("tiny-1", "stop")
    assert explanation.model.region == "this machine" and explanation.replay.composition == "recorded only"
    assert explanation.prompt and explanation.prompt.template_id == "compose" and explanation.prompt.sha256
    assert "tiny-1" in one_line(explanation)
    request = server.requests[0]
    assert "Ann Example" not in str(request) and "<PERSON_1>" in str(request)
    assert request["temperature"] == 0 and request["response_format"]["type"] == "json_schema"
    assert server.keys == ["Bearer k-1"]
    sent = [e for e in assistant.ledger.entries() if e.type == "egress.permitted"]
    assert [e.body["about"] for e in sent] == [answer.id]


def test_the_sentence_that_narrows_a_chosen_one_comes_with_it(make: Callable[..., Assistant]) -> None:
    answer, _ = ask(make())
    assert [s.text for s in answer.sentences] == [
        QUOTE,
        "This does not apply where the advance was made in error.",
    ]


def test_labels_are_drawn_anew_for_each_question(make: Callable[..., Assistant], server: ChatServer) -> None:
    assistant = make()
    ask(assistant), ask(assistant)
    first, second = ([label for label, _ in shown(r)] for r in server.requests)
    assert first != second


def test_another_nations_guidance_is_never_shown_to_the_model(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    ask(make())
    assert "36 months" not in str(server.requests)


LIES: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
    ("another figure", lambda r: sentences((label_of(r, QUOTE), QUOTE, QUOTE.replace("24", "48")))),
    ("a denial", lambda r: sentences((label_of(r, QUOTE), QUOTE, QUOTE.replace("can", "cannot")))),
    ("a duty", lambda r: sentences((label_of(r, QUOTE), QUOTE, QUOTE.replace("can", "must")))),
    ("a fragment", lambda r: sentences((label_of(r, QUOTE), "can be spread over up to", "You can spread it."))),
    ("other words", lambda r: sentences((label_of(r, QUOTE), QUOTE, "Take as long as you like."))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "say"), LIES, ids=[n for n, _ in LIES])
def test_a_restatement_is_given_in_the_words_of_its_source(
    make: Callable[..., Assistant], server: ChatServer, name: str, say: Callable[[dict[str, Any]], str]
) -> None:
    server.say = say
    answer, explanation = ask(make())
    assert answer.sentences[0].text == QUOTE
    assert explanation.dropped and "own words" in explanation.dropped[0].reason


def test_a_tidied_wording_is_released(make: Callable[..., Assistant], server: ChatServer) -> None:
    tidied = "Repayment of new claim advance can be spread over up to twenty-four months."
    server.say = lambda r: sentences((label_of(r, QUOTE), QUOTE, tidied))
    answer, _ = ask(make())
    assert answer.sentences[0].text == tidied


@pytest.mark.parametrize(
    ("passage", "quote", "check"),
    [
        ("ZZZZ", QUOTE, "retrieved"),
        ("", QUOTE, "retrieved"),
        (None, "Everyone gets £1,000 a month.", "verbatim"),
    ],
)
def test_where_all_that_was_proposed_rests_on_nothing_rules_choose_and_the_record_keeps_it(
    make: Callable[..., Assistant], server: ChatServer, passage: str | None, quote: str, check: str
) -> None:
    server.say = lambda r: sentences((label_of(r, QUOTE) if passage is None else passage, quote, quote))
    explanation = fell_back(make(), "could be found where it said")
    assert [(d.check, d.text) for d in explanation.dropped] == [(check, quote)]


def test_where_rules_do_not_answer_either_the_colleague_is_told_why_rules_chose(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    server.say = lambda r: sentences((label_of(r, QUOTE), "Everyone gets £1,000 a month.", "Everyone does."))
    answer, explanation = ask(make(), UNANSWERABLE)
    assert answer.outcome is Outcome.NOT_IN_GUIDANCE and answer.sentences == ()
    assert "Rules chose because: Nothing that the chat model proposed" in answer.explanation
    assert [d.text for d in explanation.dropped if d.check == "verbatim"] == ["Everyone does."]


def test_what_rests_on_nothing_removes_no_more_than_itself(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    server.say = lambda r: sentences(("ZZZZ", QUOTE, "Made up."), (label_of(r, QUOTE), QUOTE, QUOTE))
    answer, explanation = ask(make())
    assert answer.sentences[0].text == QUOTE and explanation.model.kind == "chat"
    assert [d.text for d in explanation.dropped] == ["Made up."]


DOGS = "Dogs must be kept away during a home visit."
APPEAL = "There is no right of appeal against the refusal of a new claim advance."
UNANSWERABLE = "How much is a new claim advance?"


def beside_the_point(request: dict[str, Any]) -> str:
    return sentences((label_of(request, DOGS), DOGS, DOGS))


def test_a_true_quote_that_does_not_answer_gives_way_to_what_rules_choose(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    server.say = beside_the_point
    explanation = fell_back(make(), "What the chat model chose does not answer")
    assert [(d.check, d.text) for d in explanation.dropped] == [("decide", DOGS)]


def test_where_neither_answers_it_is_the_models_choice_that_is_said_not_to(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    assistant = make()
    server.say = beside_the_point
    answer, explanation = ask(assistant, UNANSWERABLE)
    assert answer.outcome is Outcome.NOT_IN_GUIDANCE and explanation.model.kind == "chat"
    server.status = 500
    by_rules, _ = ask(assistant, UNANSWERABLE)
    reason = by_rules.explanation.split(" Rules chose")[0]
    assert answer.explanation == f"What the chat model chose does not answer this. {reason}"


TWO = f"{ASK[:-1]}, and is there a right of appeal against the refusal of a new claim advance?"


def test_a_part_that_the_models_choice_leaves_open_is_closed_by_rules_where_they_answer_the_rest_too(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    server.say = lambda r: sentences((label_of(r, APPEAL), APPEAL, APPEAL), ("ZZZZ", QUOTE, QUOTE))
    answer, explanation = ask(make(), TWO)
    assert answer.outcome is Outcome.ANSWERED and explanation.model.kind == "extractive"
    assert {QUOTE, APPEAL} <= {s.text for s in answer.sentences}
    assert "all of the question" in str(explanation.decision.signals["chat model"])


def test_a_part_for_which_a_model_honestly_gives_nothing_stays_open(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    server.say = lambda r: sentences((label_of(r, APPEAL), APPEAL, APPEAL))
    answer, explanation = ask(make(), TWO)
    assert answer.outcome is Outcome.PARTLY_ANSWERED and explanation.model.kind == "chat"
    assert "The chat model found nothing" in explanation.decision.reason


@pytest.mark.parametrize(
    ("say", "question"),
    [
        (beside_the_point, ASK),
        (beside_the_point, UNANSWERABLE),
        (lambda _: sentences(("ZZZZ", QUOTE, QUOTE)), ASK),
        (lambda _: sentences(("ZZZZ", QUOTE, QUOTE)), UNANSWERABLE),
        (lambda _: "", ASK),
        (lambda _: sentences(), ASK),
        (honest, ASK),
    ],
)
def test_an_answer_is_made_again_as_it_was_whoever_chose(
    make: Callable[..., Assistant], server: ChatServer, say: Callable[[dict[str, Any]], str], question: str
) -> None:
    server.say = say
    assistant = make()
    answer, explanation = ask(assistant, question)
    asked = len(server.requests)
    found = replay(assistant, answer.id, by=Person("officer-1", Role.OFFICER), reason="appeal")
    chat = explanation.model.kind == "chat"
    assert found.verdict == "identical", found
    assert {s.name for s in found.stages if s.verdict != "identical"} == (
        {"composition", "decision"} if chat else set()
    )
    assert len(server.requests) == asked


def test_a_model_that_finds_nothing_is_taken_at_its_word(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    server.say = lambda _: sentences()
    answer, _ = ask(make())
    assert answer.outcome is Outcome.NOT_IN_GUIDANCE and "chat model" in answer.explanation


def fell_back(assistant: Assistant, words: str) -> Explanation:
    answer, explanation = ask(assistant)
    assert answer.outcome is Outcome.ANSWERED and answer.sentences[0].text == QUOTE
    assert explanation.model.kind == "extractive"
    assert words in str(explanation.decision.signals["chat model"])
    assert "chat model" in answer.explanation and missing_fields(explanation) == []
    return explanation


BROKEN = [
    ("nothing", "", "nothing"),
    ("half a JSON", '{"sentences": [{"passage": "AB', "not the JSON"),
    ("another form", '["yes"]', "not the JSON"),
    ("prose", "Of course! Here is your answer.", "not the JSON"),
    ("another language", "Mae gennych un mis i ofyn am ailystyriaeth orfodol.", "not the JSON"),
    ("deep nesting", "[" * 100_000, "not the JSON"),
    ("ten megabytes", "x" * 10_000_000, "too long"),
]


@pytest.mark.parametrize(("name", "said", "words"), BROKEN, ids=[n for n, _, _ in BROKEN])
def test_a_reply_that_cannot_be_used_is_met_by_rules(
    make: Callable[..., Assistant], server: ChatServer, name: str, said: str, words: str
) -> None:
    server.say = lambda _: said
    fell_back(make(), words)


def test_a_body_that_is_no_completion_is_met_by_rules(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    for raw in (b"", b"<html>busy</html>", b"{}", b'{"choices": []}'):
        server.raw = raw
        fell_back(make(), "chat model")
    assert MOST_BYTES < 10_000_000


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_an_error_status_is_met_by_rules(
    make: Callable[..., Assistant], server: ChatServer, status: int
) -> None:
    server.status = status
    fell_back(make(), f"status {status}")
    assert len(server.requests) == (2 if status >= 500 else 1)


def test_a_server_that_is_slow_costs_a_known_time_and_is_broken_off(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    assistant = make(model_seconds=2)
    ask(assistant)  # the client's library is loaded once: that is no fault of the server
    server.delay = 30
    began = time.monotonic()
    fell_back(assistant, "within 2 seconds")
    assert time.monotonic() - began < 10
    assert server.broken_off.wait(5)


def test_a_server_that_breaks_off_once_is_asked_again(
    make: Callable[..., Assistant], server: ChatServer
) -> None:
    server.failures = 1
    answer, explanation = ask(make())
    assert answer.sentences[0].text == QUOTE and explanation.model.kind == "chat"
    assert len(server.requests) == 2


def test_a_server_that_is_down_is_met_by_rules(make: Callable[..., Assistant], server: ChatServer) -> None:
    assistant = make()
    server.close()
    fell_back(assistant, "could not be reached")


def test_cancelling_breaks_the_call_off(make: Callable[..., Assistant], server: ChatServer) -> None:
    server.delay = 30
    assistant = make()
    job = assistant.start(ASK, nation="england")
    assert server.asked.wait(20)
    assistant.cancel(job.id)
    told = assistant.events(job.id, wait=20)
    while not told[-1].kind.last:
        told += assistant.events(job.id, after=told[-1].number, wait=20)
    assert told[-1].kind is EventKind.CANCELLED
    assert server.broken_off.wait(30)
    assert not any(e.type == "answer" for e in assistant.ledger.entries())


def test_no_event_holds_what_a_model_said(make: Callable[..., Assistant], server: ChatServer) -> None:
    server.say = lambda r: sentences((label_of(r, QUOTE), QUOTE, "Everyone gets a MAGICWORD."))
    assistant = make()
    job = assistant.start(ASK, nation="england")
    told = assistant.events(job.id, wait=20)
    while not told[-1].kind.last:
        told += assistant.events(job.id, after=told[-1].number, wait=20)
    assert "MAGICWORD" not in str(told) and told[-1].data["sentences"]


def test_any_langchain_chat_model_can_be_handed_over(tmp_path: Path) -> None:
    from langchain_core.language_models import FakeListChatModel

    assistant = build(
        Settings.load(data_dir=tmp_path, models_dir=tmp_path / "models"),
        embedder=CountingEmbedder(),
        redactor=DictRedactor(),
        snapshots=OneSnapshot(snapshot()),
        calibration=LENIENT,
        chat_model=FakeListChatModel(responses=["no JSON", sentences()]),
    )
    fell_back(assistant, "not the JSON")
    answer, explanation = ask(assistant)
    assert answer.outcome is Outcome.NOT_IN_GUIDANCE and explanation.model.kind == "chat"
    assistant.close()


REFUSED = [
    ({"model": "gpt"}, "model cannot be used"),
    ({"model": "magic:x"}, "model cannot be used"),
    ({"model": "bedrock:x"}, "model_region"),
    ({"model": "azure:x", "model_url": ""}, "model_url"),
    ({"model": "openai:x", "model_url": ""}, "model_url"),
    ({"model": "openai:x", "model_url": "https://chat.example/v1"}, "model_url"),
    ({"model": "ollama:x", "model_url": ""}, "model_url"),
]


@pytest.mark.parametrize(("given", "words"), REFUSED)
def test_a_model_that_may_not_be_reached_is_refused_at_once(
    make: Callable[..., Assistant], given: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingInvalid, match=words):
        make(**given)


def test_ollama_is_asked_by_its_own_protocol(make: Callable[..., Assistant], server: ChatServer) -> None:
    """The loopback server does not speak it, so the fall-back shows that it was reached."""
    fell_back(make(model="ollama:tiny", model_url=server.url.removesuffix("/v1")), "chat model")
    assert server.requests and server.requests[0]["model"] == "tiny" and "format" in server.requests[0]


def test_a_local_model_that_is_not_installed_is_named(make: Callable[..., Assistant], tmp_path: Path) -> None:
    assistant = make(model="llamacpp:qwen")
    with pytest.raises(ModelMissing, match=r"llama\.cpp runtime"):
        assistant.ask(ASK)
    (tmp_path / "models" / "llamacpp").mkdir(parents=True)
    with pytest.raises(ModelMissing, match="qwen"):
        assistant.ask(ASK)


def test_a_local_server_that_cannot_start_is_met_by_rules(
    make: Callable[..., Assistant], tmp_path: Path
) -> None:
    (tmp_path / "models" / "llamacpp").mkdir(parents=True)
    (tmp_path / "models" / "bad").mkdir()
    (tmp_path / "models" / "bad" / "m.gguf").write_bytes(b"not a model")
    fell_back(make(model="llamacpp:bad"), "could not be started")


FAKE_RUNTIME = """
import json, os, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class P: pass
def CommonParams():
    p = P(); p.model = P(); p.cpuparams = P(); p.cpuparams_batch = P(); p.sampling = P(); return p
class Server:
    def __init__(self, params):
        class H(BaseHTTPRequestHandler):
            def do_POST(self):
                ok = self.headers.get("authorization") == "Bearer " + params.api_keys[0]
                body = json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": "m",
                    "choices": [{"index": 0, "finish_reason": "stop",
                    "message": {"role": "assistant", "content": json.dumps({"sentences": []})}}]}).encode()
                self.send_response(200 if ok else 401)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body))); self.end_headers(); self.wfile.write(body)
            def log_message(self, *a): pass
        self.http = ThreadingHTTPServer((params.hostnames[0], params.port), H)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.listening_address = "http://127.0.0.1:%d" % self.http.server_address[1]
"""


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    models = tmp_path / "models"
    (models / "llamacpp" / "xllamacpp").mkdir(parents=True)
    (models / "llamacpp" / "xllamacpp" / "__init__.py").write_text(FAKE_RUNTIME)
    (models / "tiny").mkdir()
    (models / "tiny" / "m.gguf").write_bytes(b"GGUF")
    return models


def test_the_local_server_runs_beside_us_with_a_key_of_its_own_and_ends_with_us(
    make: Callable[..., Assistant], runtime: Path
) -> None:
    assistant = make(model="llamacpp:tiny", model_url="", destinations=())
    answer, explanation = ask(assistant)
    assert answer.outcome is Outcome.NOT_IN_GUIDANCE and explanation.model.provider == "this machine"
    sent = [e for e in assistant.ledger.entries() if e.type == "egress.permitted"]
    assert [e.body["destination"] for e in sent] == ["llamacpp"]
    process = assistant._chatting._server._process  # type: ignore[union-attr]
    assert process is not None and process.poll() is None
    process.kill()
    process.wait()
    assert ask(assistant)[1].model.kind == "chat"
    again = assistant._chatting._server._process  # type: ignore[union-attr]
    assistant.close()
    assert again is not None and again.poll() is not None


def test_a_server_that_says_nothing_is_given_up(runtime: Path) -> None:
    (runtime / "llamacpp" / "xllamacpp" / "__init__.py").write_text("import time; time.sleep(60)")
    server = LlamaServer.of("tiny", runtime, 1)
    server.starts_within = 1.0
    with pytest.raises(ModelFailed, match="could not be started"):
        server.address()
    assert threading.active_count() < 50


def test_a_prompt_that_was_changed_is_refused() -> None:
    from importlib.resources import files

    from assistant.chat.prompt import checked, current_prompt, read_prompt, versions
    from governance.errors import PolicyInvalid

    for prompt_id, listed in versions().items():
        for version in listed:
            prompt = read_prompt(prompt_id, version["version"])
            assert prompt.owner and prompt.approver
            text = files("prompts").joinpath(prompt_id, f"{version['version']}.md").read_bytes()
            with pytest.raises(PolicyInvalid, match="approved"):
                checked(prompt_id, version, text + b" ")
    with pytest.raises(PolicyInvalid, match="no version"):
        read_prompt("compose", "v999")
    filled = current_prompt("compose").render(question="$passages?", passages="£5 $question")
    assert "$passages?" in filled[1][1] and "£5 $question" in filled[1][1]
