"""Each recogniser, as a table of real strings: what it hides, and what it must leave alone."""

from __future__ import annotations

import pytest

from governance.redaction import Redactor

HIDDEN = [
    # National Insurance number
    ("QQ123456C", "UK_NINO", "QQ123456C"),
    ("her nino is qq 12 34 56 c", "UK_NINO", "qq 12 34 56 c"),
    ("AB-12-34-56-A", "UK_NINO", "AB-12-34-56-A"),
    ("AB\u00a012\u00a034\u00a056\u00a0A on file", "UK_NINO", "AB\u00a012\u00a034\u00a056\u00a0A"),
    ("nino AB123456, no suffix", "UK_NINO", "AB123456"),
    ("AB\u200b12\u200b3456A", "UK_NINO", "AB\u200b12\u200b3456A"),
    (
        "\uff21\uff22\uff11\uff12\uff13\uff14\uff15\uff16\uff21",
        "UK_NINO",
        "\uff21\uff22\uff11\uff12\uff13\uff14\uff15\uff16\uff21",
    ),
    ("national insurance number FQ 12 34 56 A mistyped", "UK_NINO", "FQ 12 34 56 A"),
    # NHS number
    ("943 476 5919", "UK_NHS", "943 476 5919"),
    ("nhs no 9434765919", "UK_NHS", "9434765919"),
    ("NHS number 943 476 5910 has a wrong check digit", "UK_NHS", "943 476 5910"),
    # passport
    ("AB1234567", "UK_PASSPORT", "AB1234567"),
    ("passport number 123456789", "UK_PASSPORT", "123456789"),
    # driving licence
    ("MORGA657054SM9IJ", "UK_DRIVING_LICENCE", "MORGA657054SM9IJ"),
    ("driving licence morga 657054 sm9ij", "UK_DRIVING_LICENCE", "morga 657054 sm9ij"),
    # tax
    ("UTR 12345 67890", "UK_UTR", "12345 67890"),
    # bank
    ("sort code 12-34-56", "UK_SORT_CODE", "12-34-56"),
    ("sort code 123456", "UK_SORT_CODE", "123456"),
    ("40-47-84 70872490", "UK_SORT_CODE", "40-47-84"),
    ("account number 12345678", "UK_BANK_ACCOUNT", "12345678"),
    ("4111 1111 1111 1111", "CREDIT_CARD", "4111 1111 1111 1111"),
    ("GB29 NWBK 6016 1331 9268 19", "IBAN_CODE", "GB29 NWBK 6016 1331 9268 19"),
    ("pay it to DE89370400440532013000", "IBAN_CODE", "DE89370400440532013000"),
    # contact
    ("lives at LS1 4AB", "UK_POSTCODE", "LS1 4AB"),
    ("moved to sw1a1aa last week", "UK_POSTCODE", "sw1a1aa"),
    ("07700 900123", "PHONE_NUMBER", "07700 900123"),
    ("ring +44 (0)20 7946 0018 please", "PHONE_NUMBER", "+44 (0)20 7946 0018"),
    ("jo.bloggs+uc@example.co.uk", "EMAIL_ADDRESS", "jo.bloggs+uc@example.co.uk"),
    ("from 192.168.10.4 today", "IP_ADDRESS", "192.168.10.4"),
    ("2001:db8::8a2e:370:7334", "IP_ADDRESS", "2001:db8::8a2e:370:7334"),
    # vehicle
    ("motability car AB51 ABC", "UK_VEHICLE_REGISTRATION", "AB51 ABC"),
    ("reg plate ab51abc", "UK_VEHICLE_REGISTRATION", "ab51abc"),
    # birth
    ("dob 3/4/85", "DATE_OF_BIRTH", "3/4/85"),
    ("D.O.B: 12th March 1985", "DATE_OF_BIRTH", "12th March 1985"),
    ("she was born on 1 may 1990", "DATE_OF_BIRTH", "1 may 1990"),
    ("14/02/1971 (dob)", "DATE_OF_BIRTH", "14/02/1971"),
    # address
    ("12 Acacia Avenue, Leeds", "ADDRESS", "12 Acacia Avenue, Leeds"),
    ("flat 3, 22 station road", "ADDRESS", "flat 3, 22 station road"),
    # references
    ("UC-1234-5678-9012", "BENEFIT_REFERENCE", "UC-1234-5678-9012"),
    ("appeal SC242/22/01234", "BENEFIT_REFERENCE", "SC242/22/01234"),
    ("Home Office reference A1234567", "BENEFIT_REFERENCE", "A1234567"),
    # fail closed: nobody's shape, and introduced as somebody's number
    ("customer number 7741-22", "ID_NUMBER", "7741-22"),
    ("my credit card number is 4012-8888-8888-1882", "ID_NUMBER", "4012-8888-8888-1882"),
    ("998877665544", "ID_NUMBER", "998877665544"),
    ("social security 832-13-6314", "ID_NUMBER", "832-13-6314"),
]


@pytest.mark.parametrize(("text", "kind", "value"), HIDDEN)
def test_hides(patterns: Redactor, text: str, kind: str, value: str) -> None:
    found = [(span.type, text[span.start : span.end]) for span in patterns.find(text)]
    assert (kind, value) in found


LEFT_ALONE = [
    "what is the pip rate for someone on uc",
    "is £412.50 a week over the threshold",
    "2500000 pounds of compensation",
    "reg 110 1987 and the 2023 2024 rates",
    "the 2019-20 and 2025/26 rates",
    "regulation 8(1) of the Universal Credit Regulations 2013, SI 2013/376",
    "from 6 April 2026 to 5 April 2027",
    "children born before 6 April 2017",
    "a child born on or after 6 April 2017",
    "is someone born on 6 March 1961 of pension age",
    "UC50 for the assessment, ESA50 and PIP2",
    "the e1 2nd page",
    "call 0800 328 5644 or 0345 608 8545",
    "on 12 34 56 people",
    "AB49 ABC and IB51 ABC",
    "192.168.1.256 and version 1.2.3",
    "36168002586008.50 is no card",
    "2 people on the street and 3 weeks in one place",
    "£1,000,000,000 was spent",
    "1000000000 rows",
    "tax code 1257L",
    "[2024] UKUT 123 (AAC) and CUC/1234/2021",
    "www.gov.uk/universal-credit",
    "12:34:56",
    "what happens in Leeds, Glasgow and Cardiff",
    "Managed Payment to Landlord and the Claimant Commitment",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_leaves_alone(patterns: Redactor, text: str) -> None:
    assert [(span.type, text[span.start : span.end]) for span in patterns.find(text)] == []


def test_a_finding_explains_itself(patterns: Redactor) -> None:
    [span] = patterns.find("his sort code: 12-34-56")
    assert span.recogniser == "SortCode"
    assert "words nearby" in span.explanation
    assert span.score == 0.9


def test_explanations_never_hold_the_value(patterns: Redactor) -> None:
    for text, _, value in HIDDEN:
        assert all(value not in span.explanation for span in patterns.find(text))
