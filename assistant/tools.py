"""Why: another assistant may look guidance up here, and gets what a colleague gets: quotes in force, or a plain no.

An MCP server (Model Context Protocol) with two tools. Both go the way of every other question: limits, redaction, the
evidence contract and the ledger. There is no third: nothing here can be changed from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field, TypeAdapter

from assistant.answers import Answer, Hit, Person
from governance.errors import FrontlineError

if TYPE_CHECKING:
    from assistant.app import Assistant

SAYS = (
    "Guidance for frontline colleagues. Every sentence of an answer is a verbatim quote with its source; an answer "
    "may also be that the guidance does not say. Send no personal details. Quote what you get word for word."
)

Question = Annotated[str, Field(min_length=1, description="In plain words, without personal details.")]
NationName = Annotated[
    str | None, Field(description="england, scotland, wales or northern_ireland; none: as set, or all.")
]
AsAt = Annotated[str | None, Field(description="What was in force that day (YYYY-MM-DD); none: today.")]

_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_HIT: TypeAdapter[Hit] = TypeAdapter(Hit)


def server_for(assistant: Assistant, who: Callable[[Any], Person]) -> MCPServer[Any]:
    """A server of the two tools. ``who`` says who asks by the HTTP request that a call came with; None where it came by
    standard input. What goes wrong is told with its code and what to do about it.
    """
    server: MCPServer[Any] = MCPServer(
        "frontline-assistant", instructions=SAYS, version="1", log_level="CRITICAL"
    )
    looks = ToolAnnotations(read_only_hint=True, open_world_hint=False)

    @server.tool(annotations=looks, structured_output=True)
    def search_guidance(
        context: Context, question: Question, nation: NationName = None, as_at: AsAt = None,
        most: Annotated[int, Field(ge=1, le=50, description="How many passages at most.")] = 10,
    ) -> dict[str, Any]:  # fmt: skip
        """Find the passages of guidance in force that a question is about, best first. Nothing is kept."""
        try:
            assistant.limits.take(who(context.request_context.request))
            hits = assistant.search(question, nation=nation, as_at=as_at, k=most)
        except FrontlineError as error:
            raise _told(error) from error
        return {"hits": [_HIT.dump_python(hit, mode="json") for hit in hits]}

    @server.tool(annotations=ToolAnnotations(open_world_hint=False), structured_output=True)
    def ask(
        context: Context, question: Question, nation: NationName = None, as_at: AsAt = None
    ) -> dict[str, Any]:
        """Answer a question from the guidance in force, each sentence quoted; the answer is recorded in the ledger."""
        person = who(context.request_context.request)
        try:
            assistant.limits.take(person)
            answer = assistant.ask(question, nation=nation, as_at=as_at, person=person)
        except FrontlineError as error:
            raise _told(error) from error
        made: dict[str, Any] = _ANSWER.dump_python(answer, mode="json")
        return made

    return server


def _told(error: FrontlineError) -> ToolError:
    return ToolError(" ".join(part for part in (error.message, error.do, f"[{error.code}]") if part))
