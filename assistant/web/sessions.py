"""Why: who is asking must hold from page to page without anything kept in the process, so that a second replica
or a restart changes nothing. The session travels in a signed cookie; no question text is ever put in it.

Two time-outs, both from the settings: idle (each response renews it) and absolute. The id is new at each sign-in
and whenever a person goes on in another role.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from itsdangerous import BadSignature, Signer, URLSafeSerializer

from assistant.answers import Person, Role
from governance.errors import FormOutOfDate, NotSignedIn, OptionInvalid

COOKIE = "frontline_session"

LOCAL_ROLES: tuple[Role, ...] = tuple(role for role in Role if role is not Role.OPERATOR)
"""Roles that a local person may take. The operator is whoever runs commands on this machine."""

NAME_LIMIT = 40


@dataclass(frozen=True)
class Session:
    """What the cookie holds. Times are seconds since 1970."""

    id: str
    began: int
    seen: int
    person_id: str = ""
    """Pseudonym; empty: nobody is signed in."""
    role: str = ""
    roles: tuple[str, ...] = ()
    """All the roles the person holds; ``role`` is the one they act in."""
    name: str = ""
    """The name to be shown: the person's choice, or what the identity provider calls them."""
    conversation: str = ""
    conversation_began: int = 0
    nation: str = ""
    """Nation last asked about, kept for the next question."""
    as_at: str = ""
    """Date last asked about (ISO); empty: today."""
    citizen: str = ""
    """Code of the person whom questions are about, where they are about one and that person has agreed."""
    reading_for: str = ""
    """What an officer reads records for, redacted; it stands in the record of each reading."""

    @property
    def signed_in(self) -> bool:
        """Whether a person stands behind this session."""
        return bool(self.person_id)

    @property
    def person(self) -> Person:
        """Who is signed in. Raises ``NotSignedIn``."""
        if not self.signed_in:
            raise NotSignedIn("Nobody is signed in, or the session ended.", do="Sign in again.")
        return Person(self.person_id, Role(self.role))


class Sessions:
    """Makes, signs and reads sessions."""

    def __init__(
        self, key: bytes, *, minutes: int, hours: int = 12, clock: Callable[[], float] = time.time
    ) -> None:
        self._key = key
        self._clock = clock
        self.idle = minutes * 60
        self.longest = hours * 3600
        self._cookies = URLSafeSerializer(
            key, salt="frontline.session", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self._forms = Signer(key, salt="frontline.form", digest_method=hashlib.sha256)

    def new(self) -> Session:
        """A session in which nobody is signed in yet; it exists so that the sign-in form has a token."""
        now = int(self._clock())
        return Session(id=secrets.token_urlsafe(18), began=now, seen=now)

    def sign_in(self, name: str, role: str) -> Session:
        """A fresh session for a local person. Raises ``OptionInvalid`` on an empty or long name or another role."""
        shown = " ".join(unicodedata.normalize("NFKC", name).split())
        if not shown or len(shown) > NAME_LIMIT or not shown.isprintable():
            raise OptionInvalid(
                f"The name must have 1 to {NAME_LIMIT} characters.",
                do="Choose a short name that is not your own.",
            )
        if role not in LOCAL_ROLES:
            raise OptionInvalid("The role was not chosen.", do="Choose what you are here to do.")
        return self._of(self.pseudonym(shown), shown, (role,))

    def known(self, identity: str, name: str, roles: tuple[str, ...]) -> Session:
        """A fresh session for somebody whom an identity provider vouches for, in the first of their roles."""
        return self._of(self.pseudonym(identity), " ".join(name.split())[:NAME_LIMIT], roles)

    def _of(self, person_id: str, name: str, roles: tuple[str, ...]) -> Session:
        return self.converse(replace(self.new(), person_id=person_id, role=roles[0], roles=roles, name=name))

    def converse(self, session: Session) -> Session:
        """The same session at the start of a new conversation."""
        return replace(session, conversation=secrets.token_urlsafe(12), conversation_began=int(self._clock()))

    def pseudonym(self, name: str) -> str:
        """The same name gives the same id on this installation, and the id does not give the name back."""
        digest = hmac.new(self._key, b"frontline.person\0" + name.casefold().encode(), hashlib.sha256)
        return f"person-{digest.hexdigest()[:20]}"

    def write(self, session: Session) -> str:
        """The cookie's value, seen now."""
        return str(self._cookies.dumps(asdict(replace(session, seen=int(self._clock())))))

    def read(self, cookie: str) -> Session | None:
        """The session in a cookie; None where it was not signed here, or either time-out has passed."""
        try:
            session = Session(**self._cookies.loads(cookie))
        except (BadSignature, TypeError):
            return None
        now = self._clock()
        if now - session.seen > self.idle or now - session.began > self.longest:
            return None
        return replace(session, roles=tuple(session.roles))

    def token(self, session: Session) -> str:
        """What a form of this session carries."""
        return self._forms.get_signature(session.id).decode("ascii")

    def check(self, session: Session, token: str) -> None:
        """Raise ``FormOutOfDate`` unless the token belongs to the session."""
        if not self._forms.verify_signature(session.id.encode(), token.encode()):
            raise FormOutOfDate(
                "This page was made for another session, so nothing was done.",
                do="What you typed is still here: check it and send it again.",
            )
