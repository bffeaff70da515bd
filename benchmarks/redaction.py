"""How well the redactor does, measured: what leaks, what is hidden needlessly, how long it takes.

Run ``python benchmarks/redaction.py`` from the checkout, with the models installed (``frontline models fetch``).
Third-party sets are read from ``../shared/data/pii`` where they are; the others are made here or lie in
``benchmarks/data/redaction``.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from governance.redaction import Redactor, build_redactor  # noqa: E402

DATA = ROOT / "benchmarks" / "data" / "redaction"
PII = ROOT.parent / "shared" / "data" / "pii"
MODELS = Path(os.environ.get("FRONTLINE_MODELS_DIR", Path.home() / ".cache" / "frontline" / "models"))

IN_POLICY = frozenset(
    [
        *(
            "PERSON",
            "STREET_ADDRESS",
            "ZIP_CODE",
            "CREDIT_CARD",
            "EMAIL_ADDRESS",
            "PHONE_NUMBER",
            "IP_ADDRESS",
        ),
        *("US_SSN", "US_DRIVER_LICENSE"),
    ]
)
"""Entity types of the third-party set that the policy covers. Outside it by decision: GPE (a place alone names
nobody and steers retrieval), ORGANIZATION, AGE, DATE_TIME, NRP, TITLE and DOMAIN_NAME."""
NOT_OURS = frozenset(["DATE_TIME", "URL"])
"""Vector types that the policy leaves alone: a date that is nobody's birthday, and a web address."""


@dataclass
class Characters:
    """Letters and digits of personal data, hidden or leaked, and of other text hidden needlessly."""

    hidden: int = 0
    leaked: int = 0
    needless: int = 0
    by_type: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    @property
    def precision(self) -> float:
        return self.hidden / max(1, self.hidden + self.needless)

    @property
    def recall(self) -> float:
        return self.hidden / max(1, self.hidden + self.leaked)

    @property
    def f2(self) -> float:
        """Recall counts four times as much as precision (van Rijsbergen, beta 2)."""
        p, r = self.precision, self.recall
        return 5 * p * r / (4 * p + r) if p + r else 0.0


@dataclass(frozen=True)
class Hits:
    """How many of a set came out right, and those that did not."""

    right: int
    total: int
    wrong: tuple[str, ...]

    @property
    def rate(self) -> float:
        return self.right / self.total


def covered(redactor: Redactor, text: str) -> set[int]:
    """Offsets that would be hidden."""
    return {i for span in redactor.find(text) for i in range(span.start, span.end)}


def characters(redactor: Redactor, path: Path, types: frozenset[str] | None) -> Characters:
    """Character-level figures on labelled sentences; ``types`` None takes every labelled type for personal data."""
    score = Characters()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text, hidden, labelled = row["text"], covered(redactor, row["text"]), set()
        for span in row["spans"]:
            places = [i for i in range(span["start"], span["end"]) if text[i].isalnum()]
            labelled.update(places)
            if types is None or span["type"] in types:
                leaked = sum(i not in hidden for i in places)
                score.hidden += len(places) - leaked
                score.leaked += leaked
                score.by_type[span["type"]][0] += len(places)
                score.by_type[span["type"]][1] += leaked
        score.needless += sum(text[i].isalnum() for i in hidden - labelled)
    return score


def vectors(redactor: Redactor, path: Path) -> Hits:
    """Short vectors: a valid one is hidden whole, an invalid one is not taken for its type."""
    wrong, total = [], 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["type"] in NOT_OURS:
            continue
        total += 1
        text, spans = row["text"], redactor.find(row["text"])
        hidden = {i for span in spans for i in range(span.start, span.end)}
        wanted = {i for s in row["spans"] for i in range(s["start"], s["end"]) if text[i].isalnum()}
        right = wanted <= hidden if row["valid"] else all(span.type != row["type"] for span in spans)
        if not right:
            wrong.append(f"{row['type']} {row['valid']}: {text}")
    return Hits(total - len(wrong), total, tuple(wrong))


