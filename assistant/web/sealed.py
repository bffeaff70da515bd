"""Why: what is handed to a browser for a while, or kept beside a session, is nobody else's to read or to change."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


class Sealer:
    """Encrypts and signs small values (Fernet: AES-128-CBC with HMAC-SHA-256) under a key of its own purpose."""

    def __init__(self, key: bytes, purpose: str) -> None:
        derived = hmac.new(key, f"frontline.sealed.{purpose}".encode(), hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, value: bytes) -> bytes:
        """The value as URL-safe text that only this installation can open."""
        return self._fernet.encrypt(value)

    def open(self, sealed: bytes, *, seconds: int | None = None) -> bytes | None:
        """The value; None where it was not sealed here, was changed, or is older than ``seconds``."""
        try:
            return self._fernet.decrypt(sealed, ttl=seconds)
        except InvalidToken:
            return None
