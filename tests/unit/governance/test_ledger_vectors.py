"""The tree and the notes agree with those of other transparency logs, on every vector they publish."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from governance.ledger.note import open_checkpoint
from governance.ledger.tree import (
    EMPTY_ROOT,
    Roots,
    check_consistency,
    check_subtree,
    leaf_hash,
    node_hash,
    root_from_inclusion,
)

pytestmark = pytest.mark.shared_data
VERIFIER = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


@pytest.fixture(scope="module")
def vectors(shared_data: Path) -> Path:
    return shared_data / "ledger"


def rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def unpacked(proof: list[str] | None) -> list[bytes]:
    return [base64.b64decode(sibling) for sibling in proof or []]


def accepted(case: dict[str, Any]) -> bool:
    """Whether the proof of a vector leads to the roots it states."""
    proof = unpacked(case["proof"])
    try:
        if case["kind"] == "inclusion":
            leaf, root = base64.b64decode(case["leafHash"]), base64.b64decode(case["root"])
            return root_from_inclusion(leaf, case["leafIdx"], case["treeSize"], proof) == root
        if case["kind"] == "subtreeinclusion":
            leaf, root = base64.b64decode(case["leafHash"]), base64.b64decode(case["root"])
            start, end = case["start"], case["end"]
            if start % (1 << (end - start - 1).bit_length()):
                return False
            return root_from_inclusion(leaf, case["leafIdx"] - start, end - start, proof) == root
        root1, root2 = base64.b64decode(case["root1"]), base64.b64decode(case["root2"])
        if case["kind"] == "consistency":
            check_consistency(case["size1"], case["size2"], root1, root2, proof)
        else:
            check_subtree(case["start"], case["end"], case["size"], root1, root2, proof)
        return True
    except ValueError:
        return False


def test_every_proof_vector_is_accepted_or_refused_as_it_says(vectors: Path) -> None:
    judged: Counter[tuple[str, bool]] = Counter()
    wrong = []
    for case in rows(vectors / "merkle_proofs.jsonl"):
        judged[case["kind"], case["wantErr"]] += 1
        if accepted(case) == case["wantErr"]:
            wrong.append(case["id"])
    assert wrong == []
    assert judged == {
        ("consistency", False): 6, ("consistency", True): 92,
        ("inclusion", False): 6, ("inclusion", True): 92,
        ("subtreeconsistency", False): 12, ("subtreeconsistency", True): 106,
        ("subtreeinclusion", False): 12, ("subtreeinclusion", True): 192,
    }  # fmt: skip


def test_every_checkpoint_opens_and_states_the_root_of_its_entries(vectors: Path) -> None:
    sizes = []
    for case in rows(vectors / "checkpoints.jsonl"):
        checkpoint = open_checkpoint(case["checkpoint"], VERIFIER)
        assert (checkpoint.origin, checkpoint.size) == (case["origin"], case["size"])
        assert checkpoint.root == base64.b64decode(case["root"])
        roots = Roots()
        for entry in case["entries"]:
            roots.add(leaf_hash(entry.encode()))
        assert (roots.root() == checkpoint.root) == case["root_matches"]
        sizes.append(case["size"])
    assert sizes == list(range(16))


def test_every_changed_byte_of_a_signed_checkpoint_is_refused(vectors: Path) -> None:
    note = next(rows(vectors / "checkpoints.jsonl"))["checkpoint"]
    for at in range(len(note)):
        changed = note[:at] + ("A" if note[at] != "A" else "B") + note[at + 1 :]
        with pytest.raises(ValueError, match=r"\w"):
            open_checkpoint(changed, VERIFIER)


def bundle(data: bytes) -> list[bytes]:
    """Entries of a tlog-tiles bundle: each after its length in two bytes."""
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries


@pytest.mark.parametrize("size", range(1, 16))
def test_another_log_s_bundles_tiles_and_checkpoints_come_out_of_our_tree(vectors: Path, size: int) -> None:
    log = vectors / "tessera_log" / "log"
    entries = bundle((log / f"tile/entries/000.p/{size}").read_bytes())
    leaves = [leaf_hash(entry) for entry in entries]
    assert len(leaves) == size
    assert b"".join(leaves) == (log / f"tile/0/000.p/{size}").read_bytes()
    roots = Roots()
    for leaf in leaves:
        roots.add(leaf)
    kept = log / f"checkpoint.{size}"
    if kept.exists():
        assert open_checkpoint(kept.read_text(encoding="utf-8"), VERIFIER).root == roots.root()


def constants(text: str, function: str) -> list[str]:
    body = text[text.index(f"func {function}(") :]
    body = body[: body.index("\n}\n")]
    return re.findall(r'hd\("([0-9a-f]*)"\)', body)


def test_the_reference_tree_has_our_nodes_and_roots(vectors: Path) -> None:
    text = (vectors / "specs" / "constants.go.txt").read_text(encoding="utf-8")
    leaves = [leaf_hash(bytes.fromhex(value)) for value in constants(text, "LeafInputs")]
    nodes = [bytes.fromhex(value) for value in constants(text, "NodeHashes")]
    roots = [EMPTY_ROOT, *(bytes.fromhex(value) for value in constants(text, "RootHashes"))]
    assert (len(leaves), len(nodes), len(roots)) == (8, 15, 9)

    level = leaves
    ours = list(level)
    while len(level) > 1:
        level = [node_hash(a, b) for a, b in zip(level[::2], level[1::2], strict=True)]
        ours += level
    assert ours == nodes

    growing = Roots()
    found = [growing.root()]
    for leaf in leaves:
        growing.add(leaf)
        found.append(growing.root())
    assert found == roots


def test_the_reference_hashes_come_out(vectors: Path) -> None:
    text = (vectors / "specs" / "rfc6962_test.go.txt").read_text(encoding="utf-8")
    wanted = dict(re.findall(r'desc: "(RFC6962[\w ]*)",\s+want: "([0-9a-f]{64})"', text))
    assert wanted == {
        "RFC6962 Empty": EMPTY_ROOT.hex(),
        "RFC6962 Empty Leaf": leaf_hash(b"").hex(),
        "RFC6962 Leaf": leaf_hash(b"L123456").hex(),
        "RFC6962 Node": node_hash(b"N123", b"N456").hex(),
    }