def questions(redactor: Redactor) -> Hits:
    """Questions that hold no personal data and should come out as they went in."""
    asked = (DATA / "questions.txt").read_text(encoding="utf-8").splitlines()
    wrong = tuple(question for question in asked if redactor.find(question))
    return Hits(len(asked) - len(wrong), len(asked), wrong)


FRAMES = (
    "claimant {} has not attended her appointment, what do i do about sanctions",
    "Spoke to {} about the work capability assessment and she is upset.",
    "{} rang to report a change of circumstances",
    "my client {} wants to know if pip affects uc",
    "Is {} able to get New Style JSA after redundancy?",
    "the landlord of {} has asked for a managed payment",
    "Mr {} is a carer for his wife",
    "{}'s housing costs have stopped since the move to Leeds",
    "can you check if {} has been paid the carer element",
    "Met {} on 14/03/2026, fit note runs out Friday",
    "{} (partner of the claimant) has started work",
    "need to add {} to the claim as a non dependant",
    "I am seeing {} tomorrow about the restart scheme",
    "email from {} regarding childcare costs of £412.50",
    "Advised {} to ask for a mandatory reconsideration.",
    "letter for {}, appointee for her son",
    "customer says that {} moved out on 3 may",
    "has {} accepted her claimant commitment",
    "Joint claim: {} and partner, two children",
    "what can i tell {} about budgeting advances",
)
CASES = {"title": str, "lower": str.lower, "upper": str.upper}


def names() -> list[tuple[str, str]]:
    """(origin, name) pairs."""
    lines = [line for line in (DATA / "names.txt").read_text(encoding="utf-8").splitlines() if ":" in line]
    pairs = [line.split(": ", 1) for line in lines if not line.startswith("#")]
    return [(origin, name) for origin, listed in pairs for name in listed.split(", ")]


def named(redactor: Redactor, case: str) -> tuple[Hits, dict[str, float]]:
    """Whole names hidden in case-note sentences written in one letter case; overall, and by origin."""
    wrong, by_origin = [], defaultdict(list)
    for place, (origin, name) in enumerate(names()):
        before, after = FRAMES[place % len(FRAMES)].split("{}")
        change = CASES[case]
        text = change(before) + change(name) + change(after)
        start = len(change(before))
        wanted = {i for i in range(start, start + len(change(name))) if text[i].isalnum()}
        right = wanted <= covered(redactor, text)
        by_origin[origin].append(right)
        if not right:
            wrong.append(text)
    total = len(names())
    return Hits(total - len(wrong), total, tuple(wrong)), {o: sum(r) / len(r) for o, r in by_origin.items()}


GAPS = ("", " ", "-", "\u00a0", "\u200b", ".", "\u2013")


