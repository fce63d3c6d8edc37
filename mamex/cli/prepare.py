"""The sub-commands of ``python -m mamex prepare``: their options, and which function each calls.

Only argparse is imported here; pandas and the HTTP client are imported by the source that runs.
"""

from __future__ import annotations

import argparse
import errno
from collections.abc import Callable
from typing import TYPE_CHECKING

from mamex.cli.option_types import place

if TYPE_CHECKING:
    from mamex.data.sources.base import Prepared
    from mamex.data.sources.pictures.shop import FetchedPictures
    from mamex.progress import Progress

EPILOGUE = "A run that was stopped goes on when the same command is given again; what is there is not fetched anew."


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add one sub-command a source to the parser of ``prepare``."""
    sources = parser.add_subparsers(dest="source", required=True, metavar="NAME")
    _add_amazon(_source(sources, "amazon", "Amazon reviews of 2014 or 2018: reviews, metadata, pictures by address"))
    _add_movielens(_source(sources, "movielens", "MovieLens-1M with posters and plots"))
    _add_mmrec(_source(sources, "mmrec", "feature files in MMRec's or LATTICE's layout"))
    _add_hm(_source(sources, "hm", "H&M Personalized Fashion Recommendations, Kaggle's layout"))
    _add_pictures(_source(sources, "pictures", "your own shop's export, whose pictures are addresses: fetches them"))


def prepare_source(arguments: argparse.Namespace, progress: Progress) -> Prepared | FetchedPictures:
    """Run the source that was asked for.

    Raises:
        SourceError: it can't be prepared; the message says why, and what to do.
    """
    from mamex.errors import SourceError

    if arguments.out.exists() and not arguments.out.is_dir():
        raise SourceError(f"{arguments.out} is a file; give a folder with --out.")
    try:
        prepared: Prepared | FetchedPictures = arguments.prepare(arguments, progress)
        return prepared
    except OSError as error:
        first = error.__cause__ if isinstance(error.__cause__, OSError) else error  # a StorageError says what it was
        if first.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise SourceError(
            f"The disk with {arguments.out} is full; free some space and run the same command again, which goes on "
            "where it stopped."
        ) from error


def _source(
    sources: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    parser = sources.add_parser(name, help=what, description=what, epilog=EPILOGUE)
    parser.add_argument("--out", type=place, required=True, metavar="DIR", help="dataset folder to write")
    return parser


def _add_amazon(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="Baby, Clothing, Sports, or a category's file name")
    parser.add_argument("--release", choices=("2014", "2018"), default="2014")
    parser.add_argument("--reviews", metavar="FILE_OR_URL", help="instead of the official 5-core reviews")
    parser.add_argument("--metadata", metavar="FILE_OR_URL", help="instead of the official metadata")
    parser.add_argument("--base-url", metavar="URL", help="a mirror with the official file names")
    parser.add_argument("--pictures", action=argparse.BooleanOptionalAction, default=True, help="fetch the pictures")
    parser.add_argument("--workers", type=_at_least(1), default=8, metavar="N", help="pictures fetched at once")
    parser.add_argument("--rate", type=_above_zero, default=20.0, metavar="R", help="requests a second, in all")
    parser.add_argument(
        "--k-core", type=_at_least(0), default=0, metavar="K", help="filter again (the files are 5-core)"
    )
    parser.set_defaults(prepare=_amazon)


def _amazon(arguments: argparse.Namespace, progress: Progress) -> Prepared:
    from mamex.data.sources.amazon import prepare_amazon
    from mamex.data.sources.amazon_files import Files
    from mamex.data.sources.download import Downloader

    files = Files(arguments.name, arguments.release, arguments.reviews, arguments.metadata, arguments.base_url)
    with Downloader(rate=arguments.rate) as downloader:
        return prepare_amazon(
            arguments.out, files, downloader, progress, arguments.pictures, arguments.workers, arguments.k_core
        )


def _add_movielens(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ratings", type=place, required=True, metavar="DIR", help="the folder ml-1m")
    parser.add_argument("--posters", type=place, required=True, metavar="DIR", help="pictures named by movie id")
    parser.add_argument("--plots", type=place, required=True, metavar="FILE", help="CSV or JSON, movie id to plot")
    parser.add_argument("--threshold", type=float, default=4.0, metavar="R", help="lowest rating that counts (4)")
    parser.add_argument("--k-core", type=_at_least(0), default=5, metavar="K", help="0 keeps all (5)")
    parser.add_argument("--keep-without-poster", action="store_true", help="keep films that have no poster")
    parser.set_defaults(prepare=_movielens)


def _movielens(arguments: argparse.Namespace, progress: Progress) -> Prepared:
    from mamex.data.sources.movielens import prepare_movielens

    return prepare_movielens(
        arguments.out,
        arguments.ratings,
        arguments.posters,
        arguments.plots,
        progress,
        arguments.threshold,
        arguments.k_core,
        arguments.keep_without_poster,
    )


def _add_mmrec(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="folder",
        type=place,
        required=True,
        metavar="DIR",
        help="NAME.inter, or train.json and the others, beside *_feat.npy",
    )
    parser.set_defaults(prepare=_mmrec)


def _mmrec(arguments: argparse.Namespace, progress: Progress) -> Prepared:
    from mamex.data.sources.mmrec import prepare_mmrec

    return prepare_mmrec(arguments.out, arguments.folder, progress)


def _add_hm(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="folder", type=place, required=True, metavar="DIR", help="the unpacked Kaggle folder"
    )
    parser.add_argument("--users", type=_at_least(1), metavar="N", help="draw so many customers (all)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of that draw (0)")
    parser.add_argument("--k-core", type=_at_least(0), default=0, metavar="K", help="0 keeps all (0)")
    parser.add_argument(
        "--price-scale",
        type=_above_zero,
        default=1.0,
        metavar="X",
        help="multiply Kaggle's scaled prices; 590 gives plausible ones, such as 19.99",
    )
    parser.set_defaults(prepare=_hm)


def _hm(arguments: argparse.Namespace, progress: Progress) -> Prepared:
    from mamex.data.sources.hm import prepare_hm

    return prepare_hm(
        arguments.out,
        arguments.folder,
        progress,
        arguments.users,
        arguments.seed,
        arguments.k_core,
        arguments.price_scale,
    )


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="folder", type=place, required=True, metavar="DIR", help="the export: tables of items and orders"
    )
    parser.add_argument("--workers", type=_at_least(1), default=8, metavar="N", help="pictures fetched at once")
    parser.add_argument("--rate", type=_above_zero, default=20.0, metavar="R", help="requests a second, in all")
    parser.set_defaults(prepare=_pictures)


def _pictures(arguments: argparse.Namespace, progress: Progress) -> FetchedPictures:
    from mamex.data.sources.download import Downloader
    from mamex.data.sources.pictures.shop import prepare_pictures
    from mamex.files.pictures.picture import MAX_MEGABYTES

    with Downloader(rate=arguments.rate, attempts=3, most_bytes=MAX_MEGABYTES * 2**20) as downloader:
        return prepare_pictures(arguments.out, arguments.folder, downloader, progress, arguments.workers)


def _at_least(lowest: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        number = int(text)
        if number < lowest:
            raise argparse.ArgumentTypeError(f"must be at least {lowest}")
        return number

    return whole_number


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be above 0")
    return number
