"""Why: Presidio runs the recognisers; which ones run is written out here, so that none comes in by default."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from governance.redaction.allow import Allowed
from governance.redaction.policy import Policy
from governance.redaction.presidio import (
    AnalyzerEngine,
    ContextAwareEnhancer,
    EntityRecognizer,
    NoOpNlpEngine,
    RecognizerRegistry,
    RecognizerResult,
)
from governance.redaction.rampart import Rampart
from governance.redaction.rampart_recogniser import RampartDetector
from governance.redaction.recognisers import address, birth, contact, identity, money, references, vehicle
from governance.redaction.spacy_names import SpacyNames
from governance.redaction.titled_names import TitledNames

SHAPES = (
    identity.NationalInsurance,
    identity.NationalHealth,
    identity.Passport,
    identity.DrivingLicence,
    identity.TaxReference,
    identity.SocialSecurity,
    money.SortCode,
    money.BankAccount,
    money.PaymentCard,
    money.Iban,
    contact.Postcode,
    contact.Phone,
    contact.Email,
    contact.NetworkAddress,
    vehicle.VehicleRegistration,
    birth.DateOfBirth,
    address.StreetAddress,
    address.UnitAddress,
    references.LabelledNumber,
    references.LongNumber,
)


class NoEnhancer(ContextAwareEnhancer):  # type: ignore[misc]
    """Our recognisers read context themselves, so Presidio's enhancer has nothing to add."""

    def __init__(self) -> None:
        super().__init__(0, 0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: Any,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """The results as they came."""
        return raw_results


def _engine(recognisers: Sequence[EntityRecognizer]) -> AnalyzerEngine:
    nlp = NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}])
    nlp.load()
    return AnalyzerEngine(
        registry=RecognizerRegistry(list(recognisers), supported_languages=["en"]),
        nlp_engine=nlp,
        context_aware_enhancer=NoEnhancer(),
    )


def structural_engine(policy: Policy) -> AnalyzerEngine:
    """Patterns only: no model, a few milliseconds."""
    return _engine([*(shape() for shape in SHAPES), *map(references.ConfiguredReference, policy.references)])


def name_engine(policy: Policy, *, spacy_path: Path | None, rampart_path: Path | None) -> AnalyzerEngine:
    """Names, and addresses of any form. Loads the models given."""
    recognisers: list[EntityRecognizer] = [TitledNames()]
    if spacy_path is not None:
        recognisers.append(
            SpacyNames(spacy_path, policy.names.spacy_score, corroborate=rampart_path is not None)
        )
    if rampart_path is not None:
        recognisers.append(RampartDetector(Rampart(rampart_path), policy.names, Allowed(policy.allow_list)))
    return _engine(recognisers)
