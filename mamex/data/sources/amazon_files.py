"""Where Amazon's review and metadata files are, and getting them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mamex.data.sources.download import Downloader, DownloadError
from mamex.data.sources.json_lines import DamagedFileError
from mamex.errors import SourceError
from mamex.progress import Progress

#: The paper's names -> those of the files; any other category is given by its file name.
CATEGORIES = {"Baby": "Baby", "Clothing": "Clothing_Shoes_and_Jewelry", "Sports": "Sports_and_Outdoors"}
#: Release -> its reviews file and its metadata file, below one of the addresses in ``BASES``.
LAYOUTS = {
    "2014": ("reviews_{}_5.json.gz", "meta_{}.json.gz"),
    "2018": ("categoryFilesSmall/{}_5.json.gz", "metaFiles2/meta_{}.json.gz"),
}
#: Tried in turn: the publishers have moved these files more than once.
BASES = {
    "2014": (
        "https://snap.stanford.edu/data/amazon/productGraph/categoryFiles/",
        "https://mcauleylab.ucsd.edu/public_datasets/data/amazon/categoryFiles/",
    ),
    "2018": (
        "https://jmcauley.ucsd.edu/data/amazon_v2/",
        "https://mcauleylab.ucsd.edu/public_datasets/data/amazon_v2/",
    ),
}
FOLDER = "download"


@dataclass(frozen=True)
class Files:
    """The two files of a category: the official ones, or those that the user names.

    Attributes:
        name: Baby, Clothing, Sports, or the file name of another category.
        release: "2014" or "2018".
        reviews_from: a file or an address to use instead of the official one.
        metadata_from: the same for the metadata.
        base_url: a mirror to use instead of ``BASES``, with the same layout below it.
    """

    name: str
    release: str
    reviews_from: str | None = None
    metadata_from: str | None = None
    base_url: str | None = None

    def reviews(self, out: Path, downloader: Downloader, progress: Progress) -> Path:
        """The reviews file on this machine, fetched if need be.

        Raises:
            SourceError: there is no such file, here or there.
        """
        return self._local(0, self.reviews_from, out, downloader, progress)

    def metadata(self, out: Path, downloader: Downloader, progress: Progress) -> Path:
        """The metadata file on this machine, fetched if need be.

        Raises:
            SourceError: there is no such file, here or there.
        """
        return self._local(1, self.metadata_from, out, downloader, progress)

    def _local(self, which: int, given: str | None, out: Path, downloader: Downloader, progress: Progress) -> Path:
        if given and not re.match("https?://", given):
            return Path(given)
        urls = [given] if given else self._official(which)
        name = urls[0].partition("?")[0].rstrip("/").rpartition("/")[2]
        path = out / FOLDER / self.release / name
        failures = []
        for url in urls if not path.is_file() else []:
            try:
                downloader.fetch(url, path, progress=progress)
                break
            except DownloadError as error:
                failures.append(str(error))
        if not path.is_file():
            option = ("--reviews", "--metadata")[which]
            raise SourceError(f"{' '.join(failures)} Or fetch the file by other means and give it with {option}.")
        return path

    def _official(self, which: int) -> list[str]:
        if (self.name, self.release) == ("Baby", "2018"):
            raise SourceError("The 2018 release has no category Baby; use --release 2014, or --reviews and --metadata.")
        file = LAYOUTS[self.release][which].format(CATEGORIES.get(self.name, self.name))
        bases = (self.base_url,) if self.base_url else BASES[self.release]
        return [f"{base.rstrip('/')}/{file}" for base in bases]

    @contextmanager
    def damaged_are_removed(self, out: Path) -> Iterator[None]:
        """A damaged file among those that were fetched is deleted, so that the next run fetches it anew.

        Raises:
            SourceError: what went wrong, and whether the file was deleted.
        """
        try:
            yield
        except DamagedFileError as error:
            if out / FOLDER not in error.path.parents:
                raise
            error.path.unlink()
            raise SourceError(f"{error} It was deleted; run the same command again.") from error
