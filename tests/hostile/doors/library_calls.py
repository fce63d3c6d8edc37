"""Calls of the library as a program makes them; each returns what can be compared as JSON.

Run by the fork server in a child, so that imports are paid once and a call that breaks takes nothing with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

#: Of the encoder whose features are cached.
IDENTITY = {"weights": "w", "dimensions": {"text": 4}}


def picture(folder: Path, path: str) -> dict[str, Any]:
    """Size, mode, and mean colour of a picture as the library opens it."""
    from mamex.files.pictures.picture import open_picture

    opened = open_picture(path)
    mean = np.asarray(opened.resize((8, 8))).reshape(-1, 3).mean(axis=0)
    return {"size": list(opened.size), "mode": opened.mode, "mean": [round(float(value)) for value in mean]}


def picture_bytes(folder: Path, path: str) -> dict[str, Any]:
    """The same from the bytes of the file."""
    from mamex.files.pictures.picture import open_picture

    opened = open_picture(Path(path).read_bytes())
    return {"size": list(opened.size), "mode": opened.mode}


def unpacked(folder: Path, archive: str, files: int = 2000, megabytes: int = 64) -> dict[str, Any]:
    """Names of the files that came out, and whether any lies outside."""
    from mamex.files.archives import ArchiveLimits, unpack

    target = folder / "unpacked" / "here"
    inner = unpack(Path(archive), target, ArchiveLimits(files, megabytes))
    outside = [path for path in (folder / "unpacked").rglob("*") if path.is_file() and not path.is_relative_to(target)]
    return {
        "names": sorted(str(path.relative_to(inner)) for path in inner.rglob("*") if path.is_file()),
        "outside": [str(path) for path in outside],
    }


def table(folder: Path, where: str) -> dict[str, Any]:
    """Columns, number of rows and problems of items.csv."""
    from mamex.data.contents.items import ITEM_COLUMNS
    from mamex.data.problems import Problems
    from mamex.data.tables.reader import read_table
    from mamex.errors import DatasetError

    problems = Problems()
    read = read_table(Path(where), "items", ITEM_COLUMNS, (), problems)
    if problems.errors() or read is None:
        raise DatasetError("\n".join(map(str, problems)) or "Nothing of it can be used.")
    return {"columns": list(read.frame.columns), "rows": len(read.frame)}


def dataset(folder: Path, where: str) -> dict[str, Any]:
    from mamex.data.dataset import read_dataset

    read = read_dataset(where)
    return {"items": read.n_items, "users": read.n_users, "about": read.about.model_dump()}


def checked(folder: Path, where: str) -> dict[str, Any]:
    from mamex.data.check import check_dataset, format_report
    from mamex.errors import DatasetError

    report = check_dataset(where)
    if not report.ok:
        raise DatasetError("\n".join(map(str, report.problems)))
    return {"report": format_report(report), "items": report.summary["items"]}


def about(folder: Path, where: str) -> dict[str, Any]:
    from mamex.data.about import read_about

    return read_about(Path(where)).model_dump()


def planned(folder: Path, path: str) -> list[dict[str, Any]]:
    """The rows of a batch: what is in them, and what is wrong with them."""
    from mamex.launch.batch_files import planned_rows

    with planned_rows(Path(path)) as rows:
        return [{"title": row.title, "fault": row.fault, "picture": row.picture is not None} for row in rows]


def checkpoint(folder: Path, where: str) -> dict[str, Any]:
    """What a checkpoint answers to one planned product given by features, so that no encoder is needed."""
    from mamex.launch.launcher import Launcher

    launcher = Launcher.load(where)
    features = {name: values[0].numpy() for name, values in launcher.checkpoint.data.features.items()}
    return _plainly(launcher.launch(features=features).to_json())


def _plainly(launched: dict[str, Any]) -> dict[str, Any]:
    return {key: launched[key] for key in ("reach", "fusion", "audience_size", "warnings")}


def launch(folder: Path, where: str, **arguments: Any) -> dict[str, Any]:
    """A launch; numbers in strings, such as "nan", become floats in the place of what JSON can't carry."""
    from mamex.launch.launcher import Launcher

    if "features" in arguments:
        named = arguments["features"]
        arguments["features"] = {name: np.array(values, dtype=float) for name, values in named.items()}
    if arguments.get("fusion"):
        arguments["fusion"] = {name: float(value) for name, value in arguments["fusion"].items()}
    return _plainly(Launcher.load(where).launch(**arguments).to_json())


def features_of(folder: Path, where: str) -> dict[str, Any]:
    from mamex.encoders.precomputed import PrecomputedFeatures

    return {"dimensions": PrecomputedFeatures(Path(where)).dimensions}


def settings(folder: Path, given: Any) -> dict[str, Any]:
    from mamex.config import parse_config

    return parse_config(given).model_dump(mode="json")


def overridden(folder: Path, assignments: list[str]) -> dict[str, Any]:
    from mamex.config import Config, override

    return override(Config(), assignments).model_dump(mode="json")


def cached(folder: Path, where: str) -> dict[str, Any]:
    """Features read back from a cache: ``where/features/*.sqlite`` may be damaged by the case."""
    from mamex.encoders.cache import FeatureCache

    cache = FeatureCache(IDENTITY, Path(where))
    try:
        cache.put("text", [b"new"], np.ones((1, 4), dtype=np.float32))
        found = cache.get("text", [b"old", b"new"])
    finally:
        cache.close()
    return {key.decode(): [float(number) for number in values] for key, values in found.items()}


def word_worth(folder: Path, where: str, title: str, words: str, list_length: Any = 20) -> dict[str, Any]:
    from mamex.insight.occlusion import word_worth as worth
    from mamex.launch.launcher import Launcher

    launcher = Launcher.load(where)
    product = launcher.read(text=f"{title}. {words}")
    return {"pieces": len(worth(launcher, product, words, None, list_length).to_json()["pieces"])}


def patch_worth(folder: Path, where: str, picture: Any, list_length: Any = 20) -> dict[str, Any]:
    from mamex.insight.occlusion import patch_worth as worth
    from mamex.launch.launcher import Launcher

    launcher = Launcher.load(where)
    product = launcher.read(text="a navy coat", image=picture)
    return {"pieces": len(worth(launcher, product, picture, None, list_length).to_json()["pieces"])}
