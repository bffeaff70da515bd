"""Records, ledger, consent, redaction and explanation. A leaf: knows nothing of retrieval, models or the web."""
