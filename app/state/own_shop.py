"""A visitor's own dataset: unpacked, checked, trained on, and deleted within the hour.

``MAMEX_OWN_SHOP`` says what a page allows: ``off``, ``upload`` (zip files) or ``local`` (folders of the server's
machine too, for whoever sits at that machine). Unset, a page allows ``upload``, and a Space nothing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from app.state.expiry import SHOP_KEPT_FOR
from app.state.scratch import megabytes_left, new_folder
from mamex.data.tables.limits import DatasetLimits
from mamex.errors import DatasetError, MamexError
from mamex.files.archives import ArchiveLimits, unpack
from mamex.progress import Progress

if TYPE_CHECKING:
    from mamex.data.check import CheckReport  # imports pandas and torch, for which the port should not wait

Allowed = Literal["off", "upload", "local"]
SWITCH = "MAMEX_OWN_SHOP"
#: What may be uploaded; encoding takes a tenth of a second an item, so more would take longer than a visit.
ARCHIVE = ArchiveLimits(files=30_000, megabytes=1024)
MOST_ITEMS, MOST_USERS, MOST_INTERACTIONS = 10_000, 100_000, 1_000_000
#: Of each table; what reading it may take is bounded as well, because every visitor may ask for it.
TABLES = DatasetLimits(memory_megabytes=450, megabytes=200, rows=MOST_INTERACTIONS, columns=200, characters=100_000)


class OwnShopError(MamexError):
    """A visitor's dataset that can't be taken, or that is gone."""


def allowed() -> Allowed:
    """What this page allows.

    Raises:
        OwnShopError: ``MAMEX_OWN_SHOP`` has a value that means nothing.
    """
    switch = os.environ.get(SWITCH, "")
    if switch in ("off", "upload", "local"):
        return cast(Allowed, switch)
    if switch:
        raise OwnShopError(f"{SWITCH} is '{switch}'; set it to off, upload or local.")
    return "off" if os.environ.get("SPACE_ID") else "upload"


@dataclass
class OwnShop:
    """One visitor's dataset and everything that was made of it, in a folder that is deleted with it.

    Attributes:
        workspace: holds the unpacked upload, the features, the checkpoint and the download.
        dataset: the dataset folder; outside the workspace if it is a local one.
        report: what the checker said.
        deleted: whether the hour is over.
        before_deletion: called once, first thing: ends what still writes into the workspace.
    """

    workspace: Path
    dataset: Path
    report: CheckReport
    deleted: bool = False
    before_deletion: Callable[[], None] | None = field(default=None, repr=False)
    _timer: threading.Timer | None = field(default=None, repr=False)

    @classmethod
    def take(cls, archive: str | None, local: str, progress: Progress) -> OwnShop:
        """Unpack and check a zip file, or check a local folder.

        Args:
            archive: path of the uploaded zip file; None if there is none.
            local: a folder of this machine; read only if there is no zip file.
            progress: is told of the pictures that were opened.

        Raises:
            ArchiveError: the zip file can't be unpacked.
            OwnShopError: nothing was given, or the folder doesn't exist.
        """
        from mamex.data.check import check_dataset
        from mamex.encoders.vocabulary import unknown_share

        workspace = new_folder("shops")
        try:
            if archive:
                dataset = unpack(Path(archive), workspace / "upload", _limits())
            elif local.strip():
                dataset = Path(local.strip()).expanduser().resolve()
                if not dataset.is_dir():
                    raise OwnShopError(f"There is no folder {dataset} on this machine.")
            else:
                raise OwnShopError("Choose a zip file of a dataset folder first.")
            report = check_dataset(dataset, progress=progress, limits=TABLES, unknown_words=unknown_share)
            own = cls(workspace, dataset, _limited(report))
        except BaseException:
            shutil.rmtree(workspace, ignore_errors=True)
            raise
        own._timer = threading.Timer(SHOP_KEPT_FOR, own.delete)
        own._timer.daemon = True
        own._timer.start()
        atexit.register(own.delete)
        return own

    @property
    def checkpoint(self) -> Path:
        """Where its model is trained to."""
        return self.workspace / "checkpoint"

    def packed(self) -> Path:
        """The checkpoint as a zip file, without the pictures.

        Raises:
            OwnShopError: it is deleted, or not trained yet.
        """
        if self.deleted or not self.checkpoint.is_dir():
            raise OwnShopError("There is no trained checkpoint to download; train first.")
        return Path(shutil.make_archive(str(self.workspace / "mamex-checkpoint"), "zip", self.checkpoint))

    def delete(self) -> None:
        """Remove everything that was uploaded or made of it; a local dataset folder stays."""
        self.deleted = True
        first, self.before_deletion = self.before_deletion, None
        if first is not None:
            first()
        if self._timer is not None:
            self._timer.cancel()
        atexit.unregister(self.delete)
        shutil.rmtree(self.workspace, ignore_errors=True)


def _limits() -> ArchiveLimits:
    """What an archive may hold: no more than the page has room for.

    Raises:
        OwnShopError: there is no room for another shop.
    """
    left = megabytes_left()
    if not left:
        raise OwnShopError("The page has no room for another shop right now; try again within the hour.")
    return replace(ARCHIVE, megabytes=min(ARCHIVE.megabytes, left))


def _limited(report: CheckReport) -> CheckReport:
    """The report, if the dataset has a size that can be trained on here.

    Raises:
        DatasetError: it is too large, or has too few items to split.
    """
    from mamex.data.splits import FEWEST_ITEMS

    if report.ok and report.summary["items"] < FEWEST_ITEMS:
        raise DatasetError(
            f"The dataset has {report.summary['items']} items, and to train and to test on them takes at least "
            f"{FEWEST_ITEMS}; add items."
        )
    limits = {"items": MOST_ITEMS, "users": MOST_USERS, "interactions": MOST_INTERACTIONS}
    for name, most in limits.items():
        if report.summary[name] > most:
            raise DatasetError(
                f"The dataset has {report.summary[name]:,} {name}, and this page trains on {most:,} at most; train it "
                "on your own machine with python -m mamex train."
            )
    return report
