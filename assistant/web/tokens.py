"""Why: a token is only a claim until its signature, issuer, audience and time were checked, and these checks stand here.

ID tokens as in OpenID Connect Core 3.1.3.7: signature, iss, aud, azp, exp, nbf, nonce, at_hash. Bearer tokens for the
API are signed JWTs (RFC 9068) that name this service's audience. Keys are read from the provider, and read again
when a token's key is not among them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures that only the provider can make; never ``none``, never one that shares a secret."""
LEEWAY = 60
"""Seconds by which clocks may differ."""
_KEYS_AT_MOST_EVERY = 30.0
"""Seconds between readings of the keys, so that a flood of bad tokens does not become one of calls."""


class NotBelieved(ValueError):
    """A token does not hold; the message names the check, and no part of the token."""


class Tokens:
    """Reads what one provider signed for one client."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        audience: str,
        read_keys: Callable[[], dict[str, Any]],
        clock: Callable[[], float],
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._audience = audience
        self._read_keys = read_keys
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._keys_read = 0.0

    def identity(self, token: str, *, nonce: str, access_token: str) -> dict[str, Any]:
        """The claims of an ID token. Raises ``NotBelieved``, and what reading the keys raises."""
        try:
            header, said = self._signed(token)
            claims = CodeIDToken(
                said,
                header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "exp": {"essential": True},
                },
                params={"nonce": nonce, "client_id": self._client_id, "access_token": access_token},
            )
            claims.validate(now=int(self._clock()), leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, KeyError) as error:
            raise NotBelieved(_said(error)) from error
        return dict(claims)

    def access(self, token: str) -> dict[str, Any]:
        """The claims of a bearer token for the API. Raises ``NotBelieved``, and what reading the keys raises."""
        try:
            claims = self._signed(token)[1]
            jwt.JWTClaimsRegistry(
                now=int(self._clock()),
                leeway=LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._audience},
                exp={"essential": True},
                sub={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise NotBelieved(_said(error)) from error
        if "nonce" in claims:
            raise NotBelieved("it is an ID token, not an access token")
        return claims

    def _signed(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims of a token whose signature is the provider's."""
        try:
            read = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            if not self._keys_may_have_changed():
                raise
            read = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        return dict(read.header), dict(read.claims)

    def _key_set(self) -> KeySet:
        with self._lock:
            if self._keys is None:
                self._keys = KeySet.import_key_set(self._read_keys())  # type: ignore[arg-type]
                self._keys_read = self._clock()
            return self._keys

    def _keys_may_have_changed(self) -> bool:
        with self._lock:
            stale = self._clock() - self._keys_read > _KEYS_AT_MOST_EVERY
            if stale:
                self._keys = None
            return stale


def _said(error: Exception) -> str:
    return getattr(error, "error", "") or type(error).__name__
