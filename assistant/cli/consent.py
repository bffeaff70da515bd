"""``frontline consent``: who agreed to what, and what follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli.handover import copies, copy, fact, handover
from assistant.cli.output import Output, plain, with_output
from assistant.cli.people import by, out, say_json, write
from assistant.settings import Settings

PARTICIPATION = "citizen-participation"
notice_option = click.option("--notice", default=PARTICIPATION, show_default=True, help="Which notice.")
purposes_option = click.option(
    "--purpose", "purposes", multiple=True, help="A purpose; may be given several times."
)


@click.group("consent", short_help="Agreements: give, refuse, withdraw, show, and their receipts.")
def group() -> None:
    """The register of agreements. A record is never changed; nothing agreed means no."""


@group.command("notices")
@click.option("--show", "shown", metavar="NOTICE", help="Print the text in force.")
@with_output
def notices(output: Output, shown: str | None) -> None:
    """Every notice and its versions."""
    from governance.notice import current_notice, known_notices

    if shown:
        notice = current_notice(shown)
        output.document(plain(notice), lambda console: console.print(notice.text, markup=False))
        return
    known = known_notices()

    def say(console: Console) -> None:
        for name, versions in known.items():
            console.print(f"{name}: {', '.join(versions)} (in force: {versions[-1]})", markup=False)

    output.document({"notices": known}, say)


@group.command("give")
@click.argument("person", required=False)
@notice_option
@purposes_option
@click.option("--evidence", default="", help="Where the signed form is kept; no name.")
@click.option("--channel", default="command line", show_default=True, help="How it was said.")
@by
@with_output
def give(
    output: Output, person: str | None, notice: str, purposes: tuple[str, ...], evidence: str, channel: str,
    actor: str,
) -> None:  # fmt: skip
    """Record that PERSON agreed; without PERSON, a new code is made for a citizen, and stands on the receipt."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        who = person or records.consents.new_person()
        record_id = records.consents.give(
            who, notice, purposes=purposes or None, actor=actor, channel=channel, evidence=evidence
        )
        record = records.consents.record(record_id)
    _said(output, record, f"{who} agreed to {', '.join(record['purposes'])} until {record['expires'][:10]}.")


@group.command("request")
@click.argument("person", required=False)
@notice_option
@purposes_option
@by
@with_output
def request(output: Output, person: str | None, notice: str, purposes: tuple[str, ...], actor: str) -> None:
    """Record that PERSON was asked."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        who = person or records.consents.new_person()
        record_id = records.consents.request(
            who, notice, purposes=purposes or None, actor=actor, channel="command line"
        )
        record = records.consents.record(record_id)
    _said(output, record, f"{who} was asked.")


@group.command("refuse")
@click.argument("person")
@notice_option
@by
@with_output
def refuse(output: Output, person: str, notice: str, actor: str) -> None:
    """Record that PERSON said no."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        record = records.consents.record(
            records.consents.refuse(person, notice, actor=actor, channel="command line")
        )
    _said(output, record, f"{person} said no.")


@group.command("withdraw")
@click.argument("person")
@notice_option
@purposes_option
@by
@with_output
def withdraw(output: Output, person: str, notice: str, purposes: tuple[str, ...], actor: str) -> None:
    """Record that PERSON takes it back, all of it or some purposes; what was kept for them is erased at once."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        record_id = records.consents.withdraw(
            person, notice, purposes=purposes or None, actor=actor, channel="command line"
        )
        record = records.consents.record(record_id)
        done = [
            entry.body for entry in records.ledger.about(person)
            if entry.type == "withdrawal.carried_out" and entry.body["record_id"] == record_id
        ]  # fmt: skip
        from governance.tables import ERASABLE

        records.store.scrub(ERASABLE)
    what = done[0] if done else {}
    told = f"{person} took back {', '.join(record['purposes'])}: {len(what.get('payloads_erased', []))} payloads erased, {len(what.get('handovers_revoked', []))} hand-overs revoked."
    _said(output, {**record, "carried_out": what}, told)


@group.command("invalidate")
@click.argument("person")
@notice_option
@click.option("--reason", required=True, help="Why it never counted; no name.")
@by
@with_output
def invalidate(output: Output, person: str, notice: str, reason: str, actor: str) -> None:
    """Record that an agreement of PERSON should never have counted."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        record_id = records.consents.invalidate(
            person, notice, actor=actor, channel="command line", reason=reason
        )
        record = records.consents.record(record_id)
    _said(output, record, f"The agreement of {person} does not count.")


@group.command("show")
@click.argument("person")
@with_output
def show(output: Output, person: str) -> None:
    """Every record about PERSON, and what may be done now."""
    from assistant.records import open_records
    from governance.agreement import Purpose

    with open_records(Settings.load()) as records:
        history = records.consents.history(person)
        notices_ = dict.fromkeys(record["notice_id"] for record in history)
        now = [
            plain(records.consents.decide(purpose, person, notice))
            for notice in notices_
            for purpose in Purpose
        ]

    def say(console: Console) -> None:
        for r in history:
            console.print(
                escape(
                    f"{r['time'][:19]}  {r['state']}  {r['notice_id']} {r['notice_version']}  {', '.join(r['purposes'])}  {r['record_id']}"
                )
            )
        for decision in now:
            word = "yes" if decision["allowed"] else "no"
            console.print(escape(f"{decision['purpose']}: {word}. {decision['reason']}"))

    output.document({"person": person, "records": history, "decisions": now}, say)


@group.command("receipt")
@click.argument("record_id", metavar="RECORD")
@click.option("--print", "page", is_flag=True, help="The page to print, in place of JSON-LD.")
@out
@with_output
def receipt(output: Output, record_id: str, page: bool, out: Path | None) -> None:
    """The receipt of a record, to give to the person."""
    from assistant.records import open_records
    from governance.receipts import printed
    from governance.receipts import receipt as as_json_ld

    with open_records(Settings.load()) as records:
        record = records.consents.record(record_id)
    if page:
        text = printed(record, reference=f"record {record_id}")
        if out is not None:
            write(out, text)
        output.document({"page": text}, lambda console: console.print(text, markup=False))
        return
    document = as_json_ld(record)
    output.document(document, say_json(document, out))


def _said(output: Output, document: dict[str, Any], told: str) -> None:
    def say(console: Console) -> None:
        console.print(escape(told))
        console.print(
            escape(
                f"Record {document['record_id']}, receipt: frontline consent receipt {document['record_id']}"
            )
        )

    output.document(document, say)


for command in (fact, copy, copies, handover):
    group.add_command(command)
