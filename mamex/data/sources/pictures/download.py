"""Fetching a shop's pictures: many at once, each checked, what fails counted and left empty."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from mamex.data.sources.download import Downloader, DownloadError
from mamex.data.sources.writing import picture_name
from mamex.errors import MamexError, SourceError
from mamex.files.pictures.picture import open_picture
from mamex.progress import Progress

#: So many pictures in a row for which no server answers, and it is the network and not the pictures.
UNREACHABLE_IN_A_ROW = 20


@dataclass(frozen=True)
class Wanted:
    """A picture to fetch: the addresses are tried in turn until one gives a picture."""

    item_id: str
    urls: tuple[str, ...]

    @property
    def name(self) -> str:
        """Where it goes, relative to the dataset folder."""
        return picture_name(self.item_id, self.urls[0].partition("?")[0])


def fetch_pictures(
    wanted: Sequence[Wanted], folder: Path, downloader: Downloader, workers: int, progress: Progress
) -> dict[str, str]:
    """Fetch pictures into ``folder``; those that an earlier run fetched are not asked for again.

    Returns:
        item_id -> its picture, relative to ``folder``; items whose picture can't be had are not in it.

    Raises:
        SourceError: no server answers any more.
    """
    there = {want.item_id: want.name for want in wanted if (folder / want.name).is_file()}
    todo = [want for want in wanted if want.item_id not in there]
    unreachable = 0
    with ThreadPoolExecutor(workers) as pool:
        try:
            futures = {pool.submit(_fetch_one, want, folder, downloader): want for want in todo}
            for done, future in enumerate(as_completed(futures), start=len(there) + 1):
                # What isn't about one picture, like a full disk, is raised here.
                want, error = futures[future], future.result()
                unreachable = unreachable + 1 if error is not None and error.unreachable else 0
                if error is None:
                    there[want.item_id] = want.name
                elif unreachable >= UNREACHABLE_IN_A_ROW:
                    raise SourceError(f"{unreachable} pictures in a row can't be reached; the last: {error}")
                progress("fetching pictures", done, len(wanted))
        except BaseException:
            downloader.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return there


def _fetch_one(want: Wanted, folder: Path, downloader: Downloader) -> DownloadError | None:
    """None if a picture came, else why the last address gave none."""
    failure = None
    for url in want.urls:
        try:
            downloader.fetch(url, folder / want.name, check=open_picture)
            return None
        except DownloadError as error:
            failure = error
        except MamexError:
            failure = DownloadError(f"{url} is not a picture.")
    return failure
