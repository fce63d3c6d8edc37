"""What can go wrong in a benchmark: damaged results, killed workers, tables without rows; each is one sentence."""

import argparse
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest
from planted import planted_data

from mamex.baselines import kernel_ridge, ridge
from mamex.benchmark.cells import Cell, CellResult, CellStore
from mamex.benchmark.methods import all_methods
from mamex.benchmark.options import add_options
from mamex.benchmark.plan import plan
from mamex.benchmark.runner import Runner
from mamex.config import Config, override
from mamex.errors import BenchmarkError
from mamex.evaluation import Evaluation, evaluate


def test_a_damaged_result_is_named(tmp_path):
    (tmp_path / "key.json").write_text('{"result": {"metrics": {}}}')
    with pytest.raises(BenchmarkError, match=r"key\.json is damaged"):
        CellStore(tmp_path).load("key")


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
