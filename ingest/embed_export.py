"""Why: ONNX Runtime embeds 1.6 to 3 times as fast as torch on a processor, and starts without importing it.

The model is loaded once by sentence-transformers, which knows its pooling and normalisation, and exported
with them, so that the graph gives the finished unit vector. torch is imported here and nowhere else.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from pathlib import Path

from ingest.embedder_files import EmbedderIdentity, Precision

OPSET = 17
KEPT_EXACT = re.compile(r"layer\.[0-2]/output/dense/MatMul$")
"""What int8 rounds worst: the feed-forward outputs of the first three layers, whose inputs have the widest range. With
them in fp32 the mean cosine with fp32 vectors is .9967 instead of .9940 (the other three add .0003), and fused nDCG@10
loses .6 of a point instead of 1.0 (benchmarks/ingest/precision.py). Names as transformers' BERT and MPNet give them."""


def exported(folder: Path, identity: EmbedderIdentity, cache_dir: Path) -> Path:
    """The graph for this identity, exported now if it is not in the cache; appears whole or not at all."""
    target = cache_dir / "onnx" / identity.weights_sha256[:16] / f"{identity.precision}-{identity.graph}.onnx"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            graph = Path(scratch) / "fp32.onnx"
            _export(folder, graph)
            if identity.precision == "int8":
                graph = _quantised(graph, Path(scratch) / "int8.onnx")
            graph.replace(target)
    return target


def _export(folder: Path, target: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()

    class Embed(torch.nn.Module):  # type: ignore[misc]  # torch has no types here
        def __init__(self, model: SentenceTransformer) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            return self.model(features)["sentence_embedding"]

    with warnings.catch_warnings():
        # The exporter warns of branches it takes as constants; a test compares vectors with the model's own.
        warnings.simplefilter("ignore")
        # Attention written out: torch's own call adds guards against rows of nothing, a sixth of the time (measured).
        model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
        )
        model.eval()
        ids = torch.tensor([[101, 7592, 102], [101, 102, 0]])
        mask = torch.tensor([[1, 1, 1], [1, 1, 0]])
        torch.onnx.export(
            Embed(model),
            (ids, mask),
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={
                "input_ids": {0: "n", 1: "t"},
                "attention_mask": {0: "n", 1: "t"},
                "embedding": {0: "n"},
            },
            opset_version=OPSET,
            dynamo=False,
        )


def _quantised(source: Path, target: Path) -> Path:
    """Dynamic int8 with one scale per output channel; one scale per tensor loses too much (cosine .78)."""
    import logging

    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger("root").setLevel(logging.ERROR)
    quantize_dynamic(
        source, target, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8,
        nodes_to_exclude=[node.name for node in onnx.load(source).graph.node if KEPT_EXACT.search(node.name)],
    )  # fmt: skip
    return target


__all__ = ["Precision", "exported"]
