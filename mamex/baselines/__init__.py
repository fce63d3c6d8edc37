"""The methods that MAMEX is compared with."""

from mamex.baselines.base import Recommender
from mamex.baselines.content_knn import ContentKNN
from mamex.baselines.random_order import RandomOrder
from mamex.baselines.ridge import Ridge, WeightedRidge

__all__ = ["ContentKNN", "RandomOrder", "Recommender", "Ridge", "WeightedRidge"]
