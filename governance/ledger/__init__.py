"""An append-only log whose every entry is a leaf of one Merkle tree (RFC 6962 and 9162)."""

from governance.ledger.entry import Entry
from governance.ledger.find import Wanted
from governance.ledger.ledger import Ledger
from governance.ledger.note import Signer
from governance.ledger.projections import Problem
from governance.ledger.verify import Verification

__all__ = ["Entry", "Ledger", "Problem", "Signer", "Verification", "Wanted"]
