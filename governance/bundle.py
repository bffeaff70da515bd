"""Why: what leaves for another service must stand by itself. The signed form of hand-overs and of status lists.

A document holds the exact bytes that were signed, so that nobody has to write JSON the same way to check it:
``{form, body, signature, key}``, where body is canonical JSON in base64 and the signature (Ed25519) is over the form, a
newline and those bytes. What the fields of a body mean stands in ``governance/verify_handover.py``.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.ledger import canonical
from governance.ledger.key import key_at
from governance.ledger.note import ED25519, key_id

BUNDLE = "frontline-handover/1"
STATUS = "frontline-handover-status/1"


class BundleSigner:
    """Holds the key that bundles are signed with: a key of its own, apart from the ledger's."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        public = key.public_key().public_bytes_raw()
        name = f"frontline-handover/{hashlib.sha256(public).hexdigest()[:16]}"
        encoded = base64.b64encode(ED25519 + public).decode("ascii")
        self.verifier = f"{name}+{key_id(name, public).hex()}+{encoded}"
        """The public key, as name, key id and key (the form of c2sp.org/signed-note)."""

    @classmethod
    def at(cls, path: Path) -> BundleSigner:
        """With the key in a file, which is made on first use. Raises ``KeyUnusable``, ``StorageUnwritable``."""
        return cls(key_at(path))

    def sign(self, form: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The signed document."""
        data = canonical.dumps(body)
        return {
            "form": form, "body": base64.b64encode(data).decode("ascii"),
            "signature": base64.b64encode(self._key.sign(form.encode() + b"\n" + data)).decode("ascii"),
            "key": self.verifier,
        }  # fmt: skip
