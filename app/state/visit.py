"""What one visitor has done since they opened the page; it lives in the memory of the server, for that visitor only."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.state.own_shop import OwnShop
from app.state.shop import Shop
from app.state.training_job import TrainingJob
from mamex.encoders.memory import FeatureMemory
from mamex.launch.change import Change
from mamex.launch.result import LaunchResult


@dataclass(frozen=True)
class Form:
    """What a visitor filled in about a planned product.

    Attributes:
        picture: path of the uploaded file, None if there is none; the file is deleted within an hour.
        title, description: as typed.
        list_length: K of the audience.
    """

    picture: str | None = None
    title: str = ""
    description: str = ""
    list_length: int = 20


@dataclass(frozen=True)
class Launched:
    """One launch: what was asked of which shop, and the answer."""

    shop: Shop
    form: Form
    result: LaunchResult

    @property
    def name(self) -> str:
        """What to call the product."""
        return " ".join(self.form.title.split()) or "the new one"


@dataclass(frozen=True)
class Version(Launched):
    """A launch with a change that a form can't say.

    Attributes:
        change: what was done.
        chosen: whether the visitor pinned it, so that their next launch doesn't take its place.
    """

    change: Change = field(default_factory=Change)
    chosen: bool = False

    @classmethod
    def of(cls, launched: Launched, chosen: bool) -> Version:
        """A launch as a version, with nothing done to it."""
        return cls(launched.shop, launched.form, launched.result, chosen=chosen)


@dataclass
class Visit:
    """One visitor's state.

    Attributes:
        shop: the shop they trained themselves; None while they look at the page's own.
        launched: their last launch.
        pinned: version A of the what-if view.
        own: the dataset they brought, and what was made of it.
        training: the last training on it.
        memory: features of what they tried, so that only what changed is encoded.
    """

    shop: Shop | None = None
    launched: Launched | None = None
    pinned: Version | None = None
    own: OwnShop | None = None
    training: TrainingJob | None = None
    memory: FeatureMemory = field(default_factory=FeatureMemory)

    def enter(self, shop: Shop) -> None:
        """Look at a shop of one's own from now on."""
        self.shop, self.launched, self.pinned = shop, None, None

    def forget_own_shop(self) -> None:
        """Delete the dataset they brought with all that was made of it, and look at the page's shop again."""
        if self.own is not None:
            self.own.delete()
        if self.shop is not None:
            self.launched = self.pinned = None
        self.own = self.shop = self.training = None
