"""What the Launch tab draws of a launch, without a browser: its figures and its words."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import words
from app.parts import figures, panels, reasons, tables, thought
from mamex.launch.result import LaunchResult, Routing

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."


@pytest.fixture(scope="module", params=["both", "picture", "words"])
def result(request, shop):
    picture = None if request.param == "words" else str(shop.examples[0].picture)
    given_words = ("", "") if request.param == "picture" else (TITLE, DESCRIPTION)
    return shop.launch(picture, *given_words, 20)


# Figures


def test_flows_add_up(result):
    flows = thought.flows(result)
    assert sum(flow.weight for flow in flows) == pytest.approx(1)
    for modality, weight in result.fusion.items():
        assert sum(flow.weight for flow in flows if flow.modality == modality) == pytest.approx(weight)


def test_bands_are_as_wide_as_their_weight(result):
    bands = figures.thought_figure(result).data
    assert len(bands) == 2 * len(thought.flows(result))
    for band in bands:
        routing = result.routing[band.meta["modality"]]
        weight = result.fusion[band.meta["modality"]] * routing.active[band.meta["expert"]]
        along = len(band.y) // 2
        widths = band.y[along:][::-1] - band.y[:along]
        assert band.meta["weight"] == weight
        assert np.allclose(widths, weight * thought.SCALE)


def test_what_flows_in_flows_out(result):
    layout = thought.arrange(result)
    for modality, block in layout.modalities.items():
        exits = [exit.height for (name, _), exit in layout.exits.items() if name == modality]
        assert sum(exits) == pytest.approx(block.height)
    assert sum(entry.height for entry in layout.entries.values()) == pytest.approx(layout.product.height)


def test_boxes_do_not_overlap(result):
    layout = thought.arrange(result)
    boxes = sorted(layout.experts.values(), key=lambda block: block.top)
    assert all(above.bottom < below.top for above, below in pairwise(boxes))
    assert all(layout.captions[name] <= block.top + 1e-6 for name, block in layout.modalities.items())


def test_gates_show_every_expert_and_mark_the_used(result):
    for modality, routing in result.routing.items():
        bars = figures.gate_figure(result, modality).data
        if routing is None:
            assert not bars
            continue
        assert [bar.x[0] for bar in bars] == routing.dense
        assert [bar.meta["used"] for bar in bars] == [share > 0 for share in routing.active]
        for bar, share in zip(bars, routing.active, strict=True):
            assert ("used" in bar.text[0]) == (share > 0)
            assert (bar.marker.pattern.shape == ".") == (share == 0)


def test_fusion_bars_are_the_weights(result):
    assert [bar.x[0] for bar in figures.fusion_figure(result).data] == list(result.fusion.values())


def test_figures_are_pure(result):
    before = result.to_json()
    drawn = [figures.thought_figure(result).to_json() for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert result.to_json() == before


def test_each_chart_has_a_table_twin(result):
    assert f"{result.fusion['image']:.4f}" in tables.gates_table(result)
    for routing in filter(None, result.routing.values()):
        assert all(f"{weight:.4f}" in tables.gates_table(result) for weight in routing.dense)
    assert all(f"{flow.weight:.4f}" in tables.thought_table(result) for flow in thought.flows(result))


def test_many_experts_and_a_third_modality_fit():
    third = Routing([0.1] * 6 + [0.2, 0.2], [0.0] * 6 + [0.5, 0.5])
    result = LaunchResult(
        routing={"image": third, "text": third, "audio": third},
        fusion={"image": 0.6, "text": 0.0, "audio": 0.4},
        reach={}, reach_standing={}, list_length=20, audience_size=0, audience_users=np.array([]), audience=[],
        neighbours={}, warnings=[], timings={}, embedding=np.array([]), product=None, reading=None,
    )  # fmt: skip
    assert [(flow.modality, flow.expert) for flow in thought.flows(result)] == [
        ("image", 6), ("image", 7), ("audio", 6), ("audio", 7)
    ]  # fmt: skip
    layout = thought.arrange(result)
    boxes = sorted(layout.experts.values(), key=lambda block: block.top)
    assert len(boxes) == 24 and all(above.bottom < below.top for above, below in pairwise(boxes))
    assert figures.thought_figure(result).layout.height >= layout.height


# Words


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=12), st.integers(2, 5))
def test_rounded_parts_add_up(parts, digits):
    rounded, total = words.rounded_parts(parts, sum(parts), digits)
    assert sum(rounded) == pytest.approx(total, abs=1e-9)
    assert all(abs(a - b) <= 1.001 * 10**-digits for a, b in zip(parts, rounded, strict=True))
    assert all(b == 0 for a, b in zip(parts, rounded, strict=True) if a == 0)


def test_shown_reasons_add_up_to_the_score(result):
    parts = reasons.used_parts(member.contributions for member in result.audience)
    for member in result.audience:
        digits = words.digits_for(member.score)
        values, total = reasons.shown_parts(member.contributions, member.score, parts, digits)
        assert sum(values) == pytest.approx(total, abs=1e-9)
        assert total == pytest.approx(member.score, abs=0.51 * 10**-digits)


def test_warnings_speak_of_pictures_and_words():
    sentence = "The product has no image; the prediction rests on the rest alone."
    assert words.warning(sentence).startswith("The product has no picture;")
    assert "product's words are" in words.warning("The product's text is unlike anything in the catalogue.")


@pytest.mark.parametrize(
    ("share", "written"), [(0, "0 %"), (0.0002, "under 0.1 %"), (0.0405, "4.0 %"), (0.7777, "78 %"), (1, "100 %")]
)
def test_percent(share, written):
    assert words.percent(share).replace("\u00a0", " ") == written


def test_no_audience_is_said_in_words(shop, result):
    lonely = replace(result, audience=[], audience_size=0, audience_users=np.array([], dtype=int))
    assert ">0</span>" in panels.headline(shop, lonely, None)
