"""The shop that the page is about: its launcher, pictures, examples and name."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.state.scratch import new_folder
from app.state.thumbnails import Thumbnails
from mamex.data.about import About
from mamex.data.dataset import join_words
from mamex.encoders.memory import FeatureMemory
from mamex.errors import LaunchError
from mamex.insight.held_out import Example, KnownProducts, choose_examples
from mamex.launch.launcher import Launcher
from mamex.launch.product import MOST_CHARACTERS, PlannedProduct
from mamex.launch.result import LaunchResult
from mamex.retrieval.catalogue import Item

PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Shop:
    """Everything that the views need, loaded once and never changed."""

    launcher: Launcher
    name: str
    about: About
    thumbnails: Thumbnails
    examples: list[Example]
    known: KnownProducts

    @classmethod
    def load(cls, folder: Path) -> Shop:
        """Load a checkpoint with its encoder.

        Raises:
            CheckpointError: the folder holds no usable checkpoint.
            EncoderError: its encoder can't be had here.
        """
        launcher = Launcher.load(folder)
        _ = launcher.encoder  # loaded now, so that the first visitor doesn't wait for it
        return cls.of(launcher)

    @classmethod
    def of(cls, launcher: Launcher, folder: Path | None = None) -> Shop:
        """The shop of a launcher.

        Args:
            launcher: the trained model.
            folder: where copies of the examples' pictures are put; one that goes with this program if None.
        """
        dataset, data = launcher.checkpoint.dataset, launcher.checkpoint.data
        thumbnails = Thumbnails(dataset)
        return cls(
            launcher=launcher,
            name=dataset.about.name or dataset.name,
            about=dataset.about,
            thumbnails=thumbnails,
            examples=_copied(choose_examples(dataset, data, thumbnails.paths), folder or new_folder("examples")),
            known=KnownProducts(dataset, data, thumbnails.paths),
        )

    @property
    def shoppers(self) -> int:
        """How many shoppers there are."""
        return self.launcher.checkpoint.dataset.n_users

    @property
    def products(self) -> int:
        """How many products there are."""
        return self.launcher.checkpoint.dataset.n_items

    def read(
        self, picture: str | None, title: str | None, description: str | None, memory: FeatureMemory
    ) -> PlannedProduct:
        """Encode a planned product from what a form holds.

        Args:
            picture: path of the picture.
            title, description: as typed.
            memory: the visitor's; only what changed is encoded.

        Raises:
            MamexError: one sentence on what to change.
        """
        image, text = _inputs(picture, title, description)
        return self.launcher.read(image, text, memory=memory)

    def launch(
        self,
        picture: str | None,
        title: str | None,
        description: str | None,
        list_length: int,
        memory: FeatureMemory | None = None,
        fusion: Mapping[str, float] | None = None,
    ) -> LaunchResult:
        """Launch a planned product from what a form holds; ``fusion`` forces the fusion weights.

        Raises:
            MamexError: one sentence on what to change.
        """
        image, text = _inputs(picture, title, description)
        return self.launcher.launch(image, text, memory=memory, fusion=fusion, list_length=list_length)

    def title(self, item: Item) -> str:
        """What to call an item: its title, or its number if it has none."""
        return item.title or item.item_id

    def price(self, position: int) -> str:
        """An item's price, with two decimals if it is a plain number; "" if there is none."""
        items = self.launcher.checkpoint.dataset.items
        written = str(items["price"].iloc[position]) if "price" in items else ""
        return f"{float(written):.2f}" if PLAIN_NUMBER.fullmatch(written) else written


def _inputs(picture: str | None, title: str | None, description: str | None) -> tuple[str | None, str]:
    """A form's picture and words as the launcher takes them."""
    words = words_of(title, description)
    if not picture and not words:
        raise LaunchError("There is nothing to look at yet: add a picture, a title or a description.")
    if picture and not Path(picture).is_file():
        raise LaunchError("The picture was deleted, as every upload is within the hour; choose it again.")
    if len(words) > MOST_CHARACTERS:
        raise LaunchError(
            f"The words are {len(words):,} characters long; keep them under {MOST_CHARACTERS:,}. "
            "A title and a few sentences work best."
        )
    return picture or None, words


def words_of(title: str | None, description: str | None) -> str:
    """The form's words as the encoder reads them, joined in the way that the training items' were."""
    return join_words(title or "", description or "")


def _copied(examples: list[Example], folder: Path) -> list[Example]:
    """The examples with copies of their pictures, so that the shop's own folder stays closed to the page."""
    return [
        replace(example, picture=Path(shutil.copy(example.picture, folder / f"{place}-{example.picture.name}")))
        for place, example in enumerate(examples, start=1)
    ]
