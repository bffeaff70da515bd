"""Why: some questions must never be met with a quotation: a person at risk, a decision that only a person
may take, a claimant's own record, an attempt to steer the assistant. Which ones is policy, so it is data.

Rules rather than a model, because each must be explainable, and wrong both ways is costly: "what are the
sanctions for missing an appointment" is a question, "should I sanction him" is a decision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answers import Outcome
from governance.errors import PolicyInvalid

_PERSON = (
    r"(?:he|she|they|him|her|them|this\s+(?:claimant|customer|person|man|woman|lady|guy|client|one)"
    r"|the\s+(?:claimant|customer|man|woman|lady|client|person)|my\s+(?:claimant|customer|client)"
    r"|<PERSON_\d+>)"
)
_WHOSE = (
    r"(?:his|her|their|(?:this|the|my)\s+(?:claimant|customer|client|person|man|woman|lady)(?:'s|’s)"
    r"|(?:this|my)\s+(?:claim|award|case|appeal)|<PERSON_\d+>(?:'s|’s)?)"
)
_THIS = r"(?:he|she|him|her|(?:this|my)\s+(?:claimant|customer|person|man|woman|lady|client)|<PERSON_\d+>)"
"""What {person}, {whose} and {this} (one particular person) stand for in routes.yaml."""
_ASKING = r"(?<!when\s)(?<!how\s)(?<!why\s)(?<!where\s)(?<!what\s)(?<!who\s)(?<!which\s)(?<!if\s)\b"
"""{asking}: the verb opens the question; "how do I" and "when should" ask for the rule, not for the decision."""
_NO_CONDITION = (
    r"(?![^.?!]*\b(?:if|when|whenever|where|while|until|unless|before|after|once)\b)"
    r"(?!\s+from\s+(?:the\s+(?:date|day)|when)\b)(?!\s+(?:for|to|from|of)\s+(?:an?|any|all|every|people|claimants|customers|those|someone|anyone)\b)"
)
"""{no_condition}: nothing that follows makes a rule of it ("if a claimant…", "for people who…")."""
_DECIDING = (
    r"sanction|disallow|refuse|reject|deny|award|suspend|terminate|close|stop|end|cut|reduce|approve|grant|allow"
    r"|accept|penalise|fine|reinstate|overturn|uphold|waive|write\s+off|turn\s+down|cancel"
)
_DECIDED = (
    r"sanctioned|disallowed|refused|rejected|denied|awarded|suspended|terminated|closed|stopped|ended|cut|reduced"
    r"|approved|granted|allowed|accepted|penalised|fined|reinstated|overturned|upheld|waived|written\s+off|turned\s+down|cancelled"
)
"""{deciding} and {decided}: what only a decision maker does."""
_FOR = {
    "{person}": _PERSON, "{whose}": _WHOSE, "{this}": _THIS, "{asking}": _ASKING,
    "{no_condition}": _NO_CONDITION, "{deciding}": _DECIDING, "{decided}": _DECIDED,
}  # fmt: skip
_LEFT_OUT = re.compile(
    r"\b(?:(?P<not>ca|wo|do|does|did|is|are|was|were|has|have|had|could|would|should)nt"
    r"|(?P<is>what|where|when|who|he|she)s|(?P<are>they)re)\b",
    re.IGNORECASE,
)
"""Words of which the apostrophe is left out: "cant", "whats", "hes"."""


class Route(BaseModel):
    """One kind of question that ends before anything is searched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    outcome: Outcome
    reason: str
    text: tuple[str, ...] = ()
    """A fixed page that is shown instead of an answer, line by line."""
    as_typed: bool = False
    """Looked for in the text as it was typed too, of which nothing is kept."""
    any: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    examples: tuple[str, ...] = Field(min_length=5)
    near: tuple[str, ...] = Field(min_length=5)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    routes: tuple[Route, ...]


@dataclass(frozen=True)
class Routed:
    """The route a question takes, and the words that sent it there; none where they were noticed before redaction."""

    route: Route
    matched: str


@dataclass(frozen=True)
class Routes:
    """The routes, in order of precedence."""

    version: str
    routes: tuple[Route, ...]

    def of(self, text: str, noticed: str = "") -> Routed | None:
        """The first route that a question matches, or None: it is a guidance question.

        ``noticed`` is the id of one that was noticed in the text as it was typed.
        """
        plain = _plain(text)
        for route in self.routes:
            if (found := _matched(route, plain)) is not None:
                return Routed(route, found)
            if route.id == noticed:
                return Routed(route, "")
        return None

    def noticed(self, typed: str) -> str:
        """The id of the first route that is looked for before redaction and is found; nothing of the words."""
        plain = _plain(typed)
        among = (route for route in self.routes if route.as_typed)
        return next((route.id for route in among if _matched(route, plain) is not None), "")


def _plain(text: str) -> str:
    return _LEFT_OUT.sub(_with_apostrophe, " ".join(text.replace("’", "'").split()))


def _with_apostrophe(found: re.Match[str]) -> str:
    ending = {"not": "n't", "is": "'s", "are": "'re"}[str(found.lastgroup)]
    return f"{found[str(found.lastgroup)]}{ending}"


def _matched(route: Route, plain: str) -> str | None:
    if any(pattern.search(plain) for pattern in _compiled(route.unless)):
        return None
    found = (pattern.search(plain) for pattern in _compiled(route.any))
    return next((match[0] for match in found if match), None)


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_filled(pattern), re.IGNORECASE) for pattern in patterns)


def _filled(pattern: str) -> str:
    for name, stands_for in _FOR.items():
        pattern = pattern.replace(name, stands_for)
    return pattern


def parse_routes(text: str) -> Routes:
    """Read routes from YAML. Raises ``PolicyInvalid`` if the file breaks its schema."""
    try:
        given = _File.model_validate(yaml.safe_load(text))
        for route in given.routes:
            _compiled(route.any), _compiled(route.unless)
    except (ValidationError, yaml.YAMLError, re.error) as error:
        raise PolicyInvalid(f"routes.yaml: {error}", do="Mend the entry that is named.") from error
    return Routes(given.version, given.routes)


@cache
def routes() -> Routes:
    """The routes of this release."""
    return parse_routes(files("assistant").joinpath("routes.yaml").read_text("utf-8"))
