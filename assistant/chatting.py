"""Why: which chat model answers, if any, is put together in one place from the settings, and nothing of it is loaded
or started before the first question needs it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.chat.named import Named, named
from assistant.reaching import egress_to
from assistant.settings import Settings
from governance.egress import DataClass, Egress
from governance.errors import SettingInvalid
from governance.ledger import Ledger

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.chat.chat import Chat
    from assistant.chat.llama import LlamaServer
    from assistant.chat.proposing import ModelUsed, Proposer
    from assistant.chat.rewriting import Rewriter

PROMPT, REWRITE = "compose", "rewrite"


@dataclass
class Chatting:
    """The chat model of the settings, or one that was handed over, or none."""

    settings: Settings
    egress: Egress
    ledger: Ledger
    model: BaseChatModel | None = None
    _server: LlamaServer | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        """Refuse at once what could not be reached later. Raises ``SettingInvalid``."""
        self.named: Named | None = named(self.settings)
        if self.named and self.named.url:
            self.egress.require("model_url", self.named.url, DataClass.REDACTED_QUESTION)

    def proposer(self) -> Proposer | None:
        """Who proposes sentences; None where rules choose. Raises ``ModelMissing`` or ``ModelFailed``."""
        if self.model is None and self.named is None:
            return None
        from assistant.chat.prompt import current_prompt
        from assistant.chat.proposing import Proposer
        from assistant.chat.reply import SCHEMA

        return Proposer(self.chat(SCHEMA), current_prompt(PROMPT), self.used(), self.settings.model_passages)

    def rewriter(self) -> Rewriter | None:
        """Who makes follow-ups stand on their own; None where rules do. Raises ``ModelMissing`` or ``ModelFailed``."""
        if self.model is None and self.named is None:
            return None
        from assistant.chat.prompt import current_prompt
        from assistant.chat.rewriting import SCHEMA, Rewriter

        return Rewriter(self.chat(SCHEMA), current_prompt(REWRITE), self.used().requested)

    def chat(self, schema: dict[str, Any]) -> Chat:
        """The chat model, held to a JSON Schema where its server can do that.

        Raises ``SettingInvalid`` where none is set, ``ModelMissing`` or ``ModelFailed``.
        """
        from assistant.chat.chat import Chat
        from assistant.chat.connect import connect, given

        s = self.settings
        if self.model is not None:
            opened = given(self.model)
        elif self.named is None:
            raise SettingInvalid(
                "The setting model is empty, so there is no chat model to ask.",
                do="Set it as PROVIDER:NAME; see docs/chat-models.md.",
            )
        elif self.named.provider == "llamacpp":
            server = self._local()
            url, key = server.address()
            egress = egress_to(server.destination(), self.ledger)
            opened = connect(self.named, s, egress, schema, url=url, key=key)
        else:
            opened = connect(self.named, s, self.egress, schema)
        return Chat(opened, s.model_seconds, s.model_retries)

    def settled(self) -> Mapping[str, Any]:
        """What of the chat model can change an answer, for the configuration's hash."""
        return {"model": str(self.named or ""), "passages": self.settings.model_passages}

    def close(self) -> None:
        """Stop the local server, if there is one."""
        with self._turn:
            if self._server is not None:
                self._server.close()

    def _local(self) -> LlamaServer:
        from assistant.chat.llama import LlamaServer

        with self._turn:
            if self._server is None:
                assert self.named is not None  # noqa: S101 - only asked for where one is named
                self._server = LlamaServer.of(
                    self.named.name, self.settings.models_dir, self.settings.threads
                )
            return self._server

    def used(self) -> ModelUsed:
        """What the record says of the model."""
        from assistant.chat.proposing import ModelUsed

        if self.named is None:
            return ModelUsed("handed over", type(self.model).__name__)
        parameters: dict[str, float | int | str] = {
            "temperature": 0.0,
            "max_tokens": self.settings.model_tokens,
        }
        if self.named.provider == "llamacpp":
            return ModelUsed("this machine", str(self.named), "this machine", self._weights(), parameters)
        region = self.egress.destinations.allowing(self.named.url, DataClass.REDACTED_QUESTION).region
        return ModelUsed(self.named.provider, str(self.named), region, "", parameters)

    def _weights(self) -> str:
        """The pinned hash of the weights; "" for a file that is not pinned."""
        from assistant.models import pins

        assert self.named is not None  # noqa: S101 - only asked for where one is named
        return next((next(iter(p.weights.values())) for p in pins() if p.name == self.named.name), "")
