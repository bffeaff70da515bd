"""Why: Rampart is published with weights of four bits, which a processor turns back into floats before it multiplies.
Multiplying bytes instead takes half the time of every question and every page that is read, and a redactor that is slow is
one that somebody switches off.

Made once, on this machine, from the published weights (block-wise 4 bits, ONNX Runtime's ``MatMulNBits``), by ONNX Runtime's
dynamic quantisation with one scale for each output channel. A text is read by itself, so the scale of what goes through the
network depends on that text alone. ``python -m benchmarks.redaction`` says what it finds.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from governance.errors import ModelMissing

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

RECIPE = 1
"""Raised when the same weights would give another graph."""


def int8_graph(weights: Path, cache_dir: Path) -> Path:
    """The graph in int8 of the published one at ``weights``: made now if it is not in the cache, whole or not at all.

    Raises ``ModelMissing`` where the cache cannot be written, and ``ValueError`` where the weights cannot be read.
    """
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()[:16]
    target = cache_dir / "rampart" / f"{digest}-{RECIPE}.onnx"
    if not target.is_file():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
                _quantise(weights, Path(scratch)).replace(target)
        except OSError as error:
            raise ModelMissing(
                f"the quick form of the model that finds names cannot be kept in {target.parent} ({error.strerror})",
                do="Make that folder writable, or run `frontline models fetch` as whoever may write there.",
            ) from error
    return target


def _quantise(weights: Path, scratch: Path) -> Path:
    import logging

    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole, small = scratch / "fp32.onnx", scratch / "int8.onnx"
    try:
        published = onnx.load(weights)
    except DecodeError as error:
        raise ValueError(f"{weights.name} is no ONNX file: {error}") from error
    onnx.save(_in_floats(published), whole)
    before = logging.root.level
    logging.root.setLevel(logging.ERROR)  # it advises, at each call, a step that has nothing to do here
    try:
        quantize_dynamic(
            whole, small, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8
        )
    finally:
        logging.root.setLevel(before)
    return small


def _in_floats(model: ModelProto) -> ModelProto:
    """The same network, each multiplication by four-bit weights as one by floats."""
    from onnx import helper, numpy_helper

    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        if node.op_type != "MatMulNBits":
            nodes.append(node)
            continue
        name = f"{node.input[1]}_float"
        model.graph.initializer.append(numpy_helper.from_array(_floats(node, held), name))
        nodes.append(helper.make_node("MatMul", [node.input[0], name], list(node.output), name=node.name))
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in model.graph.initializer if tensor.name in used]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(kept)
    return model


def _floats(node: NodeProto, held: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
    """Weights of one multiplication, shape (inputs, outputs): (number - zero point) x scale, in blocks along the inputs;
    two numbers a byte, the low half first (ONNX Runtime's contrib operators, ``MatMulNBits``)."""
    size = {attribute.name: attribute.i for attribute in node.attribute}
    rows, columns, block = size["K"], size["N"], size["block_size"]
    numbers = _halves(held[node.input[1]]).reshape(columns, -1, block)
    scales = held[node.input[2]].reshape(columns, -1, 1)
    if len(node.input) > 3 and node.input[3]:
        zero = _halves(held[node.input[3]].reshape(columns, -1))[:, : numbers.shape[1], None]
    else:
        zero = np.full(1, 8, np.int32)
    floats = ((numbers - zero) * scales).reshape(columns, -1)[:, :rows]
    return np.ascontiguousarray(floats.T, dtype=np.float32)


def _halves(packed: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Both halves of each byte, low first; the last axis becomes twice as long."""
    pairs = np.stack([packed & 15, packed >> 4], axis=-1).astype(np.int32)
    return pairs.reshape(*packed.shape[:-1], -1)
