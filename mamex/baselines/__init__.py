"""The methods that MAMEX is compared with, simple ones first."""

from collections.abc import Mapping

from mamex.baselines.alignrec import AlignRec
from mamex.baselines.base import Recommender, SelfTuned
from mamex.baselines.clcrec import CLCRec
from mamex.baselines.content_knn import ContentKNN
from mamex.baselines.content_mapper import BPRMapper, LightGCNMapper
from mamex.baselines.dropoutnet import DropoutNet
from mamex.baselines.gar import Gar
from mamex.baselines.kernel_ridge import KernelRidge
from mamex.baselines.learned import LearnedRecommender
from mamex.baselines.metaembed import MetaEmbed
from mamex.baselines.milk import Milk
from mamex.baselines.mtpr import Mtpr, MtprWithoutId
from mamex.baselines.random_order import RandomOrder
from mamex.baselines.ridge import Ridge, WeightedRidge

_SIMPLE: tuple[type[Recommender], ...] = (RandomOrder, ContentKNN, Ridge, WeightedRidge, KernelRidge)
_LEARNED: tuple[type[LearnedRecommender], ...] = (
    BPRMapper,
    LightGCNMapper,
    DropoutNet,
    MetaEmbed,
    CLCRec,
    Mtpr,
    MtprWithoutId,
    Gar,
    AlignRec,
    Milk,
)

#: Every method by its name, in the order of the tables.
BASELINES: Mapping[str, type[Recommender]] = {method.name: method for method in (*_SIMPLE, *_LEARNED)}

__all__ = [
    "BASELINES",
    "AlignRec",
    "BPRMapper",
    "CLCRec",
    "ContentKNN",
    "DropoutNet",
    "Gar",
    "KernelRidge",
    "LearnedRecommender",
    "LightGCNMapper",
    "MetaEmbed",
    "Milk",
    "Mtpr",
    "MtprWithoutId",
    "RandomOrder",
    "Recommender",
    "Ridge",
    "SelfTuned",
    "WeightedRidge",
]
