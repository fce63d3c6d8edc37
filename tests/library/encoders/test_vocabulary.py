"""Words that the compact encoder does not know are counted, whatever their script."""

import numpy as np
import pytest

from mamex.data.items.trainable import HARDLY
from mamex.encoders.vocabulary import unknown_share

STRANGE = ["เสื้อกันหนาว", "羊毛毛衣", "Κόκκινη κούπα", "كوب أحمر", "Красная кружка", "अलग मग"]
KNOWN = ["", "red stoneware mug", "Größe Häkeljäckchen", "café crème", "50 € – “new” ✓"]


@pytest.mark.parametrize("text", STRANGE)
def test_other_scripts_are_hardly_read(text):
    assert unknown_share([text])[0] >= HARDLY


@pytest.mark.parametrize("text", KNOWN)
def test_latin_scripts_are_read(text):
    assert unknown_share([text])[0] < HARDLY


def test_one_share_a_text_in_their_order():
    shares = unknown_share(["mug", *STRANGE, "mug \ud800"])
    assert shares.shape == (8,) and shares[0] == 0 and np.isfinite(shares).all()
