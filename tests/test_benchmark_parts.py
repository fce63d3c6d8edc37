"""Parts of the benchmark on numbers worked out by hand: tuning, cells, code fingerprints, significance, tables."""

import dataclasses
import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mamex.baselines import BASELINES, LearnedRecommender
from mamex.benchmark import code
from mamex.benchmark.cells import Cell, CellResult, CellStore
from mamex.benchmark.code import code_fingerprint
from mamex.benchmark.figures import bars, figure_of, heat_maps, lines
from mamex.benchmark.methods import MAMEX_SPACE, all_methods
from mamex.benchmark.paper import paper_values
from mamex.benchmark.plan import LABELS, choose_methods, plan
from mamex.benchmark.results import RowResult, merge_csv, tidy
from mamex.benchmark.significance import compare
from mamex.benchmark.tables import format_grid, format_missing, format_paper, format_rows
from mamex.benchmark.tuning import best_trial, random_trials
from mamex.config import Config, override, setting_names
from mamex.errors import BenchmarkError
from mamex.evaluation import Evaluation

METRICS = ("recall@10", "ndcg@10", "recall@20", "ndcg@20")


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


def test_a_damaged_result_is_named(tmp_path):
    (tmp_path / "key.json").write_text('{"result": {"metrics": {}}}')
    with pytest.raises(BenchmarkError, match=r"key\.json is damaged"):
        CellStore(tmp_path).load("key")


def test_the_fingerprint_of_code_sees_code_and_imports_but_not_comments(tmp_path, monkeypatch):
    files = {
        "mamex.a": "from mamex.b import f\n",
        "mamex.b": '"""Doc."""\n\n\ndef f():\n    """Doc."""\n    return 1\n',
    }

    def fingerprint(**changes):
        sources = files | {name.replace("_", "."): text for name, text in changes.items()}
        for name, text in sources.items():
            (tmp_path / f"{name}.py").write_text(text)
        code_fingerprint.cache_clear()
        return code_fingerprint("mamex.a")

    class Spec:
        def __init__(self, name):
            self.origin = str(tmp_path / f"{name}.py")

    monkeypatch.setattr(code, "find_spec", Spec)
    first = fingerprint()
    assert fingerprint(mamex_b="# Why.\ndef f():\n    return 1\n") == first
    assert fingerprint(mamex_b="def f():\n    return 2\n") != first
    assert fingerprint(mamex_a="from mamex.b import f as g\n") != first
    code_fingerprint.cache_clear()


def test_mamex_and_its_rivals_have_fingerprints_of_their_own():
    methods = all_methods(Config())
    assert len({method.code for name, method in methods.items() if name not in ("ridge-weighted",)}) >= 8
    assert methods["mamex"].code == code_fingerprint("mamex.training")


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


# --- Tables and figures ---------------------------------------------------------------------------


def row_of(label: str, means: list[float], missing: list[dict] | None = None) -> RowResult:
    """A row whose metrics of seed s all have the value ``means[s]``, for two users."""
    cells = [CellResult({"ndcg@20": 0.9}, dict.fromkeys(METRICS, mean), 2, 1.0, missing or []) for mean in means]
    evaluations = [
        Evaluation(np.array([0, 1]), {metric: np.array([mean - 0.01, mean + 0.01]) for metric in METRICS})
        for mean in means
    ]
    return RowResult(label, {}, range(len(means)), cells, evaluations)


def test_the_best_is_bold_and_the_second_underlined():
    text = format_rows([row_of("a", [0.2, 0.4]), row_of("b", [0.1, 0.2]), row_of("MAMEX", [0.25, 0.25])])
    rows = [line.split(" | ") for line in text.splitlines()]
    # Standard deviation of .2 and .4 is .2 / sqrt 2.
    assert rows[2][1] == "**0.3000 ± 0.1414**"
    assert rows[3][1] == "0.1500 ± 0.0707"
    assert rows[4][1] == "<ins>0.2500 ± 0.0000</ins>"
    assert rows[2][5].startswith("-16.7% [")  # .25 against .3
    assert rows[3][6].startswith("+66.7% [")
    assert rows[4][5].strip() == ""


def test_without_mamex_nothing_is_compared():
    text = format_rows([row_of("a", [0.2]), row_of("b", [0.1])])
    assert "against" not in text
    assert "| a | **0.2000** |" in text


def test_the_paper_stands_beside_ours():
    paper = paper_values("1", "amazon-baby")
    assert paper is not None
    text = format_paper([row_of("MILK", [0.07]), row_of("ridge", [0.1]), row_of("MAMEX", [0.08])], paper)
    assert "| MILK | 0.0700 | 0.0465 | 0.0700 | 0.0271 | 0.0700 | 0.0730 | 0.0700 | 0.0344 |" in text
    assert "| MAMEX | 0.0800 | 0.0512 |" in text
    assert "ridge" not in text


