"""What was fitted is read whole, or not at all."""

from __future__ import annotations

import pytest

from assistant.abstain import Calibration
from assistant.fitted import fitted
from assistant.supports import Weights, weights
from governance.errors import PolicyInvalid


def test_a_file_of_the_release_has_its_shape_or_is_named() -> None:
    assert fitted("support.json", Weights) == weights()
    with pytest.raises(PolicyInvalid, match=r"assistant/support\.json"):
        fitted("support.json", Calibration)
    with pytest.raises(PolicyInvalid, match=r"assistant/risks\.yaml"):
        fitted("risks.yaml", Weights)
