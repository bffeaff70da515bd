"""Why: who a person is, and what they may do, is the organisation's to say. This asks its OpenID Connect provider.

Authorization code flow with PKCE (RFC 7636, S256). Checked on the way back: state, issuer (RFC 9207), and the ID
token, see ``tokens``. Every call goes through the client that it is given, which reaches allowed destinations only.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client
from httpx import Client, HTTPError, Response

from assistant.answers import Role
from assistant.web.tokens import NotBelieved, Tokens
from governance.errors import ProviderUnreachable, RoleMissing, SignInFailed, TokenInvalid

SCOPE = "openid profile"
WAIT = 5.0
"""Seconds that a call to the provider may take."""


@dataclass(frozen=True)
class Sent:
    """What a sign-in was sent out with, and must come back to."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is."""

    subject: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Arrived:
    """A finished sign-in."""

    identity: Identity
    access_token: str
    runs_out: float
    """Seconds since 1970 until which the provider itself vouches for the token."""


class Provider:
    """One identity provider, as this service's client."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        *,
        secret: str = "",
        audience: str = "",
        redirect: str,
        claim: str = "roles",
        roles: Mapping[str, str] | None = None,
        client: Callable[[], Client],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.issuer = issuer
        self._client_id = client_id
        self._secret = secret
        self._redirect = redirect
        self._claim = claim
        self._roles = dict(roles or {role.value: role.value for role in Role if role is not Role.OPERATOR})
        self._http = client
        self._clock = clock
        self._metadata: dict[str, Any] = {}
        self._tokens = Tokens(
            issuer, client_id, audience or client_id, lambda: self._get(self.metadata["jwks_uri"]), clock
        )

    # --- the person at the pages ------------------------------------------------------------------------

    def begin(self) -> tuple[str, Sent]:
        """Where to send the person, and what to compare when they come back. Raises ``ProviderUnreachable``."""
        sent = Sent(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        with self._http() as http:
            address, _ = self._client(http).create_authorization_url(
                self.metadata["authorization_endpoint"], code_verifier=sent.verifier, **_public(sent)
            )
        return str(address), sent

    def finish(self, given: Mapping[str, str], sent: Sent) -> Arrived:
        """Who came back. Raises ``SignInFailed``, ``RoleMissing`` or ``ProviderUnreachable``."""
        if not secrets.compare_digest(given.get("state", ""), sent.state):
            raise _failed("it does not belong to the sign-in that was begun in this browser")
        expects_issuer = self.metadata.get("authorization_response_iss_parameter_supported", False)
        if given.get("iss", self.issuer if not expects_issuer else "") != self.issuer:
            raise _failed("it comes from another provider")
        if "error" in given or not given.get("code"):
            raise _failed("the provider did not let you in, or you turned back")
        try:
            with self._http() as http:
                token = self._client(http).fetch_token(
                    self.metadata["token_endpoint"], grant_type="authorization_code",
                    code=given["code"], code_verifier=sent.verifier,
                )  # fmt: skip
        except HTTPError as error:
            raise _unreachable(self.issuer) from error
        except (AuthlibBaseError, ValueError) as error:
            raise _failed("the provider did not accept its own code") from error
        try:
            claims = self._tokens.identity(
                str(token.get("id_token", "")), nonce=sent.nonce, access_token=token["access_token"]
            )
        except NotBelieved as error:
            raise _failed(f"the provider's statement does not hold ({error})") from error
        identity = self._identity({**claims, **self._userinfo(token["access_token"], claims["sub"])})
        runs_out = float(token.get("expires_at") or self._clock() + 3600)
        return Arrived(identity, token["access_token"], runs_out)

    def roles_now(self, access_token: str, subject: str) -> tuple[Role, ...]:
        """The roles that a person holds at this moment; none where the provider no longer vouches for them.

        Raises ``ProviderUnreachable``.
        """
        try:
            return self._identity(self._userinfo(access_token, subject)).roles
        except (SignInFailed, RoleMissing):
            return ()

    # --- a program at the API ---------------------------------------------------------------------------

    def bearer(self, token: str) -> Identity:
        """Whom a bearer token stands for. Raises ``TokenInvalid``, ``RoleMissing`` or ``ProviderUnreachable``."""
        try:
            claims = self._tokens.access(token)
        except NotBelieved as error:
            raise TokenInvalid(
                f"The bearer token cannot be used: {error}.",
                do="Get a signed access token (JWT) for this service's audience from the identity provider.",
            ) from error
        return self._identity(claims)

    # --- what the provider says -------------------------------------------------------------------------

    @property
    def metadata(self) -> dict[str, Any]:
        """The provider's discovery document, read once. Raises ``ProviderUnreachable``."""
        if not self._metadata:
            found = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer:
                raise ProviderUnreachable(
                    f"The identity provider at {self.issuer} calls itself {found.get('issuer')!r}.",
                    do="Write the setting oidc_issuer exactly as the provider's discovery document does.",
                )
            self._metadata = found
        return self._metadata

    @property
    def sign_in_origin(self) -> str:
        """Scheme and host of the page on which people sign in. Raises ``ProviderUnreachable``."""
        scheme, _, rest = str(self.metadata["authorization_endpoint"]).partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"

    def _userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        said = self._get(
            self.metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {access_token}"}
        )
        if said.get("sub") != subject:
            raise _failed("the provider's two statements are about different people")
        return said

    def _get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            with self._http() as http:
                response = http.get(address, headers=dict(headers or {}))
            if response.status_code in (401, 403):
                raise _failed("the provider no longer vouches for you")
            response.raise_for_status()
            found = response.json()
        except (HTTPError, ValueError) as error:
            raise _unreachable(self.issuer) from error
        if not isinstance(found, dict):
            raise _unreachable(self.issuer)
        return found

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        value: Any = claims
        for part in self._claim.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        given = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        held = {self._roles[one] for one in given if isinstance(one, str) and one in self._roles}
        roles = tuple(role for role in Role if role.value in held and role is not Role.OPERATOR)
        if not roles:
            raise RoleMissing(
                "You are known to the identity provider, and have no role here.",
                do="Ask whoever looks after this assistant for the role that you need.",
            )
        name = claims.get("name") or claims.get("preferred_username") or "Signed in"
        return Identity(str(claims["sub"]), str(name), roles)

    def _client(self, http: Client) -> OAuth2Client:
        return OAuth2Client(
            _Posts(http),
            client_id=self._client_id,
            client_secret=self._secret or None,
            redirect_uri=self._redirect,
            scope=SCOPE,
            code_challenge_method="S256",
        )


@dataclass(frozen=True)
class _Posts:
    """The one call that the library makes by itself, sent through the client that it is given."""

    http: Client

    def post(self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> Response:
        url, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return self.http.post(url, content=body, headers=sent)


def _public(sent: Sent) -> dict[str, str]:
    return {name: value for name, value in asdict(sent).items() if name != "verifier"}


def _failed(why: str) -> SignInFailed:
    return SignInFailed(f"You are not signed in: {why}.", do="Begin again from the sign-in page.")


def _unreachable(issuer: str) -> ProviderUnreachable:
    return ProviderUnreachable(
        f"The identity provider at {issuer} does not answer as it should.",
        do="Try again in a minute; if it goes on, tell whoever looks after this assistant.",
    )
