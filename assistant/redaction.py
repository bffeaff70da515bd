"""Makes the redactor that the settings ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.quiet import silence
from assistant.settings import Settings
from governance.errors import ModelMissing

if TYPE_CHECKING:
    from governance.redaction import Redactor

_DETECTORS = {"both": ("spacy-sm", "rampart"), "spacy": ("spacy-sm",), "rampart": ("rampart",), "none": ()}


def redactor_for(settings: Settings) -> Redactor:
    """The redactor with the name detectors of the settings. Raises ``ModelMissing`` where one is not installed."""
    silence(settings.models_dir)
    from governance.redaction import build_redactor

    wanted = _DETECTORS[settings.name_detectors]
    return build_redactor(
        spacy_path=_path("spacy-sm", wanted, settings), rampart_path=_path("rampart", wanted, settings)
    )


def _path(name: str, wanted: tuple[str, ...], settings: Settings) -> Path | None:
    if name not in wanted:
        return None
    path = settings.model_path(name)
    if not path.is_dir():
        raise ModelMissing(
            f"The model {name}, which finds personal names, is not in {settings.models_dir}.",
            do="Run `frontline models fetch`, or choose others with FRONTLINE_NAME_DETECTORS.",
        )
    return path
