"""The quick form of the name model: the same network, made once, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, load, numpy_helper, save

from governance.errors import ModelMissing
from governance.redaction.rampart import Rampart
from governance.redaction.rampart_int8 import _in_floats, int8_graph


def test_four_bits_become_the_floats_they_stand_for(tmp_path: Path) -> None:
    """Against ONNX Runtime's own reading of the packed weights."""
    import onnxruntime

    rng = np.random.default_rng(7)
    rows, columns, block = 64, 8, 32
    packed = rng.integers(0, 256, (columns, rows // block, block // 2), dtype=np.uint8)
    scales = rng.random((columns * rows // block,), dtype=np.float32)
    zeros = rng.integers(0, 256, (columns * ((rows // block + 1) // 2),), dtype=np.uint8)
    node = helper.make_node(
        "MatMulNBits", ["x", "w", "s", "z"], ["y"], domain="com.microsoft", K=rows, N=columns, bits=4, block_size=block,
    )  # fmt: skip
    graph = helper.make_graph(
        [node], "one", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, rows])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, columns])],
        [numpy_helper.from_array(a, n) for a, n in ((packed, "w"), (scales, "s"), (zeros, "z"))],
    )  # fmt: skip
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    save(helper.make_model(graph, opset_imports=opsets, ir_version=10), tmp_path / "four.onnx")
    save(_in_floats(load(tmp_path / "four.onnx")), tmp_path / "floats.onnx")
    x = rng.random((3, rows), dtype=np.float32)
    theirs, ours = (
        onnxruntime.InferenceSession(tmp_path / name, providers=["CPUExecutionProvider"]).run(None, {"x": x})[
            0
        ]
        for name in ("four.onnx", "floats.onnx")
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


@pytest.mark.models
def test_it_is_made_once_and_leaves_nothing_half_done(models_dir: Path, tmp_path: Path) -> None:
    weights = models_dir / "rampart" / "onnx" / "model_q4.onnx"
    made = int8_graph(weights, tmp_path)
    before = made.stat().st_mtime_ns
    assert int8_graph(weights, tmp_path) == made
    assert made.stat().st_mtime_ns == before
    assert [p.name for p in made.parent.iterdir()] == [made.name]


@pytest.mark.models
def test_it_reads_a_word_alike_whatever_was_read_before(models_dir: Path) -> None:
    rampart = Rampart(models_dir / "rampart")
    text = "Siobhan O'Neill of 12 Acacia Avenue rang about her Carer's Allowance."
    first = rampart.words(text)
    rampart.words("QQ 12 34 56 C " * 40)
    assert rampart.words(text) == first
    assert first[0].label == "GIVEN_NAME"


def test_weights_that_are_none_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "w.onnx").write_bytes(b"\xff\xff nonsense")
    with pytest.raises(ValueError, match=r"w\.onnx"):
        int8_graph(tmp_path / "w.onnx", tmp_path / "cache")
    assert list((tmp_path / "cache" / "rampart").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "w.onnx").write_bytes(b"x")
    (tmp_path / "cache").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(ModelMissing, match="cannot be kept"):
        int8_graph(tmp_path / "w.onnx", tmp_path / "cache")
