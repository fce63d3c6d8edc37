"""What a training would stumble over is told by the check: modalities that nobody has, unknown words, unsold shops."""

from pathlib import Path

import numpy as np
import pytest

from mamex.data.check import check_dataset, verdict


def shop(folder: Path, items: int, bought: int, title: str = "Mug") -> Path:
    rows = "".join(f"p{number},{title} {number}\n" for number in range(items))
    (folder / "items.csv").write_text(f"item_id,title\n{rows}", encoding="utf-8")
    pairs = "".join(f"u{user},p{number}\n" for number in range(bought) for user in range(3))
    (folder / "interactions.csv").write_text(f"user_id,item_id\n{pairs}", encoding="utf-8")
    return folder


def kinds(folder: Path, unknown_words=None) -> set[str]:
    problems = check_dataset(folder, unknown_words=unknown_words).problems
    return {problem.kind for problem in problems if problem.severity == "warning"}


@pytest.mark.parametrize(("items", "bought", "told"), [(60, 6, True), (60, 40, False), (200, 90, False), (9, 2, False)])
def test_shops_that_hardly_sold_anything(tmp_path, items, bought, told):
    assert ("hardly bought" in kinds(shop(tmp_path, items, bought))) == told


def test_words_that_the_encoder_does_not_know(tmp_path):
    folder = shop(tmp_path, 12, 12, "แก้ว")
    asked: list[str] = []

    def unknown(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.where(np.arange(len(texts)) < 5, 0.9, 0.1)

    (problem,) = [p for p in check_dataset(folder, unknown_words=unknown).problems if p.kind == "unknown words"]
    assert "5 of 12 items" in problem.message and problem.row == 2 and asked[0] == "แก้ว 0"
    assert "unknown words" not in kinds(folder), "nobody was asked"


def test_a_modality_that_nobody_has(tmp_path):
    assert "no picture at all" in kinds(shop(tmp_path, 12, 12))
    assert "no words at all" not in kinds(tmp_path)


def test_a_shop_too_small_to_be_split_is_not_called_sound(tmp_path):
    assert "a training needs 10 at least" in verdict(check_dataset(shop(tmp_path, 8, 8)))
