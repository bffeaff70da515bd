"""Why: words typed without spaces are read in two places, so that a question is not taken for a name and so that what was
meant is searched for. Both look for where to cut in the same way, and differ in what they hold to be a word.
"""

from __future__ import annotations

from collections.abc import Callable

LONGEST_WORD = 20
"""Letters of the longest word looked for."""


def parted(
    run: str, is_word: Callable[[str], bool], rarity: Callable[[str], float] = lambda _: 0.0
) -> tuple[str, ...]:
    """The fewest words that make up all of a run of letters, of those the least rare; nothing where none do.

    Dynamic programming over the places to cut: the best words up to each place are kept, and no others.
    """
    best: list[tuple[int, float, tuple[str, ...]] | None] = [(0, 0.0, ()), *[None] * len(run)]
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - LONGEST_WORD), end):
            before, piece = best[start], run[start:end]
            if before is None or not is_word(piece):
                continue
            found = (before[0] + 1, before[1] + rarity(piece), (*before[2], piece))
            known = best[end]
            if known is None or found < known:
                best[end] = found
    return best[-1][2] if best[-1] else ()
