"""The example notebook runs as it stands, and prints what it shows."""

import json
import re

import pytest

from tests.documents.notebook import NOTEBOOK, code_cells, run, shown

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def notebook():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ran(notebook):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(NOTEBOOK.parent)  # where Jupyter would start it
        return run(notebook)


def numbers(text):
    """Those that were counted, and those that were measured."""
    found = [number.replace(",", "") for number in NUMBER.findall(text)]
    return [int(number) for number in found if "." not in number], [float(number) for number in found if "." in number]


def test_a_product_is_launched_explained_and_changed(ran):
    names, _ = ran
    mug, compared = names["mug"], names["compared"]
    assert mug.audience_size > 0
    assert sum(mug.fusion.values()) == pytest.approx(1, abs=1e-5)
    assert len(compared.won) + compared.kept == names["porcelain"].audience_size
    assert {piece.name for piece in names["pieces"]} == set(names["words"].split())


def test_what_it_shows_is_what_it_prints(notebook, ran):
    for cell, text, said in zip(code_cells(notebook), shown(notebook), ran[1], strict=True):
        assert NUMBER.sub("#", said).split() == NUMBER.sub("#", text).split(), cell["id"]
        # Sums of floats differ a little between machines, and with them who is just above a threshold.
        for here, there, leeway in zip(numbers(said), numbers(text), (3, 0.05), strict=True):
            assert here == pytest.approx(there, rel=0.01, abs=leeway), cell["id"]


def test_it_holds_text_and_no_pictures(notebook):
    outputs = [output for cell in code_cells(notebook) for output in cell["outputs"]]
    assert {output["output_type"] for output in outputs} == {"stream"}
    assert notebook["nbformat"] == 4
