"""Recall and NDCG by hand and against a twin of plain loops."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mamex.evaluation import ranking_metrics


def test_two_users_by_hand():
    scores = torch.tensor([[0.9, 0.8, 0.7, 0.6, 0.5], [0.1, 0.2, 0.3, 0.4, 0.5]])
    relevant = torch.tensor([[True, False, True, False, True], [True, False, False, False, False]])
    metrics = ranking_metrics(scores, relevant, (1, 3, 5))
    # The first user's positives lie at ranks 1, 3 and 5; the second user's only one at rank 5.
    assert metrics["recall@1"].tolist() == pytest.approx([1 / 3, 0])
    assert metrics["recall@3"].tolist() == pytest.approx([2 / 3, 0])
    assert metrics["recall@5"].tolist() == pytest.approx([1, 1])
    assert metrics["ndcg@1"].tolist() == pytest.approx([1, 0])
    ideal_of_three = 1 + 1 / math.log2(3) + 1 / 2
    assert metrics["ndcg@3"].tolist() == pytest.approx([1.5 / ideal_of_three, 0])
    assert metrics["ndcg@5"].tolist() == pytest.approx([(1.5 + 1 / math.log2(6)) / ideal_of_three, 1 / math.log2(6)])


def test_recall_divides_by_all_positives_and_not_by_k():
    metrics = ranking_metrics(torch.tensor([[4.0, 3, 2, 1]]), torch.ones(1, 4, dtype=torch.bool), (2,))
    assert metrics["recall@2"].item() == pytest.approx(2 / 4)
    assert metrics["ndcg@2"].item() == pytest.approx(1)  # whereas the ideal ranking is as long as the list


def test_a_user_without_positives_is_refused():
    with pytest.raises(ValueError, match="at least one relevant"):
        ranking_metrics(torch.rand(2, 3), torch.tensor([[True, False, False], [False, False, False]]))


def slow_metrics(scores: list[float], relevant: list[bool], cutoff: int) -> tuple[float, float]:
    """Recall and NDCG of one user; what scores minus infinity is not recommended."""
    listed = [i for i in sorted(range(len(scores)), key=lambda i: -scores[i]) if scores[i] > -math.inf][:cutoff]
    gains = [1 / math.log2(rank + 1) for rank, i in enumerate(listed, start=1) if relevant[i]]
    ideal = [1 / math.log2(rank + 1) for rank in range(1, min(cutoff, sum(relevant)) + 1)]
    return len(gains) / sum(relevant), sum(gains) / sum(ideal)


@st.composite
def rankings(draw):
    """Scores without ties (their order would be anybody's guess), some of them minus infinity."""
    n_users, n_items = draw(st.integers(1, 5)), draw(st.integers(1, 12))
    scores, relevant = [], []
    for _ in range(n_users):
        row = [float(value) for value in draw(st.permutations(range(n_items)))]
        barred = draw(st.sets(st.integers(0, n_items - 1)))
        scores.append([-math.inf if i in barred else value for i, value in enumerate(row)])
        positives = draw(st.sets(st.integers(0, n_items - 1), min_size=1))
        relevant.append([i in positives for i in range(n_items)])
    # Cutoffs in any order, some above the number of candidates.
    cutoffs = draw(st.lists(st.integers(1, 20), min_size=1, max_size=3, unique=True))
    return scores, relevant, cutoffs


@given(rankings())
def test_metrics_agree_with_their_slow_twin(case):
    scores, relevant, cutoffs = case
    metrics = ranking_metrics(torch.tensor(scores), torch.tensor(relevant), cutoffs)
    assert set(metrics) == {f"{name}@{cutoff}" for name in ("recall", "ndcg") for cutoff in cutoffs}
    for user in range(len(scores)):
        for cutoff in cutoffs:
            recall, ndcg = slow_metrics(scores[user], relevant[user], cutoff)
            assert metrics[f"recall@{cutoff}"][user].item() == pytest.approx(recall)
            assert metrics[f"ndcg@{cutoff}"][user].item() == pytest.approx(ndcg)
