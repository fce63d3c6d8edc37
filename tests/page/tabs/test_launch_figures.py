"""What the Launch tab draws of a launch, without a browser: its figures and its words."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import words
from app.parts import figures, panels, reasons, tables, thought
from app.parts.flow import LEFT, MIDDLE, RIGHT, flow, flow_figure
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
    assert sum(one.weight for one in flows) == pytest.approx(1)
    for modality, weight in result.fusion.items():
        assert sum(one.weight for one in flows if one.modality == modality) == pytest.approx(weight)


def test_bands_are_as_wide_as_their_weight(result):
    streams = flow_figure(result).streams
    assert len(streams) == len(thought.flows(result))
    for stream in streams:
        weight = result.fusion[stream.modality] * result.routing[stream.modality].active[stream.expert]
        assert stream.weight == weight
        assert len(stream.bands) == 2
        for band in stream.bands:
            for top, bottom in (band.left, band.right):
                assert 0 <= top < bottom <= 1
                assert (bottom - top) * band.box.height == pytest.approx(weight * thought.SCALE)


def test_bands_lead_from_a_modality_by_its_expert_into_the_product(result):
    layout = thought.arrange(result)
    for stream in flow_figure(result).streams:
        into, out = stream.bands
        key = (stream.modality, stream.expert)
        for band, start, end in (
            (into, layout.exits[key], layout.experts[key]),
            (out, layout.experts[key], layout.entries[key]),
        ):
            for block, (top, bottom) in ((start, band.left), (end, band.right)):
                assert band.box.y + top * band.box.height == pytest.approx(block.top)
                assert band.box.y + bottom * band.box.height == pytest.approx(block.bottom)
        assert LEFT[1] == into.box.x and into.box.x + into.box.width == pytest.approx(MIDDLE[0])
        assert MIDDLE[1] == out.box.x and out.box.x + out.box.width == pytest.approx(RIGHT[0])


def test_each_stream_says_in_words_what_it_is(result):
    figure = flow_figure(result)
    drawn = ElementTree.fromstring(flow(result))
    titles = [title.text for title in drawn.iter("title")]
    assert titles == [stream.text for stream in figure.streams]
    said = [group.attrib for group in drawn.iter("g")]
    assert [one["aria-label"] for one in said] == titles
    assert all(one["role"] == "img" and one["tabindex"] == "0" for one in said)
    for stream in figure.streams:
        assert words.modality(stream.modality) in stream.text.lower()
        assert words.expert(stream.expert).lower() in stream.text
        assert words.percent(stream.weight) in stream.text


def test_the_template_draws_all_that_was_computed(result):
    figure = flow_figure(result)
    drawn = ElementTree.fromstring(flow(result))
    known = {one.get("id") for one in drawn.iter() if one.get("id")}
    bands = [one for one in drawn.iter("rect") if one.get("class") == "band"]
    assert len(bands) == 2 * len(figure.streams)
    for band, model in zip(bands, (band for stream in figure.streams for band in stream.bands), strict=True):
        assert {re.sub(r"url\(#(.*)\)", r"\1", band.get(name)) for name in ("fill", "clip-path")} <= known
        assert float(band.get("height")) == pytest.approx(model.box.height, abs=0.01)
    plain = [one for one in drawn.findall("rect") if one.get("class") != "band"]
    assert [one.get("fill") or "" for one in plain] == [box.fill for box in figure.boxes]
    texts = ["".join(one.itertext()) for one in drawn.findall("text")]
    assert texts == [f"{label.text} {label.number}".rstrip(" ") for label in figure.labels]
    assert len(known) == sum("id" in one.attrib for one in drawn.iter())


def test_who_rests_is_an_outline_and_who_is_missing_is_named(result):
    figure = flow_figure(result)
    given = {modality: routing for modality, routing in result.routing.items() if routing is not None}
    resting = sum(not share for routing in given.values() for share in routing.active)
    assert sum(not box.fill for box in figure.boxes) == resting
    texts = [label.text for label in figure.labels]
    assert sum(text.endswith(" rests") for text in texts) == resting
    assert [text for text in texts if "not given" in text] == [
        f"{words.capital(words.modality(modality))}: not given" for modality in result.routing if modality not in given
    ]
    hatched = {modality: filling.hatch for modality, filling in zip(result.fusion, figure.fillings, strict=True)}
    assert len(set(hatched.values())) == len(hatched)  # told apart without colours


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
    drawn = [flow(result) + figures.fusion_figure(result).to_json() for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert result.to_json() == before


def test_each_chart_has_a_table_twin(result):
    assert f"{result.fusion['image']:.4f}" in tables.gates_table(result)
    for routing in filter(None, result.routing.values()):
        assert all(f"{weight:.4f}" in tables.gates_table(result) for weight in routing.dense)
    assert all(f"{one.weight:.4f}" in tables.thought_table(result) for one in thought.flows(result))


def test_many_experts_and_a_third_modality_fit():
    third = Routing([0.1] * 6 + [0.2, 0.2], [0.0] * 6 + [0.5, 0.5])
    result = LaunchResult(
        routing={"image": third, "text": third, "audio": third},
        fusion={"image": 0.6, "text": 0.0, "audio": 0.4},
        reach={}, reach_standing={}, list_length=20, audience_size=0, audience_users=np.array([]), audience=[],
        neighbours={}, warnings=[], timings={}, embedding=np.array([]), product=None, reading=None,
    )  # fmt: skip
    assert [(one.modality, one.expert) for one in thought.flows(result)] == [
        ("image", 6), ("image", 7), ("audio", 6), ("audio", 7)
    ]  # fmt: skip
    layout = thought.arrange(result)
    boxes = sorted(layout.experts.values(), key=lambda block: block.top)
    assert len(boxes) == 24 and all(above.bottom < below.top for above, below in pairwise(boxes))
    assert flow_figure(result).height >= layout.height


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
