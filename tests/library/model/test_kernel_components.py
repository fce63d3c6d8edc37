"""Kernel components: beside the kernel itself and scikit-learn's own transform, and where there is little to learn."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import KernelPCA

from mamex.config import ModelConfig
from mamex.model import kernel_components
from mamex.model.kernel_components import KernelComponents, rbf
from mamex.model.paper import ModalityFeatures


def random_rows(n: int, width: int, seed: int) -> torch.Tensor:
    return torch.randn(n, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def fitted(h: torch.Tensor, components: int, gamma: float = 0.7) -> KernelComponents:
    kernel = KernelComponents(h.shape[1], components, gamma).double()
    kernel.fit(h, seed=0)
    return kernel


def test_the_kernel_by_hand():
    likeness = rbf(torch.tensor([[0.0, 0], [3, 4]]), torch.tensor([[0.0, 0], [0, 1]]), gamma=0.1)
    expected = [[1, math.exp(-0.1)], [math.exp(-2.5), math.exp(-0.1 * (9 + 9))]]
    torch.testing.assert_close(likeness, torch.tensor(expected))


@given(st.integers(2, 12), st.integers(1, 4), st.floats(0.1, 3), st.integers(0, 10_000))
def test_products_of_all_components_are_the_centred_kernel(n, width, gamma, seed):
    h = random_rows(n, width, seed)
    phi = fitted(h, components=n + 3, gamma=gamma)(h)
    kernel = rbf(h, h, gamma)
    centring = torch.eye(n, dtype=torch.float64) - 1 / n
    torch.testing.assert_close(phi @ phi.T, centring @ kernel @ centring, atol=1e-5, rtol=0)
    assert not bool(phi[:, n - 1 :].any())  # n items span at most n - 1 dimensions around their mean


def test_new_items_are_projected_as_scikit_learn_does():
    h, new = random_rows(30, 4, seed=1), random_rows(7, 4, seed=2)
    ours = fitted(h, components=5)(new).numpy()
    theirs = KernelPCA(5, kernel="rbf", gamma=0.7).fit(h.numpy()).transform(new.numpy())
    # The sign of a component means nothing; the randomised solver finds the last ones to about one per cent.
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=5e-3)


def test_an_item_is_the_same_alone_and_among_others():
    h = random_rows(20, 3, seed=3)
    kernel = fitted(h, components=8)
    torch.testing.assert_close(torch.cat([kernel(row[None]) for row in h]), kernel(h))


def test_very_many_items_are_compared_with_some_of_them(monkeypatch):
    monkeypatch.setattr(kernel_components, "MOST_LANDMARKS", 6)
    h = random_rows(40, 3, seed=4)
    kernel = fitted(h, components=5)
    assert kernel.landmarks.shape == (6, 3)
    assert all(bool((row == h).all(dim=1).any()) for row in kernel.landmarks)
    assert bool(kernel(h).isfinite().all())


@pytest.mark.parametrize("n", [0, 1, 5])
def test_where_all_items_are_alike_there_is_nothing_to_tell(n):
    h = torch.ones(n, 3)
    kernel = KernelComponents(3, 4, 1.0)
    kernel.fit(h, seed=0)
    assert kernel(torch.randn(2, 3)).tolist() == torch.zeros(2, 4).tolist()


def test_weights_of_a_model_with_more_landmarks_can_be_loaded():
    trained = fitted(random_rows(20, 3, seed=5), components=4)
    loaded = KernelComponents(3, 4, 0.7).double()
    loaded.load_state_dict(trained.state_dict())
    new = random_rows(3, 3, seed=6)
    assert bool((loaded(new) == trained(new)).all())


def test_a_modality_learns_its_centre_first_and_then_its_components():
    modality = ModalityFeatures(3, ModelConfig(kernel_components=4, kernel_gamma=2.0)).double()
    raw = random_rows(15, 3, seed=7) + 5
    modality.fit(raw, seed=0)
    scaled = torch.nn.functional.normalize(raw - raw.mean(dim=0), dim=1)
    torch.testing.assert_close(modality.scale(raw), scaled)
    torch.testing.assert_close(modality.prepare(raw), fitted(scaled, components=4, gamma=2.0)(scaled))
