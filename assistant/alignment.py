"""Why: whether passages carry a claim shows in where its words stand there: together or apart, in their order, beside the
same names and figures, under the same "not" and "must". These are those signs, as numbers, for ``supports`` to weigh.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, pairwise

import numpy as np

from assistant.figures import figures
from assistant.modality import MODALITY, marks, opened
from assistant.words import FUNCTION_WORDS, stem
from assistant.words import spans as word_spans
from ingest.sentences import sentences

LONGEST = 60
"""Words of a piece of evidence; a longer sentence is read in pieces."""
READ, LATER = 10, 3
"""Pieces whose meaning is read, and how many of these are chosen for what the others lack."""
_QUANTITIES = frozenset({"only", "all", "any", "more", "less", "at most", "at least"})


@dataclass(frozen=True)
class Text:
    """A text as words: written, stemmed, and which of them carry something to look for."""

    text: str

    @cached_property
    def written(self) -> list[str]:
        """The words as written."""
        return [self.text[a:b] for a, b in word_spans(self.text)]

    @cached_property
    def stems(self) -> list[str]:
        """Stem of each word."""
        return [stem(_plain(word)) for word in self.written]

    @cached_property
    def carrying(self) -> list[bool]:
        """For each word, whether it is no word of grammar."""
        return [
            (w := _plain(word)) not in FUNCTION_WORDS and (len(w) > 1 or w.isdigit()) for word in self.written
        ]

    @cached_property
    def content(self) -> list[str]:
        """Stems of the words that carry something; of all, where none does."""
        return [s for s, carries in zip(self.stems, self.carrying, strict=True) if carries] or self.stems

    @cached_property
    def held(self) -> frozenset[str]:
        """Its stems, each once."""
        return frozenset(self.stems)

    @cached_property
    def marks(self) -> Counter[str]:
        """Marks of polarity, modality and condition, counted."""
        return Counter(marks(opened(self.text)))


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s")


@lru_cache(maxsize=64)
def pieces(passage: str) -> tuple[Text, ...]:
    """The sentences, list items and rows of a passage, long ones in pieces."""
    found = []
    for start, end in sentences(passage):
        spans = [(start + a, start + b) for a, b in word_spans(passage[start:end])]
        found += [
            Text(passage[spans[at][0] : spans[min(at + LONGEST, len(spans)) - 1][1]])
            for at in range(0, len(spans), LONGEST)
        ]
    return tuple(found)


def chosen(claim: Text, given: Sequence[Text]) -> list[Text]:
    """The pieces that share most of a claim's words, the rare ones most; the last few for words that are yet to be found."""
    wanted = sorted(set(claim.content))
    within = Counter(s for piece in given for s in piece.held)
    weight = {s: math.log(1 + (len(given) - within[s] + 0.5) / (within[s] + 0.5)) for s in wanted}
    worth = [sum(weight[s] for s in wanted if s in piece.held) for piece in given]
    order = sorted(range(len(given)), key=lambda n: (-worth[n], n))
    taken, rest = order[: READ - LATER], order[READ - LATER :]
    found = {s for n in taken for s in given[n].held}
    for _ in range(min(LATER, len(rest))):
        new = [sum(weight[s] for s in wanted if s in given[n].held - found) for n in rest]
        best = max(range(len(rest)), key=lambda at: (new[at], worth[rest[at]], -rest[at]))
        taken.append(rest.pop(best))
        found |= given[taken[-1]].held
    return [given[n] for n in sorted(taken)]


def signs(
    claim: Text, passages: Sequence[str], read: Sequence[Text], cosines: np.ndarray
) -> dict[str, float]:
    """The signs by name. ``cosines``: nearness in meaning of the claim to each piece of ``read``, which is not empty."""
    whole = _joined(tuple(passages))
    rarity = {s: math.log(1 + len(whole.content) / (whole.counted[s] + 1)) for s in claim.content}
    total = sum(rarity[s] for s in claim.content)
    shares = np.array([sum(rarity[s] for s in claim.content if s in p.held) / total for p in read])
    two = (frozenset(one.held | other.held) for one, other in combinations(read, 2))
    best, near = int((shares + 0.3 * cosines).argmax()), int(cosines.argmax())
    top = np.sort(cosines)[::-1]
    return {
        **_words(claim, whole),
        **_names(claim, whole),
        **_marks(claim, read, read[best], read[near]),
        "shared, the rare ones most": sum(rarity[s] for s in claim.content if s in whole.held) / total,
        "shared with one sentence": float(shares.max()),
        "shared with two sentences": max(
            [
                float(shares.max()),
                *(sum(rarity[s] for s in claim.content if s in held) / total for held in two),
            ]
        ),
        "in the order of a sentence": max(_in_order(claim.stems, read[n].stems) for n in {best, near})
        / len(claim.stems),
        "nearest sentence": float(top[0]),
        "three nearest sentences": float(top[:3].mean()),
        "all sentences read": float(top.mean()),
        "nearness of the sentence that shares most": float(cosines[best]),
        "words and nearness of one sentence": float((0.5 * shares + 0.5 * cosines).max()),
    }


