"""MovieLens-1M with a folder of posters and a file of plots.

GroupLens publishes ``ratings.dat`` (UserID::MovieID::Rating::Timestamp) and ``movies.dat`` (MovieID::Title::Genres) in
Latin-1; posters and plots are collected by others, by movie id. A rating of at least ``threshold`` is a positive.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd

from mamex.data.sources.base import Prepared, require_file
from mamex.data.sources.writing import PICTURE_ENDINGS, copy_pictures, k_core, picture_name, write_dataset
from mamex.errors import SourceError
from mamex.modalities import PICTURE_COLUMN
from mamex.progress import Progress

LAYOUT = "the folder ml-1m with ratings.dat and movies.dat"
ID_NAMES = ("movie_id", "movieid", "item_id", "id")
PLOT_NAMES = ("plot", "description", "overview", "summary")
_TITLE_AND_YEAR = re.compile(r"(.*\S)\s*\((\d{4})\)")


def prepare_movielens(
    out: Path,
    ratings: Path,
    posters: Path,
    plots: Path,
    progress: Progress,
    threshold: float = 4.0,
    core: int = 5,
    keep_without_poster: bool = False,
) -> Prepared:
    """Write the dataset folder.

    Args:
        out: the dataset folder.
        ratings: the folder ml-1m.
        posters: pictures named by movie id (``1.jpg``).
        plots: CSV with a column of movie ids and one of plots, or a JSON object of movie id -> plot.
        progress: called as work goes on.
        threshold: the lowest rating that counts as a positive.
        core: k of the k-core filter, after everything else; 0 keeps all.
        keep_without_poster: keep films that have no poster too.

    Raises:
        SourceError: a file is missing or of another layout, or nothing is left.
    """
    films, positives = read_films(ratings), read_ratings(ratings)
    plot_of, poster_of = read_plots(plots), find_posters(posters)
    positives = positives[positives["rating"] >= threshold]
    known = films.index if keep_without_poster else films.index.intersection(pd.Index(poster_of))
    positives = k_core(positives[positives["item_id"].isin(known)], core)
    items = films.loc[films.index.isin(positives["item_id"])].rename_axis("item_id").reset_index()
    items.insert(2, "description", items["item_id"].map(lambda film: plot_of.get(film, "")))
    images = [picture_name(film, poster_of[film].name) if film in poster_of else "" for film in items["item_id"]]
    items.insert(3, PICTURE_COLUMN, images)
    copies = [(poster_of[film], image) for film, image in zip(items["item_id"], images, strict=True) if image]
    copy_pictures(copies, out, progress)
    without_plot = int(items["description"].eq("").sum())
    note = f"Positives: ratings of {threshold:g} and above. Films without a plot: {without_plot:,}."
    return write_dataset(out, items, positives, (note,))


def read_ratings(folder: Path) -> pd.DataFrame:
    """user_id, item_id (str), timestamp (seconds since 1970) and rating of ratings.dat, by user and time.

    Raises:
        SourceError: the file is missing or of another layout.
    """
    path = require_file(folder, "ratings.dat", LAYOUT)
    try:
        # Split at single colons, the empty fields between two of them left out: pandas' fast parser knows no "::".
        frame = pd.read_csv(path, sep=":", header=None, usecols=[0, 2, 4, 6], names=range(7), encoding="latin-1")
        frame = frame.set_axis(["user_id", "item_id", "rating", "timestamp"], axis=1).astype("int64")
    except (ValueError, OverflowError) as error:  # pandas' parser errors are ValueErrors
        raise SourceError(f"{path} is not UserID::MovieID::Rating::Timestamp on each line; give {LAYOUT}.") from error
    if frame.empty:
        raise SourceError(f"{path} is empty; give {LAYOUT}.")
    frame = frame.sort_values(["user_id", "timestamp", "item_id"], kind="stable", ignore_index=True)
    frame["item_id"] = frame["item_id"].astype(str)
    return frame[["user_id", "item_id", "timestamp", "rating"]]


def read_films(folder: Path) -> pd.DataFrame:
    """title, category (the first genre), genres and year of movies.dat, indexed by movie id (str).

    Raises:
        SourceError: the file is missing or of another layout.
    """
    path = require_file(folder, "movies.dat", LAYOUT)
    rows = {}
    for number, line in enumerate(path.read_text(encoding="latin-1").splitlines(), start=1):
        fields = line.split("::")
        if len(fields) != 3:
            raise SourceError(f"{path} line {number} is not MovieID::Title::Genres; give {LAYOUT}.")
        film, titled, genres = fields
        found = _TITLE_AND_YEAR.fullmatch(titled.strip())
        title, year = found.groups() if found else (titled, "")
        rows[film] = (title, genres.partition("|")[0], genres, year)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["title", "category", "genres", "year"])


def find_posters(folder: Path) -> dict[str, Path]:
    """Movie id -> its poster; leading zeros of a file's name don't count.

    Raises:
        SourceError: there is none.
    """
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    posters = {
        str(int(file.stem)): file for file in files if file.stem.isdecimal() and file.suffix.lower() in PICTURE_ENDINGS
    }
    if not posters:
        raise SourceError(f"There are no posters in {folder}; give a folder of pictures named by movie id, like 1.jpg.")
    return posters


def read_plots(path: Path) -> dict[str, str]:
    """Movie id -> plot, from CSV or JSON.

    Raises:
        SourceError: the file is missing or of another layout.
    """
    wanted = "a CSV file with the columns movie_id and plot, or a JSON object of movie id to plot"
    if not path.is_file():
        raise SourceError(f"There is no {path}; give {wanted}.")
    try:
        if path.suffix.lower() == ".json":
            plots = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(plots, dict) or not all(isinstance(plot, str) for plot in plots.values()):
                raise ValueError("not an object of texts")
            return plots
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        names = {str(column).strip().lower(): column for column in frame.columns}
        film = next(names[name] for name in ID_NAMES if name in names)
        plot = next(names[name] for name in PLOT_NAMES if name in names)
    except (ValueError, StopIteration, RecursionError) as error:
        raise SourceError(f"{path} can't be read as plots; give {wanted}.") from error
    return dict(zip(frame[film].str.strip(), frame[plot], strict=True))
