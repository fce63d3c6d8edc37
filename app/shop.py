"""The shop that the page is about: its launcher, pictures, examples and name."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from app.examples import Example, KnownProducts, choose_examples
from app.thumbnails import Thumbnails
from mamex.dataset import join_words
from mamex.errors import LaunchError
from mamex.launch import Launcher
from mamex.launch_result import LaunchResult, Neighbour

#: The dataset folder that the repository ships: a shop whose shoppers were simulated.
SHIPPED = Path(__file__).resolve().parent.parent / "assets" / "catalogue"
#: Longer texts are a mistake (a pasted page); encoders read a few hundred words at most.
MOST_CHARACTERS = 20_000
PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Shop:
    """Everything that the views need, loaded once and never changed."""

    launcher: Launcher
    name: str
    simulated: bool
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
    def of(cls, launcher: Launcher) -> Shop:
        """The shop of a launcher."""
        dataset, data = launcher.checkpoint.dataset, launcher.checkpoint.data
        thumbnails = Thumbnails(dataset)
        simulated = dataset.folder.resolve() == SHIPPED.resolve()
        return cls(
            launcher=launcher,
            name="Home & living demo shop" if simulated else dataset.name,
            simulated=simulated,
            thumbnails=thumbnails,
            examples=_copied(choose_examples(dataset, data, thumbnails.paths)),
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

    def launch(self, picture: str | None, title: str | None, description: str | None, list_length: int) -> LaunchResult:
        """Launch a planned product from what a form holds.

        Raises:
            MamexError: one sentence on what to change.
        """
        words = words_of(title, description)
        if not picture and not words:
            raise LaunchError("There is nothing to look at yet: add a picture, a title or a description.")
        if len(words) > MOST_CHARACTERS:
            raise LaunchError(
                f"The words are {len(words):,} characters long; keep them under {MOST_CHARACTERS:,}. "
                "A title and a few sentences work best."
            )
        return self.launcher.launch(image=picture or None, text=words, list_length=list_length)

    def favourites(self, user: int, most: int = 2) -> list[str]:
        """The categories a shopper bought from most, most bought first; none if products have no category."""
        checkpoint = self.launcher.checkpoint
        if "category" not in checkpoint.dataset.items:
            return []
        bought = checkpoint.data.histories[user].indices
        counts = Counter(checkpoint.dataset.items["category"].iloc[bought])
        ordered = sorted(counts, key=lambda category: (-counts[category], category))
        return [category for category in ordered if category][:most]

    def title(self, item: Neighbour) -> str:
        """What to call an item: its title, or its number if it has none."""
        return item.title or item.item_id

    def price(self, position: int) -> str:
        """An item's price, with two decimals if it is a plain number; "" if there is none."""
        items = self.launcher.checkpoint.dataset.items
        written = str(items["price"].iloc[position]) if "price" in items else ""
        return f"{float(written):.2f}" if PLAIN_NUMBER.fullmatch(written) else written


def words_of(title: str | None, description: str | None) -> str:
    """The form's words as the encoder reads them, joined in the way that the training items' were."""
    return join_words(title or "", description or "")


def _copied(examples: list[Example]) -> list[Example]:
    """The examples with their pictures in a temporary folder.

    Gradio hands out files of the temporary folder only; so the shop's own folder stays closed.
    """
    if not examples:
        return []
    folder = Path(tempfile.mkdtemp(prefix="mamex-examples-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return [
        replace(example, picture=Path(shutil.copy(example.picture, folder / f"{place}-{example.picture.name}")))
        for place, example in enumerate(examples, start=1)
    ]
