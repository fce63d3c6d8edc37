"""Every situation is read rightly or told in a sentence."""

import pytest

from tests.strangers import cases  # noqa: F401
from tests.strangers.registry import SITUATIONS


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.heavy] if one.slow else []) for name, one in SITUATIONS.items()],
)
def test_a_stranger_gets_along(name, tmp_path):
    assert SITUATIONS[name].attempt(tmp_path / "shop") in ("read", "told")