@dataclass(frozen=True)
class _Whole(Text):
    """All that is leaned on."""

    @cached_property
    def counted(self) -> Counter[str]:
        return Counter(self.content)

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Two and three words in a row."""
        return frozenset(
            [*pairwise(self.stems), *zip(self.stems, self.stems[1:], self.stems[2:], strict=False)]
        )

    @cached_property
    def close(self) -> frozenset[tuple[str, str]]:
        """Pairs of words that carry something, at most two others of that kind between them."""
        return frozenset(
            (one, other) for n, one in enumerate(self.content) for other in self.content[n + 1 : n + 4]
        )


@lru_cache(maxsize=64)
def _joined(passages: tuple[str, ...]) -> _Whole:
    return _Whole("\n".join(passages))


def _words(claim: Text, whole: _Whole) -> dict[str, float]:
    pairs = list(pairwise(claim.content))
    triples = list(zip(claim.stems, claim.stems[1:], claim.stems[2:], strict=False))
    return {
        "shared": _share([s in whole.held for s in claim.content]),
        "words found nowhere": float(sum(s not in whole.held for s in claim.content)),
        "words of grammar found nowhere": float(
            sum(not c and s not in whole.held for s, c in zip(claim.stems, claim.carrying, strict=True))
        ),
        "two words in a row": _share([pair in whole.runs for pair in pairwise(claim.stems)]),
        "three words in a row": _share([three in whole.runs for three in triples]),
        "neighbours": _share([pair in whole.close for pair in pairs]),
        "neighbours in either order": _share([p in whole.close or p[::-1] in whole.close for p in pairs]),
        "length": math.log(len(claim.stems)),
        "length without grammar": math.log(len(claim.content)),
        "sentences": float(len(sentences(claim.text))),
    }


def _names(claim: Text, whole: _Whole) -> dict[str, float]:
    held = [s in whole.held for s in claim.stems]
    named = [n > 0 and word[0].isupper() for n, word in enumerate(claim.written)]
    digits = [any(c.isdigit() for c in word) for word in claim.written]
    said, known = figures(claim.text), frozenset(figures(whole.text))
    return {
        "names": float(sum(named)),
        "names found nowhere": float(sum(n and not h for n, h in zip(named, held, strict=True))),
        "names found": _share([h for n, h in zip(named, held, strict=True) if n]),
        "figures": float(len(said)),
        "figures found nowhere": float(sum(figure not in known for figure in said)),
        "numbers found nowhere": float(sum(d and not h for d, h in zip(digits, held, strict=True))),
    }


def _marks(claim: Text, read: Sequence[Text], best: Text, near: Text) -> dict[str, float]:
    beside = best.marks | near.marks
    anywhere = {mark for piece in read for mark in piece.marks}
    denies = "not" in claim.marks or "unless" in claim.marks
    return {
        "marks": float(claim.marks.total()),
        "marks found in the nearest no more": float((claim.marks - beside).total()),
        "marks found nowhere": float(sum(n for mark, n in claim.marks.items() if mark not in anywhere)),
        "denies": float(denies),
        "denies otherwise": float(denies != ("not" in best.marks or "unless" in best.marks)),
        "other modality": float(any(m in MODALITY and m not in beside for m in claim.marks)),
        "other quantity": float(any(m in _QUANTITIES and m not in beside for m in claim.marks)),
    }


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 1.0


def _in_order(words: Sequence[str], others: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(others) + 1)
    for word in words:
        diagonal = 0
        for n, other in enumerate(others, 1):
            diagonal, row[n] = row[n], diagonal + 1 if word == other else max(row[n], row[n - 1])
    return row[-1]
