"""Parts of the benchmark on numbers worked out by hand: tuning, cells, significance, the plan."""

import dataclasses
import json
import math

import numpy as np
import pytest
from scipy import stats

from mamex.baselines import BASELINES, LearnedRecommender
from mamex.benchmark.identity.cells import Cell, CellResult, CellStore
from mamex.benchmark.identity.fingerprint import _earlier, earlier_fingerprints
from mamex.benchmark.methods import MAMEX_SPACE, all_methods, best_trial, random_trials
from mamex.benchmark.plan import LABELS, choose_methods, plan
from mamex.benchmark.report.significance import compare
from mamex.config import Config, override, setting_names
from mamex.errors import BenchmarkError
from mamex.evaluation import Evaluation

# --- Tuning ---------------------------------------------------------------------------------------


def test_trials_start_with_the_defaults_and_more_add_to_fewer():
    space = {"a": (1, 2, 3), "b": (0.1, 0.2)}
    few, many = random_trials("x", space, 3), random_trials("x", space, 30)
    assert few[0] == {}
    assert many[:3] == few
    assert all(trial["a"] in space["a"] and trial["b"] in space["b"] for trial in many[1:])
    assert {trial["a"] for trial in many[1:]} == {1, 2, 3}
    assert random_trials("y", space, 30) != many
    assert random_trials("x", {}, 30) == [{}]


def test_the_best_trial_is_the_first_of_the_highest():
    assert best_trial([{"ndcg@20": 0.1}, {"ndcg@20": 0.3}, {"ndcg@20": 0.3}]) == 1
    assert best_trial([{"ndcg@20": math.nan}, {"ndcg@20": 0.0}]) == 1


@pytest.mark.parametrize("name", [n for n, kind in BASELINES.items() if issubclass(kind, LearnedRecommender)])
def test_what_is_tuned_of_a_rival_are_settings_of_it(name):
    method = all_methods(Config())[name]
    assert method.search_space
    defaults = method.settings({})
    assert set(method.search_space) <= set(defaults)
    for setting, values in method.search_space.items():
        assert len(set(values)) == len(values) > 1
        assert method.settings({setting: values[-1]})[setting] == values[-1]


def test_what_is_tuned_of_mamex_are_settings_with_their_defaults_among_the_values():
    assert set(MAMEX_SPACE) <= set(setting_names())
    for name, values in MAMEX_SPACE.items():
        section, key = name.split(".")
        assert getattr(getattr(Config(), section), key) in values
        for value in values:
            override(Config(), [f"{name}={value}"])


def test_rivals_are_validated_against_the_candidates_of_the_run():
    config = override(Config(), ["evaluation.candidates=cold_test"])
    for method in all_methods(config).values():
        settings = method.settings({})
        assert settings.get("candidates", "cold_test") == "cold_test"


# --- Cells ----------------------------------------------------------------------------------------


def test_a_key_depends_on_everything_that_the_numbers_depend_on():
    cell = Cell.of("mamex", {"b": 1, "a": 2}, 0, "test")
    key = cell.key({"x": 1}, "data", "code")
    assert Cell.of("mamex", {"a": 2, "b": 1}, 0, "test").key({"x": 1}, "data", "code") == key
    others = [
        dataclasses.replace(cell, method="ridge").key({"x": 1}, "data", "code"),
        dataclasses.replace(cell, seed=1).key({"x": 1}, "data", "code"),
        dataclasses.replace(cell, kind="tune").key({"x": 1}, "data", "code"),
        cell.key({"x": 2}, "data", "code"),
        cell.key({"x": 1}, "other", "code"),
        cell.key({"x": 1}, "data", "other"),
    ]
    assert len({key, *others}) == 7


def test_a_cell_is_finished_once_its_json_is_there(tmp_path):
    store = CellStore(tmp_path / "cells")
    cell = Cell.of("ridge", {}, 1, "test")
    result = CellResult({"ndcg@20": 0.25}, {"recall@20": 0.5}, 2, 1.5)
    evaluation = Evaluation(np.array([3, 7]), {"recall@20": np.array([0.25, 0.75])})
    assert store.load("key") is None
    store.save("key", cell, {"strength": 1}, result, evaluation)
    assert store.load("key") == result
    again = store.per_user("key")
    assert again.users.tolist() == [3, 7]
    assert again.per_user["recall@20"].tolist() == [0.25, 0.75]
    assert (tmp_path / "cells" / ".gitignore").read_text() == "*\n"
    written = json.loads((tmp_path / "cells" / "key.json").read_text())
    assert written["cell"] == {"method": "ridge", "changes": {}, "seed": 1, "kind": "test"}
    assert written["settings"] == {"strength": 1}
    (tmp_path / "cells" / "key.npz").unlink()
    with pytest.raises(BenchmarkError, match=r"delete key\.json"):
        store.per_user("key")


