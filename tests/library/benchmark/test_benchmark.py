"""``python -m mamex benchmark`` from end to end: what it writes, and whose numbers those are."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest

from mamex.baselines import Ridge
from mamex.benchmark.methods import QUICK_MAMEX, all_methods
from mamex.benchmark.options import Options
from mamex.benchmark.problem import Problem
from mamex.benchmark.run import run_benchmark
from mamex.config import Config, override
from mamex.errors import BenchmarkError, ConfigError
from mamex.evaluation import dot_products, evaluate
from mamex.training.loop import fit
from tests.support.shops.benchmark_shop import ASSIGNMENTS, write_benchmark_shop

METHODS = ("random", "content-knn", "ridge", "milk", "mamex")
FILES = ("table1", "table2", "table3", "figure2", "missing", "grid")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return write_benchmark_shop(tmp_path_factory.mktemp("benchmark") / "shop")


def options(shop, out, **changes) -> Options:
    plain = {"methods": METHODS, "seeds": 2, "trials": 2, "quick": True, "assignments": ASSIGNMENTS}
    return Options(shop, out, **(plain | changes))


@pytest.fixture(scope="module")
def finished(shop, tmp_path_factory):
    """All tables, and the messages that were given on the way; figures drawn by nobody."""
    out = tmp_path_factory.mktemp("benchmark") / "out"
    messages, steps = [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(go.Figure, "to_image", lambda figure, format: b"<svg>drawn</svg>")
        run_benchmark(options(shop, out), lambda *step: steps.append(step), messages.append)
    return out, messages, steps


def results_of(out: Path, table: str = "1", part: str = "test") -> pd.DataFrame:
    frame = pd.read_csv(out / "results.csv", dtype={"table": str})
    return frame[(frame["table"] == table) & (frame["part"] == part)]


def value_of(frame: pd.DataFrame, method: str, seed: int, metric: str) -> float:
    line = frame[(frame["method"] == method) & (frame["seed"] == seed) & (frame["metric"] == metric)]
    return line["value"].item()


def test_every_table_has_its_files(finished):
    out, _, _ = finished
    for name in FILES:
        assert (out / f"{name}.md").read_text().startswith("# ")
        assert "A smoke run" in (out / f"{name}.md").read_text()
    for name in ("figure2", "missing", "grid"):
        assert (out / f"{name}.svg").read_text() == "<svg>drawn</svg>"
        assert json.loads((out / f"{name}.json").read_text())["data"]
    assert set(pd.read_csv(out / "results.csv", dtype={"table": str})["table"]) == {
        name.removeprefix("table") for name in FILES
    }


def test_table_1_shows_every_method_and_compares_mamex_with_each(finished):
    out, _, _ = finished
    text = (out / "table1.md").read_text()
    for label in ("random", "content-kNN", "ridge", "MILK", "MAMEX"):
        assert re.search(rf"^\| {label} \| .*\d\.\d{{4}}.* ± \d\.\d{{4}}", text, re.MULTILINE), label
    assert text.count(", p ") == 2 * 4
    assert "**" in text
    assert "<ins>" in text


def test_the_numbers_are_those_of_evaluate(finished, shop):
    out, _, _ = finished
    frame = results_of(out)
    config = override(override(Config(), QUICK_MAMEX), ASSIGNMENTS)
    problem = Problem.read(shop, config)
    chosen = json.loads((out / "protocol.json").read_text())["table1"]["settings"]["mamex"]
    config = override(config, [f"{name}={value}" for name, value in chosen.items()])
    for seed in (0, 1):
        data = problem.split(seed)
        trained = fit(data, config.with_seed(seed))
        items = trained.tower(data.features, data.present).embeddings
        ridge = Ridge()
        ridge.fit(data, seed)
        for method, scorer in (("MAMEX", dot_products(trained.users, items)), ("ridge", ridge.score)):
            result = evaluate(scorer, data, "test")
            for metric, value in result.mean.items():
                assert value_of(frame, method, seed, metric) == pytest.approx(value, abs=1e-9)
            assert set(frame[frame["seed"] == seed]["n_users"]) == {len(result.users)}
    values = [value_of(frame, "ridge", seed, "ndcg@20") for seed in (0, 1)]
    mean, deviation = sum(values) / 2, abs(values[0] - values[1]) / 2**0.5
    line = next(line for line in (out / "table1.md").read_text().splitlines() if line.startswith("| ridge |"))
    assert f"{mean:.4f} ± {deviation:.4f}" in line


def test_the_same_budget_is_spent_on_every_method_and_the_best_is_chosen(finished):
    out, _, _ = finished
    tuning = pd.read_csv(out / "tuning.csv")
    assert set(tuning["method"]) == {"milk", "mamex"}
    chosen = json.loads((out / "protocol.json").read_text())["table1"]["settings"]
    for method, trials in tuning.groupby("method"):
        assert trials["trial"].tolist() == [0, 1]
        assert trials["chosen"].sum() == 1
        best = trials.loc[trials["ndcg@20"].idxmax()]
        assert best["chosen"]
        settings = "" if pd.isna(best["settings"]) else best["settings"]
        assert settings == " ".join(f"{name}={value}" for name, value in sorted(chosen[method].items()))
    assert chosen["ridge"] == {}


def test_variants_have_mamex_settings_but_for_what_they_vary(finished):
    out, _, _ = finished
    cells = [json.loads(path.read_text()) for path in (out / "cells").glob("*.json")]
    chosen = json.loads((out / "protocol.json").read_text())["table2"]["settings"]["mamex"]
    tested = [cell for cell in cells if cell["cell"]["method"] == "mamex" and cell["cell"]["kind"] == "test"]
    joint = [cell["cell"]["changes"] for cell in tested if cell["settings"]["model"]["router"] == "joint"]
    assert joint == [{**chosen, "model.router": "joint"}] * 2  # one a seed
    grid = {(cell["settings"]["model"]["experts"], cell["settings"]["model"]["active_experts"]) for cell in tested}
    assert grid == {(experts, active) for experts in (4, 6, 8) for active in (2, 3, 4)} | {(1, 1)}
    widths = {len(cell["settings"]["model"]["modalities"]) for cell in tested}
    assert widths == {1, 2}


def test_rows_of_several_tables_are_computed_once(finished):
    out, messages, _ = finished
    for table in ("2", "3", "figure2"):
        for seed in (0, 1):
            ours = value_of(results_of(out, table), "MAMEX", seed, "ndcg@20")
            assert ours == value_of(results_of(out), "MAMEX", seed, "ndcg@20")
    grid = value_of(results_of(out, "grid"), "K=4, k=4", 0, "ndcg@20")
    assert grid == value_of(results_of(out), "MAMEX", 0, "ndcg@20")
    assert any("Routers and experts, testing: 2 of 6 cells were finished already" in text for text in messages)


def test_losing_nothing_is_the_test_itself(finished):
    out, _, _ = finished
    missing = results_of(out, "missing")
    assert set(missing["lost"]) == {"image", "text", "either"}
    assert set(missing["share"]) == {0, 0.25, 0.5, 0.75, 1}
    assert set(missing["method"]) == {"content-kNN", "ridge", "MILK", "MAMEX", "MAMEX, modality dropout 0.3"}
    for method in ("MAMEX", "ridge", "content-kNN"):
        for lost in ("image", "text", "either"):
            nothing = missing[(missing["lost"] == lost) & (missing["share"] == 0)]
            expected = value_of(results_of(out), method, 1, "ndcg@20")
            assert value_of(nothing, method, 1, "ndcg@20") == pytest.approx(expected, abs=1e-6)
    everything = missing[(missing["lost"] == "text") & (missing["share"] == 1)]
    assert value_of(everything, "ridge", 1, "ndcg@20") != value_of(results_of(out), "ridge", 1, "ndcg@20")


def test_progress_counts_cells(finished):
    _, _, steps = finished
    tuning = [step for step in steps if step[0] == "Overall performance, tuning"]
    assert [step[1:] for step in tuning] == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]  # two methods, two trials
    assert [step for step in steps if step[0] == "Overall performance, testing"][-1][1:] == (10, 10)


def test_the_protocol_says_how_it_was_done(finished):
    out, _, _ = finished
    text = (out / "protocol.md").read_text()
    for words in ("all cold items, validation and test together", "2 random trial(s)", "paired over users", "cores"):
        assert words in text
    assert f"--methods {','.join(METHODS)}" in text
    assert text.count("## ") == len(FILES)


def test_the_same_command_again_computes_nothing_and_writes_the_same(finished, shop, monkeypatch):
    out, _, _ = finished
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    written = {path.name: path.stat().st_mtime_ns for path in (out / "cells").iterdir()}

    def refuse(*arguments):
        raise AssertionError("nothing is left to fit")

    for kind in {type(method) for method in all_methods(Config()).values()}:
        monkeypatch.setattr(kind, "fit", refuse)
    run_benchmark(options(shop, out, table="1"))
    after = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    for name in ("table1.md", "tuning.csv", "grid.md"):
        assert after[name] == before[name]
    lines = [sorted(files["results.csv"].decode().splitlines()) for files in (before, after)]
    assert lines[0] == lines[1]
    assert {path.name: path.stat().st_mtime_ns for path in (out / "cells").iterdir()} == written


def test_other_data_or_settings_are_other_cells(finished, shop, tmp_path):
    out, _, _ = finished
    copy = shutil.copytree(out / "cells", tmp_path / "out" / "cells")
    small = {"table": "1", "methods": ("ridge",)}
    before = len(list(copy.glob("*.json")))
    run_benchmark(options(shop, tmp_path / "out", **small))
    assert len(list(copy.glob("*.json"))) == before
    more = (*ASSIGNMENTS, "evaluation.candidates=cold_test")
    run_benchmark(options(shop, tmp_path / "out", **small, assignments=more))
    assert len(list(copy.glob("*.json"))) == before + 2
    other = write_benchmark_shop(tmp_path / "shop", n_users=45)
    run_benchmark(options(other, tmp_path / "out", **small))
    assert len(list(copy.glob("*.json"))) == before + 4


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"methods": ("milc",)}, BenchmarkError, "did you mean 'milk'"),
        ({"assignments": ("model.expert=3",)}, ConfigError, "did you mean 'model.experts'"),
        ({"table": "figure2", "assignments": (*ASSIGNMENTS, "model.modalities=text")}, BenchmarkError, "only one"),
    ],
)
def test_wrong_input_is_one_sentence_before_anything_is_written(shop, tmp_path, changes, error, says):
    with pytest.raises(error, match=says) as caught:
        run_benchmark(options(shop, tmp_path / "out", **changes))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_figure_that_cannot_be_drawn_is_said_and_kept_as_json(shop, tmp_path, monkeypatch):
    def fail(figure, format):
        raise RuntimeError("no browser")

    monkeypatch.setattr(go.Figure, "to_image", fail)
    messages = []
    run_benchmark(options(shop, tmp_path, table="figure2", trials=1, seeds=1), message=messages.append)
    assert [text for text in messages if "figure2.svg was not drawn" in text]
    assert (tmp_path / "figure2.json").is_file()
    assert not (tmp_path / "figure2.svg").exists()
