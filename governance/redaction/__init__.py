"""Finds personal data and replaces it with tokens, before anything is kept, logged, searched or sent."""

from governance.redaction.policy import Policy
from governance.redaction.redactor import Redactor, build_redactor
from governance.redaction.spans import Redaction, Span, Tokens
from governance.redaction.stream import StreamingRedactor

__all__ = ["Policy", "Redaction", "Redactor", "Span", "StreamingRedactor", "Tokens", "build_redactor"]
