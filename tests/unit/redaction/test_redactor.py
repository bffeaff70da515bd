"""The door: tokens, offsets, what is kept, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from governance.errors import ModelCorrupt, ModelMissing, RedactionFailed
from governance.redaction import Redactor, Span, Tokens, build_redactor
from governance.redaction.shape import Shape
from governance.redaction.spans import merge


def test_same_value_same_token_whatever_its_spacing_and_case(patterns: Redactor) -> None:
    result = patterns.redact("QQ 12 34 56 C again qq123456c, then AB123456A")
    assert result.text == "<UK_NINO_1> again <UK_NINO_1>, then <UK_NINO_2>"
    assert result.types == ("UK_NINO",)


def test_spans_are_offsets_in_the_text_as_given(patterns: Redactor) -> None:
    text = "\u200bhis\u00ad nino\u00a0QQ\u200b12\u00a034 56 C."
    [span] = patterns.redact(text).spans
    assert text[span.start : span.end] == "QQ\u200b12\u00a034 56 C"


def test_what_is_not_personal_stays_to_the_letter(patterns: Redactor) -> None:
    text = "Is ½ of £412.50 – “the taper” – counted?\n\tYes."
    assert patterns.redact(text).text == text


def test_hidden_text_in_tag_characters_is_dropped(patterns: Redactor) -> None:
    smuggled = "".join(chr(0xE0000 + ord(c)) for c in "QQ123456C")
    assert patterns.redact(f"hello{smuggled}").text == "hello"


def test_redacting_twice_is_the_same_as_once(patterns: Redactor) -> None:
    once = patterns.redact("sort code 12-34-56 account 12345678, Mr Khan, LS1 4AB").text
    assert once == "sort code <UK_SORT_CODE_1> account <UK_BANK_ACCOUNT_1>, Mr <PERSON_1>, <UK_POSTCODE_1>"
    assert patterns.redact(once).text == once


def test_a_token_already_in_the_text_is_never_handed_out_again(patterns: Redactor) -> None:
    assert patterns.redact("<UK_NINO_1> and QQ123456C").text == "<UK_NINO_1> and <UK_NINO_2>"


def test_tokens_hold_for_a_conversation(patterns: Redactor) -> None:
    tokens = Tokens()
    first = patterns.redact("nino QQ123456C", tokens=tokens).text
    second = patterns.redact("AB123456A and QQ 12 34 56 C", tokens=tokens).text
    assert (first, second) == ("nino <UK_NINO_1>", "<UK_NINO_2> and <UK_NINO_1>")
    assert tokens.values == {"<UK_NINO_1>": "QQ123456C", "<UK_NINO_2>": "AB123456A"}


def test_the_record_names_the_policy(patterns: Redactor) -> None:
    result = patterns.redact("hello")
    assert (result.policy_version, result.policy_hash) == (patterns.policy.version, patterns.policy.hash)
    assert patterns.redact("").text == ""
    assert patterns.redact(" \n").text == " \n"


def test_overlaps_become_one_finding_that_covers_both() -> None:
    rank = {"UK_NINO": 0, "PERSON": 1}
    spans = [
        Span(0, 6, "PERSON", 0.9, "a"),
        Span(4, 12, "UK_NINO", 0.6, "b"),
        Span(12, 14, "PERSON", 0.9, "a"),
    ]
    assert merge(spans, rank) == [Span(0, 12, "UK_NINO", 0.6, "b"), Span(12, 14, "PERSON", 0.9, "a")]


def test_an_identifier_that_would_remain_is_refused(patterns: Redactor) -> None:
    with pytest.raises(RedactionFailed) as refused:
        patterns.replace("his nino is QQ123456C", [], Tokens())
    assert "National Insurance number" in refused.value.message
    assert "QQ123456C" not in refused.value.message


def test_a_pattern_that_runs_away_is_an_error_not_a_gap() -> None:
    class Slow(Shape):
        ENTITY = "ID_NUMBER"
        PATTERNS = (("slow", r"(?:(?:a+)+)+b", 0.9),)

    import governance.redaction.shape as shape

    before, shape.SECONDS_PER_PATTERN = shape.SECONDS_PER_PATTERN, 0.05
    try:
        with pytest.raises(RedactionFailed, match="slow"):
            Slow().analyze("a" * 5000 + "c" * 5, ["ID_NUMBER"])
    finally:
        shape.SECONDS_PER_PATTERN = before


def test_names_after_a_title_need_no_model(patterns: Redactor) -> None:
    assert (
        patterns.redact("Mr Khan and mrs o'brien-jones rang").text == "Mr <PERSON_1> and mrs <PERSON_2> rang"
    )
    assert patterns.redact("her name is Xanthe Quill, she said").text == "her name is <PERSON_1>, she said"
    assert patterns.redact("Dr appointment at 3, miss a payment, ms symptoms").spans == ()


def test_detectors_say_who_looks(patterns: Redactor, tmp_path: Path) -> None:
    assert patterns.detectors == ("patterns",)
    both = build_redactor(spacy_path=tmp_path, rampart_path=tmp_path)
    assert both.detectors == ("patterns", "spacy", "rampart")


def test_a_model_that_is_not_there_or_is_damaged(tmp_path: Path) -> None:
    for spacy_path, rampart_path in ((tmp_path, None), (None, tmp_path)):
        with pytest.raises(ModelMissing):
            build_redactor(spacy_path=spacy_path, rampart_path=rampart_path).warm()
    (tmp_path / "onnx").mkdir()
    for name in ("config.cfg", "config.json", "tokenizer.json", "onnx/model_q4.onnx"):
        (tmp_path / name).write_text("[nonsense", encoding="utf-8")
    for spacy_path, rampart_path in ((tmp_path, None), (None, tmp_path)):
        with pytest.raises(ModelCorrupt):
            build_redactor(spacy_path=spacy_path, rampart_path=rampart_path).warm()


def test_importing_costs_nothing_and_leaves_torch_alone() -> None:
    script = """
