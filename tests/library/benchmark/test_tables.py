"""What the benchmark prints and draws: tables, figures, tidy files."""

import numpy as np
import pandas as pd
import pytest

from mamex.benchmark.identity.cells import CellResult
from mamex.benchmark.plan import LABELS, plan
from mamex.benchmark.report.figures import bars, figure_of, heat_maps, lines
from mamex.benchmark.report.paper_values import paper_values
from mamex.benchmark.report.results import RowResult, merge_csv, tidy
from mamex.benchmark.report.tables import format_grid, format_missing, format_paper, format_rows
from mamex.config import Config
from mamex.evaluation import Evaluation

METRICS = ("recall@10", "ndcg@10", "recall@20", "ndcg@20")


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
