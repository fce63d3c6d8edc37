"""Every situation is read rightly or told in a sentence."""

from pathlib import Path

import pytest

from tests.strangers import cases  # noqa: F401
from tests.strangers.registry import SITUATIONS

#: Situations that nothing has been done about yet, one a line.
PENDING = Path(__file__).with_name("pending.txt")
WAITING = set(PENDING.read_text(encoding="utf-8").splitlines()) if PENDING.exists() else set()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.heavy] if one.slow else [])
        for name, one in SITUATIONS.items()
        if name not in WAITING
    ],
)
def test_a_stranger_gets_along(name, tmp_path):
    assert SITUATIONS[name].attempt(tmp_path / "shop") in ("read", "told")
