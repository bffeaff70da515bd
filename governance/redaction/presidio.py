"""Why: importing ``presidio_analyzer`` imports torch, transformers and stanza wherever they are installed
(about ten seconds), for recognisers this project does not use.

The import system raises ``ModuleNotFoundError`` for a name whose entry in ``sys.modules`` is ``None``
(Python reference, 5.3.1 "The module cache"), and Presidio and spaCy's thinc both treat those packages as
optional. So, for the length of this one import, packages that nobody has imported yet look absent; ones that
are already loaded cost nothing and are left as they are. Afterwards they import as usual.

Presidio's ``EmailRecognizer`` asks ``tldextract``, which fetches a list from the network; it is not used here.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HEAVY = ("torch", "transformers", "stanza", "gliner", "langextract", "azure", "cupy", "tensorflow", "mxnet")
"""Optional packages that Presidio's or thinc's import would load."""

_lock = threading.Lock()


@contextmanager
def looks_absent(names: tuple[str, ...]) -> Iterator[None]:
    """Packages of these names that are not imported yet cannot be imported inside this block."""
    with _lock:
        hidden = [name for name in names if name not in sys.modules]
        sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
        try:
            yield
        finally:
            for name in hidden:
                del sys.modules[name]


with looks_absent(HEAVY):
    from presidio_analyzer import (
        AnalysisExplanation,
        AnalyzerEngine,
        ContextAwareEnhancer,
        EntityRecognizer,
        Pattern,
        PatternRecognizer,
        RecognizerRegistry,
        RecognizerResult,
    )
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

__all__ = [
    "AnalysisExplanation",
    "AnalyzerEngine",
    "ContextAwareEnhancer",
    "EntityRecognizer",
    "NoOpNlpEngine",
    "Pattern",
    "PatternRecognizer",
    "RecognizerRegistry",
    "RecognizerResult",
]
