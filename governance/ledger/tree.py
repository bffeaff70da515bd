"""Why: one root hash commits to every entry, and short proofs show that an entry is in it and that a later
root holds all of an earlier one.

The tree is that of RFC 6962, section 2.1 (RFC 9162, section 2.1): SHA-256, leaves and inner nodes hashed
under different first bytes. Subtrees are named by (level, position): the root of leaves
[position << level, (position + 1) << level).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Node = Callable[[int, int], bytes]
"""(level, position) → hash of that complete subtree."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def range_hash(start: int, end: int, node: Node) -> bytes:
    """Hash of the leaves [start, end), by the complete subtrees it falls into.

    ``start`` must be a multiple of the largest power of two that is at most ``end - start``.
    """
    size = end - start
    if size == 0:
        return EMPTY_ROOT
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    split = start + _split(size)
    return node_hash(range_hash(start, split, node), range_hash(split, end, node))


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Proof that leaf ``index`` is in the tree of ``size`` leaves (RFC 6962, 2.1.1), nearest sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    return _path(index, 0, size, node)


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    split = start + _split(end - start)
    if index < split:
        return [*_path(index, start, split, node), range_hash(split, end, node)]
    return [*_path(index, split, end, node), range_hash(start, split, node)]


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Proof that the tree of ``old`` leaves is the beginning of the tree of ``new`` (RFC 6962, 2.1.2)."""
    if not 0 <= old <= new:
        raise ValueError(f"no proof from {old} to {new} leaves")
    if old in (0, new):
        return []
    return _subproof(old, 0, new, True, node)


def _subproof(old: int, start: int, end: int, whole: bool, node: Node) -> list[bytes]:
    if start + old == end:
        return [] if whole else [range_hash(start, end, node)]
    half = _split(end - start)
    if old <= half:
        return [*_subproof(old, start, start + half, whole, node), range_hash(start + half, end, node)]
    return [*_subproof(old - half, start + half, end, False, node), range_hash(start, start + half, node)]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a leaf hash and a proof lead to (RFC 9162, 2.1.3.2). Raises ValueError on a proof of the
    wrong length."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    _check_hashes([leaf, *proof])
    position, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ValueError("the proof is too long")
        if position & 1 or position == last:
            root = node_hash(sibling, root)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            root = node_hash(root, sibling)
        position >>= 1
        last >>= 1
    if last != 0:
        raise ValueError("the proof is too short")
    return root


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Return where the tree of ``old`` leaves is the beginning of that of ``new`` (RFC 9162, 2.1.4.2); raise
    ValueError where the proof does not show it."""
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new} leaves")
    check_subtree(0, old, new, old_root, new_root, proof)


def check_subtree(
    start: int, end: int, size: int, subtree_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Return where leaves [start, end) of the tree of ``size`` leaves have ``subtree_root``; raise ValueError
    where the proof does not show it.

    The general form of a consistency proof, which is its case ``start == 0`` (draft-ietf-plants-merkle-tree-certs,
    "Verifying a Subtree Consistency Proof"). No leaves are a subtree of any tree, so there ``root`` is not looked at.
    """
    if not 0 <= start <= end <= size or start % _width(end - start):
        raise ValueError(f"leaves {start} to {end} are no subtree of {size}")
    if start == end:
        if proof or subtree_root != EMPTY_ROOT:
            raise ValueError("no leaves have the root of no leaves, and need no proof")
        return
    if end - start == size:
        if proof or subtree_root != root:
            raise ValueError("a tree is its own beginning, and needs no proof")
        return
    first, position, last = start, end - 1, size - 1
    while first != position and (position == last or position & 1):
        first, position, last = first >> 1, position >> 1, last >> 1
    path = [subtree_root, *proof] if first == position else list(proof)
    _check_hashes([subtree_root, root, *path])
    if not path:
        raise ValueError("the proof is too short")
    inner = outer = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ValueError("the proof is too long")
        if position & 1 or position == last:
            if first < position:
                inner = node_hash(sibling, inner)
            outer = node_hash(sibling, outer)
            while not position & 1:
                first, position, last = first >> 1, position >> 1, last >> 1
        else:
            outer = node_hash(outer, sibling)
        first, position, last = first >> 1, position >> 1, last >> 1
    if last != 0:
        raise ValueError("the proof is too short")
    if inner != subtree_root:
        raise ValueError("the proof does not lead to the earlier root")
    if outer != root:
        raise ValueError("the proof does not lead to the later root")


class Roots:
    """The root after each leaf, from leaves given in order; holds O(log n) hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; gives the complete subtrees it finished, as (level, position, hash)."""
        finished = []
        level, position, root = 0, self.size, leaf
        while self._peaks and self._peaks[-1][0] == level:
            root = node_hash(self._peaks.pop()[1], root)
            level += 1
            position >>= 1
            finished.append((level, position, root))
        self._peaks.append((level, root))
        self.size += 1
        return finished

    def root(self) -> bytes:
        """Root of the leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def _split(size: int) -> int:
    """Largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _width(size: int) -> int:
    """Smallest power of two that is at least ``size``."""
    return 1 << max(0, size - 1).bit_length()


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(value) != 32 for value in hashes):
        raise ValueError("not every hash is one of SHA-256")
