"""Why: rules put an earlier question before the one that leans on it; a chat model can make one sentence of the two, which
is searched better and read more easily. What it writes is used only where it says both questions and no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.chat.chat import Chat
from assistant.chat.prompt import Prompt
from assistant.chat.reply import json_of
from governance.errors import ModelFailed

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}
"""The form asked for."""


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore")

    question: str = Field(max_length=4000)


@dataclass(frozen=True)
class Rewriter:
    """Asks a chat model to make a follow-up stand on its own."""

    chat: Chat
    prompt: Prompt
    model: str
    """The model asked for, for the record."""

    def rewrite(self, before: str, question: str, cancelled: Callable[[], bool]) -> str:
        """What the model makes of two questions, unchecked. Raises ``ModelFailed`` or ``AnswerCancelled``."""
        messages = self.prompt.render(before=before, question=question)
        reply = self.chat.ask(messages, cancelled=cancelled)
        try:
            return _Reply.model_validate(json_of(reply.text)).question
        except ValidationError as error:
            raise ModelFailed("The chat model's reply is not the JSON that was asked for.") from error
