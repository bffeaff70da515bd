"""Finds personal data and replaces it with tokens, before anything is kept, logged, searched or sent."""

from governance.redaction.policy import Policy
from governance.redaction.redactor import Redactor, build_redactor
from governance.redaction.spans import Redaction, Span, Tokens

__all__ = ["Policy", "Redaction", "Redactor", "Span", "Tokens", "build_redactor"]
