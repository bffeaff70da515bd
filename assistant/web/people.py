"""Why: who may do what is decided at each request, from what is true now and not from what a cookie remembers.

A cookie says which session it is. Whether that session still stands, and in which role, is read from the register;
where an identity provider vouches for the person, it is asked again every so often, so that a role taken away
there is gone here within that time.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answers import Person, Role
from assistant.web.provider import Arrived, Provider
from assistant.web.sealed import Sealer
from assistant.web.sessions import Session, Sessions
from governance.errors import NotPermitted, ProviderUnreachable
from governance.sign_ins import SignIn, SignIns

log = logging.getLogger(__name__)


class People:
    """Begins, checks and ends sessions of people."""

    def __init__(
        self,
        sessions: Sessions,
        sign_ins: SignIns,
        sealer: Sealer,
        *,
        provider: Provider | None = None,
        recheck: int = 60,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.provider = provider
        """None: local people, on loopback."""
        self._sessions = sessions
        self._sign_ins = sign_ins
        self._sealer = sealer
        self._recheck = recheck
        self._clock = clock

    def begin_local(self, name: str, role: str) -> Session:
        """A fresh session of a local person, recorded. Raises ``OptionInvalid``."""
        session = self._sessions.sign_in(name, role)
        self._sign_ins.begin(
            session.id, person=session.person_id, role=session.role, roles=[session.role], way="local"
        )
        return session

    def begin(self, provider: Provider, arrived: Arrived) -> Session:
        """A fresh session of somebody whom the provider sent, recorded."""
        identity = arrived.identity
        roles = tuple(role.value for role in identity.roles)
        session = self._sessions.known(f"{provider.issuer}\0{identity.subject}", identity.name, roles)
        kept = json.dumps(
            {"token": arrived.access_token, "subject": identity.subject, "until": arrived.runs_out}
        )
        self._sign_ins.begin(
            session.id, person=session.person_id, role=session.role, roles=roles, way="oidc",
            sealed=self._sealer.seal(kept.encode()),
        )  # fmt: skip
        return session

    def bearer(self, provider: Provider, token: str, *, role: str = "") -> Person:
        """Whom a program's token stands for: the same pseudonym as at the pages, in the role asked for or the first.

        Raises ``TokenInvalid``, ``RoleMissing``, ``ProviderUnreachable``, or ``NotPermitted`` for a role not held.
        """
        identity = provider.bearer(token)
        if role and role not in identity.roles:
            raise NotPermitted("You do not hold that role.", do="Choose one of yours.")
        person_id = self._sessions.pseudonym(f"{provider.issuer}\0{identity.subject}")
        return Person(person_id, Role(role) if role else identity.roles[0])

    def change_role(self, session: Session, role: str) -> Session:
        """The same person in another of their roles, under a new session id. Raises ``NotPermitted``."""
        found = self._sign_ins.find(session.id)
        if found is None or role not in found.roles:
            raise NotPermitted("You do not hold that role.", do="Choose one of yours.")
        self._sign_ins.end(session.id, f"went on as {role}")
        fresh = replace(self._sessions.new(), began=session.began)
        changed = replace(session, id=fresh.id, role=role)
        self._sign_ins.begin(
            changed.id, person=session.person_id, role=role, roles=found.roles, way=found.way, sealed=found.sealed
        )  # fmt: skip
        return changed

    def end(self, session: Session, why: str) -> None:
        """End the session and record it; its cookie opens nothing any more."""
        if session.signed_in:
            self._sign_ins.end(session.id, why)

    def current(self, session: Session) -> Session | None:
        """The session as it stands now; None where it was ended, or is ended by this."""
        found = self._sign_ins.find(session.id)
        if found is None or found.person != session.person_id or (found.way == "oidc") != bool(self.provider):
            return None
        roles: Sequence[str] = found.roles
        if self.provider is not None and self._due(found):
            roles = self._ask_again(self.provider, session, found)
        if found.role not in roles:
            self._sign_ins.end(session.id, "the role was taken away" if roles else "no longer vouched for")
            return None
        return replace(session, role=found.role, roles=tuple(roles))

    def _due(self, found: SignIn) -> bool:
        return self._clock() - found.checked.astimezone(dt.UTC).timestamp() >= self._recheck

    def _ask_again(self, provider: Provider, session: Session, found: SignIn) -> Sequence[str]:
        opened = self._sealer.open(found.sealed)
        if opened is None:
            return ()
        kept = json.loads(opened)
        try:
            now: Sequence[Role] = provider.roles_now(kept["token"], kept["subject"])
        except ProviderUnreachable:
            # The provider vouched for the token until then; longer than that nobody is taken at their word.
            log.warning("the identity provider does not answer: roles could not be asked for again")
            return found.roles if self._clock() < kept["until"] else ()
        roles = tuple(role.value for role in now)
        if roles:
            self._sign_ins.still(session.id, roles, found.sealed)
        return roles
