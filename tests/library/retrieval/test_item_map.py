"""The map: neighbours stay neighbours, new products lie where a hand would put them, and large shops stay cheap."""

import numpy as np
import pytest
import torch

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.retrieval.catalogue import Neighbours
from mamex.retrieval.item_map import ANCHORS, item_map, place


def three_clusters(each: int = 12, width: int = 6) -> torch.Tensor:
    """Items around three axes; those of one axis are far more alike than those of two."""
    random = np.random.default_rng(0)
    centres = np.repeat(np.eye(width)[:3], each, axis=0)
    return torch.from_numpy((centres + random.normal(0, 0.05, centres.shape)).astype(np.float32))


def own_cluster_share(coordinates: torch.Tensor, each: int = 12) -> float:
    """How often an item's nearest on the map is of its own cluster."""
    distances = torch.cdist(coordinates, coordinates).fill_diagonal_(float("inf"))
    cluster = torch.arange(len(coordinates)) // each
    return float((cluster[distances.argmin(dim=1)] == cluster).float().mean())


def test_alike_items_lie_close_together():
    coordinates = item_map(three_clusters())
    assert coordinates.shape == (36, 2)
    assert coordinates.dtype == torch.float32
    assert own_cluster_share(coordinates) == 1
    torch.testing.assert_close(coordinates.mean(dim=0), torch.zeros(2), atol=1e-4, rtol=0)


def test_the_same_items_give_the_same_map():
    assert torch.equal(item_map(three_clusters()), item_map(three_clusters()))


def test_only_the_direction_of_an_embedding_counts():
    # Powers of two, so that normalising gives the very same numbers.
    longer = three_clusters() * torch.tensor([1.0, 4.0, 16.0]).repeat(12).unsqueeze(1)
    torch.testing.assert_close(item_map(longer), item_map(three_clusters()), atol=1e-3, rtol=1e-3)


def test_of_a_large_shop_the_rest_is_placed_among_landmarks():
    coordinates = item_map(three_clusters(), most_landmarks=24)
    assert torch.isfinite(coordinates).all()
    assert own_cluster_share(coordinates) >= 0.9


def test_a_product_lies_at_the_weighted_mean_of_its_nearest():
    # The cosines to the query (1, 0) are 1, 0.6 and 0: (1 * (0, 0) + 0.6 * (16, 8) + 0 * (99, 99)) / 1.6 = (6, 3).
    vectors = torch.tensor([[2.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
    coordinates = torch.tensor([[0.0, 0.0], [16.0, 8.0], [99.0, 99.0]])
    placed = place(torch.tensor([[5.0, 0.0]]), Neighbours(vectors, np.arange(3)), coordinates)
    torch.testing.assert_close(placed, torch.tensor([[6.0, 3.0]]))


def test_far_items_have_no_say():
    vectors = torch.eye(8)
    coordinates = torch.arange(16, dtype=torch.float32).reshape(8, 2)
    query = torch.zeros(1, 8)
    query[0, :6] = torch.tensor([6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    placed = place(query, Neighbours(vectors, np.arange(8)), coordinates)
    weights = torch.tensor([6.0, 5.0, 4.0, 3.0, 2.0])  # the cosines' proportions
    assert len(weights) == ANCHORS
    by_hand = (coordinates[:5] * weights.unsqueeze(1)).sum(dim=0) / weights.sum()
    torch.testing.assert_close(placed[0], by_hand)


def test_a_product_unlike_everything_lies_at_the_plain_mean():
    vectors, coordinates = torch.tensor([[1.0, 0.0], [1.0, 0.0]]), torch.tensor([[0.0, 0.0], [2.0, 4.0]])
    placed = place(torch.tensor([[-1.0, 0.0]]), Neighbours(vectors, np.arange(2)), coordinates)
    torch.testing.assert_close(placed, torch.tensor([[1.0, 2.0]]))


@pytest.mark.parametrize("shape", [(0, 4), (1, 4), (2, 4), (4, 3), (6, 1)])
def test_tiny_shops_have_a_map_too(shape):
    coordinates = item_map(torch.from_numpy(np.random.default_rng(1).normal(size=shape).astype(np.float32)))
    assert coordinates.shape == (shape[0], 2)
    assert torch.isfinite(coordinates).all()


def test_twins_lie_on_one_point():
    torch.testing.assert_close(item_map(torch.ones(9, 3)), torch.zeros(9, 2))


def test_a_checkpoint_holds_the_map_of_its_own_items(tiny_checkpoint):
    checkpoint = load_checkpoint(tiny_checkpoint)
    warm = torch.from_numpy(checkpoint.data.warm_items)
    embeddings = checkpoint.tower(checkpoint.data.features, checkpoint.data.present).embeddings[warm]
    assert checkpoint.coordinates.shape == (len(warm), 2)
    torch.testing.assert_close(checkpoint.coordinates, item_map(embeddings), atol=1e-2, rtol=1e-2)
