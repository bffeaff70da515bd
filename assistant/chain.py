"""Why: others build their own chains. The search is a LangChain retriever, and the whole a Runnable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict, SkipValidation

from assistant.answers import Answer

if TYPE_CHECKING:
    from assistant.app import Assistant


class GuidanceRetriever(BaseRetriever):
    """Passages in force for a question, as LangChain documents; scores and the source are in the metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: SkipValidation[Any]
    nation: str | None = None
    as_at: str | None = None
    k: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        hits = self.assistant.search(query, nation=self.nation, as_at=self.as_at, k=self.k)
        return [
            Document(
                page_content=hit.text,
                id=hit.passage_id,
                metadata={
                    "passage_id": hit.passage_id, "score": hit.score, "section": hit.section,
                    "title": hit.document.title, "uri": hit.document.uri, "nations": list(hit.document.nations),
                },
            )
            for hit in hits
        ]  # fmt: skip


def as_runnable(assistant: Assistant) -> Runnable[Any, Answer]:
    """A question, or ``{question, nation, as_at, conversation}``, to an ``Answer``."""

    def ask(given: str | dict[str, Any]) -> Answer:
        if isinstance(given, str):
            return assistant.ask(given)
        options = {
            name: value for name, value in given.items() if name in ("nation", "as_at", "conversation")
        }
        return assistant.ask(given["question"], **options)

    return RunnableLambda(ask, name="frontline-assistant")
