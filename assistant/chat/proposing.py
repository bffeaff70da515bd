"""Why: a chat model takes the place of the rules that choose, and of nothing else. What it proposes becomes chosen
statements with the model's wording beside them; which of the two is released, the contract says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.answers import Dropped, Hit, Sentence
from assistant.chat.chat import Chat, Reply
from assistant.chat.prompt import Messages, Prompt, rendered_sha256
from assistant.chat.proposals import Placed, labelled, place, shown
from assistant.chat.reply import read_reply
from assistant.neighbours import Scored, with_neighbours
from assistant.reading import sentence
from assistant.weighed import Weighed


@dataclass(frozen=True)
class ModelUsed:
    """What the record says of the model."""

    provider: str
    requested: str
    region: str = ""
    weights_sha256: str = ""
    parameters: dict[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposals:
    """What came of asking the model."""

    chosen: tuple[tuple[Scored, ...], ...]
    """For each part of the question, the statements chosen for it."""
    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...]
    facts: dict[str, Any]


@dataclass(frozen=True)
class Proposer:
    """Asks a chat model which sentences answer."""

    chat: Chat
    prompt: Prompt
    used: ModelUsed
    most_passages: int

    def propose(
        self, question: str, hits: Sequence[Hit], weighed: Sequence[Weighed], cancelled: Callable[[], bool]
    ) -> Proposals:
        """What the model proposes for a question. Raises ``ModelFailed`` or ``AnswerCancelled``."""
        labels = labelled(hits[: self.most_passages])
        messages = self.prompt.render(question=question, passages=shown(labels))
        reply = self.chat.ask(messages, cancelled=cancelled)
        placed, dropped = place(read_reply(reply.text), labels)
        chosen = _chosen(placed, weighed)
        return Proposals(chosen, _sentences(placed, chosen), dropped, self._facts(reply, messages))

    def _facts(self, reply: Reply, messages: Messages) -> dict[str, Any]:
        return {
            "provider": self.used.provider, "region": self.used.region, "requested": self.used.requested,
            "responding": reply.responding or self.used.requested, "weights_sha256": self.used.weights_sha256,
            "parameters": self.used.parameters, "finish_reason": reply.finish_reason or "not said",
            "raw_output_sha256": reply.sha256,
            "prompt": {
                "template_id": self.prompt.id, "version": self.prompt.version, "sha256": self.prompt.sha256,
                "rendered_sha256": rendered_sha256(messages),
            },
        }  # fmt: skip


def _chosen(placed: Sequence[Placed], weighed: Sequence[Weighed]) -> tuple[tuple[Scored, ...], ...]:
    """The statements of the proposals, each under the part of the question that it answers best, with neighbours."""
    wanted = {(p.hit.passage_id, s.start) for p in placed for s in p.statements}
    best: dict[tuple[str, int], tuple[float, int, Scored]] = {}
    for number, each in enumerate(weighed):
        for scored in each.scored:
            key = (scored.hit.passage_id, scored.statement.start)
            if key in wanted and (key not in best or scored.score > best[key][0]):
                best[key] = (scored.score, number, scored)
    return tuple(
        with_neighbours([scored for _, at, scored in best.values() if at == number], each.scored)
        for number, each in enumerate(weighed)
    )


def _sentences(placed: Sequence[Placed], chosen: Sequence[Sequence[Scored]]) -> tuple[Sentence, ...]:
    """The proposals in the model's order and words, each with the statements it rests on; then what they lean on."""
    scored = {(s.hit.passage_id, s.statement.start): s for part in chosen for s in part}
    made: list[Sentence] = []
    given: set[tuple[str, int]] = set()
    for each in placed:
        keys = [(each.hit.passage_id, s.start) for s in each.statements]
        if any(key not in scored or key in given for key in keys):
            continue
        given.update(keys)
        quoted = [sentence(scored[key]) for key in keys]
        text = each.text.strip() or " ".join(q.text for q in quoted)
        made.append(Sentence(text, tuple(c for q in quoted for c in q.citations)))
    made += [sentence(s) for key, s in scored.items() if key not in given]
    return tuple(made)