def _luhn_digit(digits: str) -> str:
    total = sum(sum(divmod(2 * int(d), 10)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def _nhs(rng: random.Random) -> str:
    while True:
        nine = f"{rng.randrange(10**9):09d}"
        check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return nine + str(check % 11)


def _iban(rng: random.Random) -> str:
    body = "NWBK" + "".join(rng.choices("0123456789", k=14))
    number = int("".join(str(int(c, 36)) for c in body + "GB00"))
    return f"GB{98 - number % 97:02d}{body}"


def _cut(text: str, sizes: tuple[int, ...], gap: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return gap.join(part for part in [*parts, text[at:]] if part)


def identifiers(count: int = 1000, seed: int = 7) -> list[tuple[str, str, str]]:
    """Made-up structural identifiers: (kind, text, the identifier in it), all spacings, any letter case."""
    rng = random.Random(seed)
    digits = lambda k: "".join(rng.choices("0123456789", k=k))  # noqa: E731
    letters = lambda pool, k: "".join(rng.choices(pool, k=k))  # noqa: E731
    plain = "ABCDEFGHJKLMNPRSTUVWXY"
    gap = lambda: rng.choice(GAPS)  # noqa: E731

    def nino() -> tuple[str, str]:
        prefix = rng.choice(["QQ", "AB", "CE", "JR", "NX", "PW", "SK", "TZ", "YS", "HB", "WM", "LA"])
        value = prefix + digits(6) + rng.choice(["A", "B", "C", "D", ""])
        return rng.choice(["nino {}", "{} is the ni number", "claimant {} asked about pip", "{}"]), _cut(
            value, rng.choice([(2, 2, 2, 2), (2, 6), (2, 3, 3), ()]), gap()
        )

    def sort_code() -> tuple[str, str]:
        return rng.choice(["sort code {} for the rent", "his sort-code is {}"]), _cut(
            digits(6), (2, 2), rng.choice(["", " ", "-", "\u2011"])
        )

    makers = {
        "nino": nino,
        "nhs": lambda: (rng.choice(["nhs number {}", "NHS no: {}"]), _cut(_nhs(rng), (3, 3), gap())),
        "postcode": lambda: (
            rng.choice(["lives in {} now", "postcode {}", "moved to {}"]),
            rng.choice(["LS", "M", "SW", "B", "CF", "BT", "EH", "NE", "G", "SA"])
            + rng.choice("123456789")
            + rng.choice(["", rng.choice("0123456789")])
            + rng.choice(["", " ", "\u00a0"])
            + rng.choice("123456789")
            + letters("ABDEFGHJLNPQRSTUWXYZ", 2),
        ),
        "phone": lambda: (
            rng.choice(["ring on {}", "{} is her mobile", "phone: {}"]),
            rng.choice(
                [
                    "07" + digits(3) + gap() + digits(6),
                    "+44 7" + digits(3) + " " + digits(6),
                    "01" + digits(3) + " " + digits(6),
                    "020 7" + digits(3) + " " + digits(4),
                    "0044 7" + digits(9),
                ]
            ),
        ),
        "sort": sort_code,
        "account": lambda: (
            rng.choice(["account number {}", "bank account {}", "acc no {}"]),
            _cut(digits(8), rng.choice([(), (4,)]), " "),
        ),
        "utr": lambda: (
            rng.choice(["utr {}", "UTR: {}", "self assessment reference {}"]),
            _cut(digits(10), rng.choice([(), (5,)]), " "),
        ),
        "licence": lambda: (
            rng.choice(["driving licence {}", "{} on the licence", "{}"]),
            letters(plain, 5)
            + digits(1)
            + rng.choice(["01", "11", "52", "62", "08"])
            + f"{rng.randint(1, 28):02d}"
            + digits(1)
            + letters(plain, 1)
            + rng.choice(plain + "9")
            + digits(1)
            + letters(plain, 2),
        ),
        "passport": lambda: (
            rng.choice(["passport {}", "passport number is {}"]),
            rng.choice([digits(9), letters(plain, 2) + digits(7)]),
        ),
        "vehicle": lambda: (
            rng.choice(["car reg {}", "motability car, {}", "{}"]),
            letters(plain, 2)
            + rng.choice(["51", "12", "70", "24"])
            + rng.choice(["", " ", "-"])
            + letters("BCDFGHJKLMNPRSTVWXZ", 3),
        ),
        "birth": lambda: (
            rng.choice(["dob {}", "date of birth: {}", "she was born on {}", "d.o.b. {}"]),
            rng.choice(
                [
                    f"{rng.randint(1, 28)}/{rng.randint(1, 12)}/{rng.randint(1940, 2008)}",
                    f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.{rng.randint(40, 99)}",
                    f"{rng.randint(1, 28)} {rng.choice(['march', 'June', 'sept', 'October'])} {rng.randint(1940, 2008)}",
                    f"{rng.randint(1940, 2008)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
                ]
            ),
        ),
        "email": lambda: (
            "email {}",
            letters("abcdefghij", 6)
            + rng.choice([".", "_", "", "+"])
            + letters("klmnop", 4)
            + rng.choice(["@gmail.com", "@yahoo.co.uk", "@btinternet.com", "@nhs.net"]),
        ),
        "card": lambda: (
            rng.choice(["card {}", "{}"]),
            _cut(
                (n := "4" + digits(14)) + _luhn_digit(n), rng.choice([(), (4, 4, 4)]), rng.choice([" ", "-"])
            ),
        ),
        "iban": lambda: (
            rng.choice(["iban {}", "{}"]),
            _cut(_iban(rng), rng.choice([(), (4, 4, 4, 4, 4)]), " "),
        ),
        "journal": lambda: (
            rng.choice(["uc claim {}", "journal reference {}"]),
            "UC"
            + rng.choice(["-", " ", ""])
            + _cut(digits(12), rng.choice([(), (4, 4)]), rng.choice(["-", " "])),
        ),
    }
    rows = []
    for place in range(count):
        kind = list(makers)[place % len(makers)]
        frame, value = makers[kind]()
        change = rng.choice([str, str.lower, str.upper])
        rows.append((kind, change(frame.replace("{}", "\x00")).replace("\x00", change(value)), change(value)))
    return rows


def identified(redactor: Redactor) -> tuple[Hits, dict[str, float]]:
    """Whole structural identifiers hidden; overall, and by kind."""
    wrong, by_kind = [], defaultdict(list)
    rows = identifiers()
    for kind, text, value in rows:
        start = text.index(value)
        wanted = {i for i in range(start, start + len(value)) if text[i].isalnum()}
        right = wanted <= covered(redactor, text)
        by_kind[kind].append(right)
        if not right:
            wrong.append(f"{kind}: {text}")
    return Hits(len(rows) - len(wrong), len(rows), tuple(wrong)), {
        k: sum(r) / len(r) for k, r in by_kind.items()
    }


LONG = (
    "Claimant Siobhan O'Neill, NINO QQ 12 34 56 C, of 12 Acacia Avenue, Leeds LS1 4AB, rang about her Carer's Allowance. "
    "Her partner earns £1,240.50 a month and they have £9,430 in savings. She asked whether the work allowance applies "
    "from 6 April 2026 and whether her housing element will be paid to the landlord."
)


def seconds(redactor: Redactor, runs: int = 100) -> list[float]:
    """Time to redact a question of 300 characters, warm."""
    redactor.warm()
    text, taken = LONG[:300], []
    for _ in range(runs):
        begin = time.perf_counter()
        redactor.redact(text)
        taken.append(time.perf_counter() - begin)
    return sorted(taken)


def main() -> None:
    redactor = build_redactor(spacy_path=MODELS / "spacy-sm", rampart_path=MODELS / "rampart")
    print(
        f"detectors {', '.join(redactor.detectors)}; policy {redactor.policy.version} {redactor.policy.hash[:12]}"
    )
    begin = time.perf_counter()
    redactor.warm()
    print(f"warm: {time.perf_counter() - begin:.1f} s")
    if PII.is_dir():
        for label, types in (("in policy", IN_POLICY), ("every type", None)):
            score = characters(redactor, PII / "presidio.jsonl", types)
            print(
                f"presidio.jsonl, {label}: P {score.precision:.3f} R {score.recall:.3f} F2 {score.f2:.3f} "
                f"leak {1 - score.recall:.2%}"
            )
            for name, (total, leaked) in sorted(score.by_type.items()):
                print(f"    {name}: {leaked} of {total} characters leak ({leaked / total:.1%})")
        _print("uk_vectors.jsonl", vectors(redactor, PII / "uk_vectors.jsonl"))
    hits, by_kind = identified(redactor)
    _print("structural identifiers", hits)
    print("    " + ", ".join(f"{kind} {rate:.3f}" for kind, rate in by_kind.items()))
    for case in CASES:
        hits, by_origin = named(redactor, case)
        _print(f"names, {case} case", hits)
        print("    below 1: " + ", ".join(f"{o} {rate:.2f}" for o, rate in by_origin.items() if rate < 1))
    _print("questions left as they were", questions(redactor))
    taken = seconds(redactor)
    print(f"300 characters: p50 {statistics.median(taken) * 1000:.1f} ms, p95 {taken[94] * 1000:.1f} ms")


def _print(what: str, hits: Hits) -> None:
    print(f"{what}: {hits.right} of {hits.total} ({hits.rate:.3%})")
    for text in hits.wrong[:12]:
        print(f"    not: {text!r}")


if __name__ == "__main__":
    main()
