"""Third-party sets beside the checkout, as suites of the same cases: ``frontline eval run NAME --data FOLDER``.

Nothing of them is copied into the project. A set that needs texts of its own brings them; they are taken into
a data directory that is thrown away after the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from evals.loaders.clapnq import clapnq
from evals.loaders.injection import injection
from evals.loaders.off_topic import off_topic
from evals.loaders.or_sharc import or_sharc
from evals.loaders.smart_answers import smart_answers
from evals.loaders.texts import Loaded
from governance.errors import SuiteUnknown

LOADERS: Mapping[str, Callable[[Path], Loaded]] = {
    "or_sharc": or_sharc,
    "clapnq": clapnq,
    "smart_answers": smart_answers,
    "off_topic": off_topic,
    "injection": injection,
}
"""Suite → what reads it from the folder of third-party data."""
PROBES = ("grounding", "pii")
"""Sets that measure one part (the support checker, redaction) and ask nothing."""


def load(name: str, data: Path) -> Loaded:
    """Read a third-party set. Raises ``SuiteUnknown``, ``FolderNotFound`` or ``CaseInvalid``."""
    if name not in LOADERS:
        known = ", ".join(sorted([*LOADERS, *PROBES]))
        raise SuiteUnknown(f"No third-party set is named {name!r}.", do=f"Choose one of: {known}.")
    return LOADERS[name](data)


__all__ = ["LOADERS", "PROBES", "Loaded", "load"]
