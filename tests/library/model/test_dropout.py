"""Dropout on features against what dropout is: a share is zero, the mean stays, no pattern, repeatable."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mamex.model.dropout import drop_features


@pytest.mark.parametrize("share", [0.2, 0.4, 0.9])
def test_the_share_is_dropped_in_every_column_and_the_mean_stays(share):
    torch.manual_seed(0)
    dropped = drop_features(torch.ones(20_000, 16), share)  # 16 columns: each of the eight bytes of a draw, twice
    torch.testing.assert_close((dropped == 0).float().mean(dim=0), torch.full((16,), share), atol=0.02, rtol=0)
    torch.testing.assert_close(dropped.mean(dim=0), torch.ones(16), atol=0.15, rtol=0)
    assert len(dropped.unique()) == 2


def test_neighbours_are_dropped_independently():
    torch.manual_seed(0)
    zero = (drop_features(torch.ones(40_000, 8), 0.5) == 0).float()
    torch.testing.assert_close(torch.corrcoef(zero.T), torch.eye(8), atol=0.03, rtol=0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 7), st.integers(0, 9), st.floats(0, 0.999), st.integers(0, 2**31))
def test_what_is_kept_is_scaled_alike_and_the_input_is_left_alone(rows, columns, share, seed):
    torch.manual_seed(seed)
    values = torch.randn(rows, columns)
    before = values.clone()
    dropped = drop_features(values, share)
    assert torch.equal(values, before)
    assert dropped.shape == values.shape
    kept = dropped != 0
    scale = 256 / (256 - min(round(share * 256), 255))
    torch.testing.assert_close(dropped[kept], values[kept] * scale)


def test_nothing_is_dropped_for_a_share_of_zero_and_a_seed_repeats():
    values = torch.randn(5, 3)
    assert drop_features(values, 0.0) is values
    found = []
    for _ in range(2):
        torch.manual_seed(4)
        found.append(drop_features(torch.ones(50, 3), 0.3))
    assert torch.equal(*found)