import sys
import governance.redaction as redaction
assert not {"presidio_analyzer", "spacy", "onnxruntime"} & set(sys.modules), "imported too early"
redaction.build_redactor(spacy_path=None, rampart_path=None).warm()
assert "presidio_analyzer" in sys.modules
assert "torch" not in sys.modules and "transformers" not in sys.modules, "the heavy packages came along"
import importlib.util
assert importlib.util.find_spec("torch") is not None, "torch can still be imported"
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)


# --- with both name models ----------------------------------------------------------------------------


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Claimant Siobhan O'Neill asked about PIP", "Claimant <PERSON_1> asked about PIP"),
        ("spoke to oluwaseun adeyemi about uc", "spoke to <PERSON_1> about uc"),
        ("PRIYA RAGHUNATHAN HAS NO ID", "<PERSON_1> HAS NO ID"),
        ("Is Rose Winterbottom able to claim?", "Is <PERSON_1> able to claim?"),
        ("Sarah Young's rent, and Mr Long's", "<PERSON_1>'s rent, and Mr <PERSON_2>'s"),
        ("my client Nguyen Thi Hoa lives in Leeds", "my client <PERSON_1> lives in Leeds"),
        ("4 high street, barnsley", "<ADDRESS_1>"),
        ("MARYJONES", "<PERSON_1>"),
        ("Jack London rang about his claim", "<PERSON_1> rang about his claim"),
        ("jack london rang", "<PERSON_1> rang"),
        ("Mrs London wants an MR", "Mrs <PERSON_1> wants an MR"),
        ("mrs hull rang", "mrs <PERSON_1> rang"),
        ("her name is Leeds", "her name is <PERSON_1>"),
        ("claimant York, Mary", "claimant <PERSON_1>, <PERSON_2>"),
    ],
)
def test_names_and_addresses_in_any_case(redactor: Redactor, text: str, wanted: str) -> None:
    assert redactor.redact(text).text == wanted


@pytest.mark.models
@pytest.mark.parametrize(
    "text",
    [
        "Is Managed Payment to Landlord available in Scotland?",
        "what goes in a claimant commitment",
        "Does the Restart Scheme run in Wrexham?",
        "can macmillan nurses sign an sr1",
        "will a claimant with Parkinson's get LCWRA",
        "lha rate for a 2 bedroom in glasgow, £145.50",
        "Jobcentre Plus, Turn2us and Citizens Advice",
        "benefit cap London single no kids",
        "benefit cap bristol single no kids",
        "BENEFIT CAP ABERYSTWYTH SINGLE NO KIDS",
        "benefit cap Northern Ireland single no kids",
        "Which office covers Merthyr Tydfil?",
        "HOWMUCHISPIP",
        "howmuchispip",
    ],
)
def test_guidance_words_stay(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text).text == text


@pytest.mark.models
def test_long_texts_are_read_to_the_end(redactor: Redactor) -> None:
    text = "The work allowance applies to earnings of the couple. " * 60 + "I spoke to Kwame Asante today."
    assert redactor.redact(text).text.endswith("I spoke to <PERSON_1> today.")


@pytest.mark.models
def test_many_threads_one_answer(redactor: Redactor) -> None:
    text = "Claimant Siobhan O'Neill, QQ123456C, of 12 Acacia Avenue, Leeds"
    with ThreadPoolExecutor(4) as pool:
        assert len({redactor.redact(text).text for _ in pool.map(lambda _: None, range(4))}) == 1
        assert len(set(pool.map(lambda _: redactor.redact(text).text, range(12)))) == 1