def test_the_papers_values_are_its_own():
    assert paper_values("1", "hm") is None
    assert paper_values("3", "Baby") is None  # its Table 3 leaves Baby out
    assert paper_values("1", "babysitting") is None
    for dataset in ("Sports_and_Outdoors", "amazon-sports", "sport"):
        assert paper_values("2", dataset).loc["w/o Align", "ndcg@20"] == 0.0399
    clothing = paper_values("1", "amazon-clothing-2014")
    # The paper's own "% Improv." over MILK, of R@10, R@20, N@10, N@20 on Clothing.
    improvement = (clothing.loc["MAMEX"] / clothing.loc["MILK"] - 1) * 100
    assert improvement[["recall@10", "recall@20", "ndcg@10", "ndcg@20"]].round(2).tolist() == [5.75, 4.53, 6.13, 5.50]
    assert set(clothing.index) <= set(LABELS.values())
    routers = {row.label for row in plan("3", Config()).rows}
    assert set(paper_values("3", "clothing").index) == routers
    assert set(paper_values("2", "clothing").index) <= {row.label for row in plan("2", Config()).rows}


def points(*values: float) -> list[dict]:
    return [
        {"lost": lost, "share": share, **dict.fromkeys(METRICS, value)}
        for lost in ("image", "either")
        for share, value in zip((0.0, 1.0), values, strict=True)
    ]


def test_missing_modalities_are_a_table_for_each_loss():
    rows = [row_of("a", [0, 0], points(0.3, 0.1)), row_of("b", [0, 0], points(0.2, 0.15))]
    text = format_missing(rows, "recall@20")
    assert text.count("| method | 0% | 100% |") == 2
    assert "that lose picture:" in text
    assert "| a | **0.3000 ± 0.0000** | <ins>0.1000 ± 0.0000</ins> |" in text
    figure = lines(rows)
    assert len(figure.data) == 4
    assert figure.data[0].name == "a"
    assert list(figure.data[0].y) == [0.3, 0.1]


def test_a_figure_grows_until_its_legend_is_whole():
    table = plan("missing", Config())
    few, many = (
        figure_of(table, [row_of(f"method {i}", [0], points(0.3, 0.1)) for i in range(count)]) for count in (2, 16)
    )
    assert few is not None and many is not None
    assert few.layout.height == 420  # as it was
    assert many.layout.height >= 16 * 29 + 180  # plotly gives an entry 29 pixels, and axes and title the rest


def grid_rows() -> list[RowResult]:
    return [row_of(row.label, [0.1 + place / 100]) for place, row in enumerate(plan("grid", Config()).rows)]


def test_the_grid_has_experts_down_and_active_ones_across():
    text = format_grid(grid_rows(), "ndcg@20").splitlines()
    assert text[0] == "| NDCG@20 | k = 2 | k = 3 | k = 4 |"
    assert text[2] == "| K = 4 | 0.1000 | 0.1100 | 0.1200 |"
    assert text[4] == "| K = 8 | 0.1600 | <ins>0.1700</ins> | **0.1800** |"
    figure = heat_maps(grid_rows())
    assert figure.data[0].z[2] == pytest.approx((0.16, 0.17, 0.18))


def test_bars_show_means_and_deviations():
    figure = bars([row_of("image only", [0.2, 0.4]), row_of("MAMEX", [0.3, 0.3])])
    assert [bar.name for bar in figure.data] == ["image only", "MAMEX"]
    assert figure.data[0].y == pytest.approx((0.3, 0.3))
    assert figure.data[0].error_y.array == pytest.approx((0.2 / 2**0.5,) * 2)
    assert figure.data[0].marker.pattern.shape != figure.data[1].marker.pattern.shape
    assert figure_of(plan("1", Config()), []) is None


def test_results_are_tidy():
    frame = tidy(plan("1", Config()), [row_of("a", [0.2, 0.4])])
    test = frame[frame["part"] == "test"]
    assert len(test) == 2 * 4
    assert test[(test["seed"] == 1) & (test["metric"] == "ndcg@10")]["value"].tolist() == [0.4]
    assert test["n_users"].tolist() == [2] * 8
    assert frame[frame["part"] == "validation"]["value"].tolist() == [0.9, 0.9]
    missing = tidy(plan("missing", Config()), [row_of("a", [0.2], points(0.3, 0.1))])
    line = missing[(missing["lost"] == "either") & (missing["share"] == 1) & (missing["metric"] == "recall@20")]
    assert line["value"].tolist() == [0.1]


def test_a_file_of_results_keeps_the_lines_of_other_tables(tmp_path):
    path = tmp_path / "results.csv"
    merge_csv(path, pd.DataFrame({"table": ["1"], "value": [0.5]}), "table", "1")
    merge_csv(path, pd.DataFrame({"table": ["2"], "value": [0.1]}), "table", "2")
    merge_csv(path, pd.DataFrame({"table": ["1"], "value": [0.25]}), "table", "1")
    assert path.read_text() == "table,value\n2,0.1\n1,0.25\n"


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
