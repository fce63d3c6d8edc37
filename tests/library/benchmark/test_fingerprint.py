"""The fingerprint of code: it sees what can change a number, wherever that is written, and nothing else."""

import sys
from pathlib import Path

import numpy as np
import pytest

from mamex.baselines import BASELINES
from mamex.benchmark.identity import fingerprint as code
from mamex.benchmark.identity.fingerprint import Definition, code_fingerprint, definitions_behind
from mamex.benchmark.methods import all_methods
from mamex.config import Config
from mamex.evaluation import evaluate
from mamex.training.loop import fit
from tests.support.shops.planted import planted_data

ROOT = Path(__file__).resolve().parents[3] / "mamex"
FILES = {
    "mamex.a": "from mamex.b import f\n\n\ndef start():\n    return f() + 1\n\n\ndef idle():\n    return 3\n",
    "mamex.b": '"""Doc."""\n\nSIZE = 1\n\n\ndef f():\n    """Doc."""\n    return SIZE\n',
}


@pytest.fixture
def start(tmp_path, monkeypatch):
    """A function that writes modules and says the fingerprint of ``start`` in ``mamex.a``."""

    class Spec:
        submodule_search_locations = None

        def __init__(self, name):
            self.origin = str(tmp_path / f"{name}.py")

    def find_spec(name):
        package = name == "mamex"
        found = Spec(name)
        found.submodule_search_locations = [str(tmp_path)] if package else None
        return found if package or Path(found.origin).exists() else None

    def fingerprint(**changes):
        for name, text in (FILES | {name.replace("_", "."): text for name, text in changes.items()}).items():
            (tmp_path / f"{name}.py").write_text(text)
        forget()
        return code._hash(Definition("mamex.a", "start"))

    def forget():
        for cached in (code._hash, code._read, code._is_package):
            cached.cache_clear()

    monkeypatch.setattr(code, "find_spec", find_spec)
    yield fingerprint
    forget()


CALLS_F = "def start():\n    return f() + 1\n"


@pytest.mark.parametrize(
    "changes",
    [
        {"mamex_b": "# Why.\nSIZE = 1\n\ndef f():\n    return SIZE\n"},
        {"mamex_b": "SIZE = 1\n\ndef f() -> int:\n    return SIZE\n\ndef other():\n    return 2\n"},
        {"mamex_a": f"from mamex.b import f\n{CALLS_F}"},
        {"mamex_a": "def start():\n    from mamex.b import f\n    return f() + 1\n"},
        {"mamex_a": f"from mamex.c import f\n{CALLS_F}", "mamex_c": "SIZE = 1\ndef f():\n    return SIZE\n"},
        {"mamex_a": f"from mamex.c import f\n{CALLS_F}", "mamex_c": "from mamex.b import f\n"},
        {"mamex_a": f"SIZE = 1\ndef f():\n    return SIZE\n{CALLS_F}"},
    ],
    ids=["comment", "more beside it", "less beside it", "imported late", "moved", "passed on", "moved in"],
)
def test_where_code_lives_and_what_is_said_of_it_do_not_matter(start, changes):
    assert start() == start(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"mamex_a": "from mamex.b import f\ndef start():\n    return f() + 2\n"},
        {"mamex_b": "SIZE = 1\ndef f():\n    return SIZE + 1\n"},
        {"mamex_b": "SIZE = 2\ndef f():\n    return SIZE\n"},
        {"mamex_b": "SIZE = 1\ndef f(a=2):\n    return SIZE\n"},
        {"mamex_b": "SIZE = 1\nSIZE += 1\ndef f():\n    return SIZE\n"},
        {"mamex_b": "SIZE = 1\nif True:\n    SIZE = 2\ndef f():\n    return SIZE\n"},
        {"mamex_b": "SIZE = 1\n@twice\ndef f():\n    return SIZE\n"},
    ],
    ids=["itself", "what it calls", "a constant", "a default", "added to", "a condition", "a decorator"],
)
def test_what_can_change_a_number_matters(start, changes):
    assert start() != start(**changes)


@pytest.mark.parametrize(
    "imported",
    [
        "from mamex import b\ndef start():\n    return b.f()\n",
        "import mamex.b\ndef start():\n    return mamex.b.f()\n",
        "import mamex.b as c\ndef start():\n    return c.f()\n",
        "from mamex.b import f as g\ndef start():\n    return g()\n",
        "from mamex.b import f\ndef start(worker: f):\n    return worker()\n",
    ],
    ids=["a module", "by its full name", "by another name", "a function by another name", "as a type"],
)
def test_each_way_to_import_is_followed(start, imported):
    first = start(mamex_a=imported)
    assert first != start(mamex_a=imported, mamex_b="SIZE = 1\ndef f():\n    return SIZE + 1\n")


def test_methods_have_fingerprints_of_their_own():
    methods = all_methods(Config())
    assert len({method.code for method in methods.values()}) == len(methods)
    assert methods["mamex"].code == code_fingerprint(fit)


@pytest.mark.parametrize("name", [*BASELINES, "mamex"])
def test_all_code_that_a_method_runs_is_in_its_fingerprint(name):
    """What is run, as Python itself tells it: the other way to know what a number depends on."""
    config = Config.model_validate({"training": {"epochs": 2}, "model": {"dimension": 8}})
    method = all_methods(config, quick=True)[name]
    data, ran = planted_data(), set()
    sys.setprofile(lambda frame, event, _: ran.add(frame.f_code) if event == "call" else None)
    try:
        fitted = method.fit(data, {}, seed=0)
        evaluate(fitted.scorer, data, "test")
    finally:
        sys.setprofile(None)
    entry = fit if name == "mamex" else BASELINES[name]
    known = {**definitions_behind(Definition(entry.__module__, entry.__qualname__))}
    known |= definitions_behind(Definition("mamex.evaluation", "evaluate"))
    left_out = {"mamex.benchmark.methods", "mamex.benchmark.problem", *code.LEAVES}
    missed = {
        (module, outermost)
        for module, outermost in map(_place, ran)
        if module and module not in left_out and Definition(module, outermost) not in known
    }
    assert not missed
    assert len(known) > 10 and np.isfinite(fitted.scorer(np.arange(3), np.arange(3)).numpy()).all()


def _place(run) -> tuple[str, str]:
    """Module of ours, and outermost name, of what was run; "" if it isn't ours or has no name."""
    path, outermost = Path(run.co_filename), run.co_qualname.partition(".")[0]
    if not path.is_relative_to(ROOT) or outermost.startswith("<"):
        return "", ""
    return ".".join(["mamex", *path.relative_to(ROOT).with_suffix("").parts]), outermost
