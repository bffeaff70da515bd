"""Proofs between all sizes hold, and nothing else does; held against the definition, written out plainly."""

from __future__ import annotations

import contextlib
import hashlib

import pytest

from governance.ledger.tree import (
    EMPTY_ROOT,
    Roots,
    check_consistency,
    check_subtree,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    range_hash,
    root_from_inclusion,
)

MOST = 70
LEAVES = [leaf_hash(str(n).encode()) for n in range(MOST)]


def defined(leaves: list[bytes]) -> bytes:
    """Root of a tree exactly as RFC 6962, section 2.1 words it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(defined(leaves[:half]), defined(leaves[half:]))


ROOTS = [defined(LEAVES[:n]) for n in range(MOST + 1)]


def node(level: int, position: int) -> bytes:
    return defined(LEAVES[position << level : (position + 1) << level])


def test_roots_of_all_sizes() -> None:
    growing = Roots()
    for size in range(MOST + 1):
        assert growing.size == size
        assert growing.root() == ROOTS[size] == range_hash(0, size, node)
        if size < MOST:
            for level, position, value in growing.add(LEAVES[size]):
                assert value == node(level, position)


def test_every_inclusion_proof_of_every_size() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            proof = inclusion(index, size, node)
            assert len(proof) <= size.bit_length()
            assert root_from_inclusion(LEAVES[index], index, size, proof) == ROOTS[size]


def test_every_consistency_proof_between_all_pairs_of_sizes() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            proof = consistency(old, new, node)
            check_consistency(old, new, ROOTS[old], ROOTS[new], proof)


def test_no_proof_holds_for_another_leaf_index_or_root() -> None:
    size = 13
    for index in range(size):
        proof = inclusion(index, size, node)
        for other in range(size):
            if other != index:
                assert root_from_inclusion(LEAVES[other], index, size, proof) != ROOTS[size]
                with contextlib.suppress(ValueError):
                    assert root_from_inclusion(LEAVES[index], other, size, proof) != ROOTS[size]


@pytest.mark.parametrize("spoil", ["cut", "grown", "changed"])
def test_a_spoiled_consistency_proof_leads_nowhere(spoil: str) -> None:
    for new in range(2, 40):
        for old in range(1, new):
            proof = consistency(old, new, node)
            if spoil == "cut":
                proof = proof[:-1]
            elif spoil == "grown":
                proof = [*proof, b"\0" * 32]
            else:
                proof[0] = bytes([proof[0][0] ^ 1]) + proof[0][1:]
            with pytest.raises(ValueError, match="proof"):
                check_consistency(old, new, ROOTS[old], ROOTS[new], proof)


def test_ends() -> None:
    assert ROOTS[0] == EMPTY_ROOT
    assert consistency(0, 5, node) == consistency(5, 5, node) == []
    for index, size in ((-1, 1), (0, 0), (1, 1)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion(index, size, node)
        with pytest.raises(ValueError, match="no leaf"):
            root_from_inclusion(LEAVES[0], index, size, [])
    for old, new in ((0, 1), (3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="no proof"):
            check_consistency(old, new, ROOTS[0], ROOTS[1], [])
    with pytest.raises(ValueError, match="no proof"):
        consistency(3, 2, node)
    for start, end in ((1, 3), (3, 2), (4, 9), (2, 6)):
        with pytest.raises(ValueError, match="no subtree"):
            check_subtree(start, end, 8, ROOTS[1], ROOTS[8], [])


def test_what_is_no_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        root_from_inclusion(b"", 0, 1, [])
    with pytest.raises(ValueError, match="SHA-256"):
        check_consistency(1, 2, ROOTS[1], ROOTS[2], [LEAVES[1][:-1]])


@pytest.mark.parametrize(("old", "new"), [(3, 7), (4, 7), (8, 9)])
def test_a_proof_shows_no_other_history(old: int, new: int) -> None:
    proof = consistency(old, new, node)
    for roots in ((ROOTS[1], ROOTS[new]), (ROOTS[old], ROOTS[1])):
        with pytest.raises(ValueError, match="does not lead to"):
            check_consistency(old, new, *roots, proof)
