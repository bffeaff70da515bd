"""Why: what is sealed can be opened only with its key, and only as what it was sealed as; changed by one bit, or
moved to another place, it does not open at all.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. A key seals one person's payloads, far fewer than the 2^32
that the standard allows a key with random nonces.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE = 12


def new_key() -> bytes:
    """A random key of 256 bits."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, data: bytes, context: bytes) -> bytes:
    """Nonce, ciphertext and tag. ``context`` is not hidden, and must be the same on opening."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """What was sealed. Raises ValueError where the key, the bytes or the context are not those of the sealing."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
    except (InvalidTag, ValueError) as error:
        raise ValueError("it was sealed with another key or as something else, or was changed") from error
