"""What can go wrong in a benchmark: damaged results, killed workers, tables without rows; each is one sentence."""

import argparse
import json
import multiprocessing
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pandas as pd
import pytest

from mamex.baselines import kernel_ridge, ridge
from mamex.benchmark.identity.cells import Cell, CellResult, CellStore
from mamex.benchmark.methods import all_methods
from mamex.benchmark.plan import plan
from mamex.benchmark.report.protocol import write_protocol
from mamex.benchmark.report.results import merge_csv
from mamex.benchmark.runner import Runner, open_runner
from mamex.cli.benchmark import add_options
from mamex.config import Config, override
from mamex.errors import BenchmarkError
from mamex.evaluation import Evaluation, evaluate
from tests.support.shops.planted import planted_data


def test_a_damaged_result_is_named(tmp_path):
    (tmp_path / "key.json").write_text('{"result": {"metrics": {}}}')
    with pytest.raises(BenchmarkError, match=r"key\.json is damaged"):
        CellStore(tmp_path).load("key")


RESULT = {"validation": {}, "metrics": {"recall@20": 0.5}, "n_users": 3, "seconds": 1.0, "missing": []}


@pytest.mark.parametrize(
    "change",
    [
        {"metrics": None},
        {"metrics": {"recall@20": "0.5"}},
        {"metrics": {"recall@20": float("nan")}},
        {"metrics": {"recall@20": 7.0}},
        {"validation": []},
        {"n_users": -1},
        {"n_users": True},
        {"seconds": "1"},
        {"missing": {}},
        {"missing": [{"lost": None}]},
        {"more": 1},
    ],
)
def test_a_result_with_an_entry_of_another_kind_is_named(tmp_path, change):
    (tmp_path / "key.json").write_text(json.dumps({"result": RESULT}))
    assert CellStore(tmp_path).load("key").metrics == {"recall@20": 0.5}
    (tmp_path / "key.json").write_text(json.dumps({"result": RESULT | change}))
    with pytest.raises(BenchmarkError, match=r"key\.json is damaged"):
        CellStore(tmp_path).load("key")


@pytest.mark.parametrize("text", ["[" * 100_000, "null", '{"result": [1]}', " " * 9_000_000, "\xff"])
def test_a_result_that_is_no_json_of_ours_is_named(tmp_path, text):
    (tmp_path / "key.json").write_text(text, encoding="latin-1")
    with pytest.raises(BenchmarkError, match=r"key\.json is damaged"):
        CellStore(tmp_path).load("key")


@pytest.mark.parametrize(
    "arrays",
    [
        {"users": np.arange(3)},
        {"users": np.arange(3), "recall@20": np.zeros(2, np.float32)},
        {"users": np.arange(3), "recall@20": np.full(3, np.nan, np.float32)},
        {"users": np.arange(3), "recall@20": np.zeros(3, dtype="U3")},
        {"users": np.arange(3.0), "recall@20": np.zeros(3, np.float32)},
        {"users": np.array([None]), "recall@20": np.zeros(1, np.float32)},
        {"recall@20": np.zeros(3, np.float32)},
    ],
)
def test_arrays_of_another_kind_are_named(tmp_path, arrays):
    np.savez(tmp_path / "key.npz", **arrays)
    with pytest.raises(BenchmarkError, match=r"delete key\.json"):
        CellStore(tmp_path).per_user("key")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", 'method\n"', "method\n\xff\n", "method,a\n1,2,3,4\n"])
def test_a_table_of_results_that_is_damaged_is_named(tmp_path, text):
    (tmp_path / "results.csv").write_text(text, encoding="latin-1")
    with pytest.raises(BenchmarkError, match=r"results\.csv is damaged; delete it"):
        merge_csv(tmp_path / "results.csv", pd.DataFrame({"method": ["ridge"]}), "method", "ridge")


@pytest.mark.parametrize("text", ["[]", "1", '{"table1": {}}', '{"table1": {"command": 1}}', "[" * 100_000, "{"])
def test_a_protocol_that_is_damaged_is_named(tmp_path, text):
    (tmp_path / "protocol.json").write_text(text)
    with pytest.raises(BenchmarkError, match=r"protocol\.json is damaged; delete it"):
        write_protocol(tmp_path, "table2", {})


@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
def test_cut_arrays_are_named(tmp_path, share):
    store = CellStore(tmp_path)
    evaluation = Evaluation(np.arange(500), {"recall@20": np.linspace(0, 1, 500)})
    store.save("key", Cell.of("ridge", {}, 0, "test"), {}, CellResult({}, {}, 500, 1.0), evaluation)
    path = tmp_path / "key.npz"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BenchmarkError, match=r"delete key\.json"):
        store.per_user("key")


def test_a_worker_that_is_killed_is_one_sentence(monkeypatch):
    class KilledPool:
        def submit(self, *_):
            future: Future[None] = Future()
            future.set_exception(BrokenProcessPool("a child process terminated abruptly"))
            return future

    monkeypatch.setattr("mamex.benchmark.runner.unfinished", lambda _, cells: list(cells))
    runner = Runner(workbench=None, pool=KilledPool())
    with pytest.raises(BenchmarkError, match="fewer --jobs"):
        runner.run([Cell.of("ridge", {}, 0, "test")], "testing")


def test_a_stopped_benchmark_leaves_no_worker_behind():
    with pytest.raises(KeyboardInterrupt), open_runner(Idle(), 2) as runner:
        runner._pool.submit(time.sleep, 300)
        while not multiprocessing.active_children():
            time.sleep(0.01)
        workers = multiprocessing.active_children()
        raise KeyboardInterrupt
    deadline = time.monotonic() + 30
    # The pool's own thread waits for them too; where it was first, they count as alive until it has told.
    while any(worker.is_alive() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Idle:
    """A workbench that has nothing to do."""


def test_a_table_without_rows_is_refused():
    with pytest.raises(BenchmarkError, match="reads content"):
        plan("missing", Config(), ["random"])
    parser = argparse.ArgumentParser()
    add_options(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--data", "a", "--out", "b", "--methods", " , "])


@pytest.mark.parametrize(
    ("name", "module"), [("ridge", ridge), ("ridge-weighted", ridge), ("ridge-kernel", kernel_ridge)]
)
@pytest.mark.parametrize("candidates", ["cold", "cold_test", "all"])
def test_the_ridges_choose_under_the_protocol_of_the_run(monkeypatch, name, module, candidates):
    asked = []

    def watched(scorer, data, part, candidates="cold"):
        asked.append((part, candidates))
        return evaluate(scorer, data, part, candidates)

    monkeypatch.setattr(module, "evaluate", watched)
    config = override(Config(), [f"evaluation.candidates={candidates}"])
    data = planted_data()
    fitted = all_methods(config)[name].fit(data, {}, 0)
    assert set(asked) == {("validation", candidates)}
    assert evaluate(fitted.scorer, data, "test", candidates).mean["recall@20"] > 0
