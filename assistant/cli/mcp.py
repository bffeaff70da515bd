"""``frontline mcp``: lets another assistant on this machine search guidance and ask, over standard input and output."""

from __future__ import annotations

import click

from assistant.answers import OPERATOR, Person, Role
from assistant.cli.output import Output, with_output
from assistant.settings import Settings


@click.command("mcp", short_help="Let another assistant search guidance and ask (Model Context Protocol).")
@click.option(
    "--as", "person", default="", help="Pseudonym of the colleague who asks; none: whoever runs this command."
)
@click.option("--list", "only_list", is_flag=True, help="Show the tools, and stop.")
@with_output
def mcp(output: Output, person: str, only_list: bool) -> None:
    """Serve two tools, search_guidance and ask, over standard input and output until the other side hangs up.

    A colleague named by --as must have acknowledged the notice, as at the pages. Every answer is in the ledger.
    """
    import anyio

    from assistant.app import build
    from assistant.tools import server_for

    assistant = build(Settings.load())
    try:
        asks = Person(person, Role.COLLEAGUE) if person else OPERATOR
        server = server_for(assistant, lambda _: asks)
        if only_list:
            tools = anyio.run(server.list_tools)
            document = {"tools": [tool.model_dump(mode="json", exclude_none=True) for tool in tools]}
            said = "\n".join(f"{tool.name}: {tool.description}" for tool in tools)
            output.document(document, lambda console: console.print(said, markup=False))
            return
        server.run("stdio")
    finally:
        assistant.close()