def test_a_cell_of_equal_earlier_code_is_found_under_its_new_key(tmp_path):
    store, cell = CellStore(tmp_path), Cell.of("ridge", {}, 1, "test")
    result = CellResult({}, {"ndcg@20": 0.5}, 2, 1.0)
    store.save("old", cell, {}, result, Evaluation(np.array([3, 7]), {"ndcg@20": np.array([0.25, 0.75])}))
    store.rename("never computed", "new")
    assert store.load("new") is None
    store.rename("old", "new")
    assert store.load("new") == result and store.load("old") is None
    assert store.per_user("new").users.tolist() == [3, 7]
    store.save("old", cell, {}, CellResult({}, {"ndcg@20": 0.1}, 2, 1.0), None)
    store.rename("old", "new")
    assert store.load("new") == result


def test_earlier_code_is_known_by_what_the_code_is_now():
    assert earlier_fingerprints("of code that was changed") == []
    known = {len(now): {len(code) for code in before} for now, before in _earlier().items()}
    assert known == {128: {128}}  # a method's, and that of what scores it


# --- Significance ---------------------------------------------------------------------------------


def evaluation_of(values: dict[int, float]) -> Evaluation:
    return Evaluation(np.array(list(values)), {"ndcg@20": np.array(list(values.values()))})


def test_a_comparison_by_hand():
    # User 1 is scored in both seeds and counts once: mean differences .3, .1, .0, .2 of users 1, 2, 3, 4.
    ours = [evaluation_of({1: 0.5, 2: 0.3, 3: 0.2}), evaluation_of({1: 0.7, 4: 0.6})]
    theirs = [evaluation_of({1: 0.3, 2: 0.2, 3: 0.2}), evaluation_of({1: 0.3, 4: 0.4})]
    result = compare(ours, theirs, "ndcg@20")
    assert result.relative == pytest.approx((0.5 + 0.3 + 0.2 + 0.7 + 0.6) / (0.3 + 0.2 + 0.2 + 0.3 + 0.4) - 1)
    differences = [0.3, 0.1, 0.0, 0.2]
    mean, deviation = 0.15, math.sqrt(sum((d - 0.15) ** 2 for d in differences) / 3)
    t = mean / (deviation / 2)
    assert result.p == pytest.approx(2 * stats.t.sf(t, 3))
    assert result.low <= result.relative <= result.high


def test_the_bootstrap_interval_is_that_of_plain_resampling():
    random = np.random.default_rng(1)
    theirs = random.random(80)
    ours = theirs + random.normal(0.05, 0.2, 80)
    result = compare([evaluation_of(dict(enumerate(ours)))], [evaluation_of(dict(enumerate(theirs)))], "ndcg@20")
    draws = [random.integers(80, size=80) for _ in range(4000)]
    ratios = [ours[draw].sum() / theirs[draw].sum() - 1 for draw in draws]
    assert result.low == pytest.approx(np.quantile(ratios, 0.025), abs=0.02)
    assert result.high == pytest.approx(np.quantile(ratios, 0.975), abs=0.02)


def test_equal_methods_differ_by_nothing_and_nothing_can_be_said_of_one_user():
    same = [evaluation_of({1: 0.5, 2: 0.0, 3: 0.2})]
    result = compare(same, same, "ndcg@20")
    assert (result.relative, result.low, result.high, result.p) == (0, 0, 0, 1)
    one = [evaluation_of({1: 0.5})]
    assert math.isnan(compare(one, one, "ndcg@20").p)
    nothing = [evaluation_of({1: 0.0, 2: 0.0})]
    assert math.isnan(compare([evaluation_of({1: 0.5, 2: 0.1})], nothing, "ndcg@20").relative)
    with pytest.raises(ValueError, match="same users"):
        compare(same, [evaluation_of({1: 0.5, 2: 0.0, 4: 0.2})], "ndcg@20")


# --- The plan -------------------------------------------------------------------------------------


def test_table_1_has_every_method_and_mamex_last():
    rows = plan("1", Config()).rows
    assert [row.method for row in rows] == [*BASELINES, "mamex"]
    assert [row.label for row in plan("1", Config(), ["mamex", "ridge"]).rows] == ["ridge", "MAMEX"]
    assert set(LABELS) >= {row.method for row in rows}


@pytest.mark.parametrize("name", ["2", "3", "figure2", "grid", "missing"])
def test_every_variant_can_be_configured(name):
    table = plan(name, Config())
    mamex = all_methods(Config())["mamex"]
    variants = [json.dumps(mamex.settings(row.changes), sort_keys=True) for row in table.rows if row.method == "mamex"]
    assert len(set(variants)) == len(variants)
    assert len({row.label for row in table.rows}) == len(table.rows)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(BenchmarkError, match="did you mean 'milk'"):
        choose_methods(["milc"])
    with pytest.raises(BenchmarkError, match="only one"):
        plan("figure2", override(Config(), ["model.modalities=image"]))
    with pytest.raises(BenchmarkError, match="cold_test"):
        plan("missing", override(Config(), ["evaluation.candidates=all"]))
