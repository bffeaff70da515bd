"""Why: changes to procedure are often sent round by e-mail before any page says them.

Only the words of the message are taken: no addresses or signatures (they are personal data), no attachments,
and not the messages it replies to.
"""

from __future__ import annotations

import email
import email.policy
import re
from datetime import date
from email.errors import MessageError
from email.message import EmailMessage

from governance.errors import DocumentCorrupt, DocumentLocked
from ingest.parse.blocks import Block, Draft
from ingest.parse.html import html
from ingest.parse.plain import plain
from ingest.parse.text import one_line

_QUOTED = re.compile(
    r"^(?:>.*|-- ?|-{2,} ?(?:original|forwarded) message ?-{2,}.*|on .{5,80} wrote:)$", re.I | re.M
)


def mail(data: bytes) -> Draft:
    """Blocks of a message's body (its plain text, else its HTML), titled with its subject.

    Raises DocumentLocked for an encrypted message and DocumentCorrupt for one that breaks its own rules.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    if message.get_content_type() in (
        "multipart/encrypted",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
    ):
        raise DocumentLocked("the message is encrypted", do="save its text as a document")
    try:
        body = message.get_body(preferencelist=("plain", "html"))
        text = str(body.get_content()) if isinstance(body, EmailMessage) else ""
        subject = one_line(str(message["subject"] or ""))
        sent = message["date"].datetime if message["date"] else None
    except (LookupError, ValueError, TypeError, AttributeError, MessageError) as error:
        raise DocumentCorrupt(
            "the message breaks the rules of e-mail", do="save its text as a document"
        ) from error
    if isinstance(body, EmailMessage) and body.get_content_subtype() == "html":
        draft = html(text)
    else:
        draft = plain(_QUOTED.split(text)[0])
    draft.title = subject
    if subject:
        draft.blocks.insert(0, Block("heading", subject, level=1))
    if sent:
        draft.fields.setdefault("published_at", date(sent.year, sent.month, sent.day))
    attached = sum(1 for _ in message.iter_attachments()) if message.is_multipart() else 0
    draft.dropped["attachment"] += attached
    return draft
