"""The embedder against the model's own library: the same vectors, faster, and never cut in silence."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from governance.errors import ModelCorrupt, ModelMissing
from ingest.embed import Embedder
from ingest.embedder_files import read_identity

pytestmark = pytest.mark.models

TEXTS = [
    "An advance is repaid over up to 24 months.",
    "short",
    "The claimant must ask for a mandatory reconsideration within one calendar month of the decision. " * 3,
    "£424.90 a month; 55%; 6 April 2026",
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def test_the_exported_graph_gives_the_models_own_vectors(models_dir: Path, cache: Path) -> None:
    from sentence_transformers import SentenceTransformer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = SentenceTransformer(str(models_dir / "minilm"), device="cpu", local_files_only=True)
        expected = own.encode(TEXTS, normalize_embeddings=True)
    exact = Embedder(models_dir / "minilm", cache_dir=cache, precision="fp32").embed_array(TEXTS)
    quick = Embedder(models_dir / "minilm", cache_dir=cache, precision="int8").embed_array(TEXTS)
    assert np.sum(exact * expected, axis=1).min() > 0.9999
    assert np.sum(quick * expected, axis=1).min() > 0.97
    assert np.allclose(np.linalg.norm(quick, axis=1), 1, atol=1e-5)
    assert exact.dtype == np.float32 and exact.shape == (4, 384)
    assert sorted(p.name for p in cache.rglob("*.onnx")) == [
        "fp32-3.onnx",
        "int8-3.onnx",
    ]  # and nothing half-made


def test_it_is_a_langchain_embedder_and_batches_change_nothing(models_dir: Path, cache: Path) -> None:
    embedder = Embedder(models_dir / "minilm", cache_dir=cache, precision="fp32")
    assert isinstance(embedder, Embeddings)
    alone = [embedder.embed_query(text) for text in TEXTS]
    assert np.allclose(embedder.embed_documents(TEXTS * 30)[:4], alone, atol=1e-5)


def test_a_vector_in_int8_does_not_depend_on_what_is_embedded_beside_it(
    models_dir: Path, cache: Path
) -> None:
    embedder = Embedder(models_dir / "minilm", cache_dir=cache, precision="int8")
    alone = np.vstack([embedder.embed_array([text]) for text in TEXTS])
    beside = embedder.embed_array([*TEXTS, "x " * 200, *(f"{n} pounds a week" for n in range(30))])[
        : len(TEXTS)
    ]
    assert np.array_equal(alone, beside)
    one = Embedder(models_dir / "minilm", cache_dir=cache, precision="int8", threads=1)
    assert np.array_equal(alone, one.embed_array(TEXTS)), "nor on how many processors there are"


def test_a_text_beyond_the_limit_is_counted(models_dir: Path, cache: Path) -> None:
    embedder = Embedder(models_dir / "minilm", cache_dir=cache, precision="fp32")
    assert embedder.identity.max_tokens == 256 and embedder.token_count("word") == 3
    embedder.embed_array(["word " * 254, "word " * 255, "word " * 1000])
    assert embedder.truncated == 2


def test_a_warm_start_imports_no_torch(models_dir: Path, cache: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ingest.embed import Embedder\n"
        f"Embedder(Path({str(models_dir / 'minilm')!r}), cache_dir=Path({str(cache)!r}), precision='fp32').warm()\n"
        "print('torch' in sys.modules, 'transformers' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]


def test_a_folder_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"model\.safetensors"):
        read_identity(tmp_path, "int8", tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"x")
    with pytest.raises(ModelCorrupt, match=r"config\.json"):
        read_identity(tmp_path, "int8", tmp_path)
    (tmp_path / "config.json").write_text("[]")
    with pytest.raises(ModelCorrupt, match="does not hold"):
        read_identity(tmp_path, "int8", tmp_path)
