"""Content mappers, DropoutNet, MetaEmbed and CLCRec, and the collaborative embeddings that some of them start from."""

from mamex.baselines.clcrec import CLCRec, CLCRecSettings
from mamex.baselines.content_mapper import BPRMapper, LightGCNMapper, MapperSettings
from mamex.baselines.dropoutnet import DropoutNet, DropoutNetSettings
from mamex.baselines.metaembed import MetaEmbed, MetaEmbedSettings
from tests.support.recommender_checks import LearnedChecks


class TestLightGCNMapper(LearnedChecks):
    def make(self) -> LightGCNMapper:
        return LightGCNMapper(MapperSettings(dimension=16))


class TestBPRMapper(LearnedChecks):
    def make(self) -> BPRMapper:
        return BPRMapper(MapperSettings(dimension=16))


class TestDropoutNet(LearnedChecks):
    def make(self) -> DropoutNet:
        return DropoutNet(DropoutNetSettings(dimension=16, epochs=40))


class TestMetaEmbed(LearnedChecks):
    def make(self) -> MetaEmbed:
        return MetaEmbed(MetaEmbedSettings(dimension=16, epochs=40))


class TestCLCRec(LearnedChecks):
    def make(self) -> CLCRec:
        return CLCRec(CLCRecSettings(dimension=16, epochs=40))
