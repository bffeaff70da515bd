"""Receipts: what a person keeps of what they agreed to, for machines (JSON-LD) and for a drawer (a page)."""

from governance.receipts.receipt import printed, receipt

__all__ = ["printed", "receipt"]
