"""The app without a browser: its figures, its words, its endpoint."""

import json
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import httpx
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from hypothesis import given
from hypothesis import strategies as st

from app import figures, main, page, panels, reasons, tables, thought, words
from app.shop import MOST_CHARACTERS, Shop
from mamex.errors import LaunchError, PictureError
from mamex.launch import Launcher
from mamex.launch_result import LaunchResult, Routing

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."


@pytest.fixture(scope="module")
def example(shop):
    return shop.examples[0]


@pytest.fixture(scope="module", params=["both", "picture", "words"])
def result(request, shop, example):
    picture = None if request.param == "words" else str(example.picture)
    given_words = ("", "") if request.param == "picture" else (TITLE, DESCRIPTION)
    return shop.launch(picture, *given_words, 20)


def comparable(answer):
    """A result as JSON without what differs from run to run."""
    return {key: value for key, value in json.loads(json.dumps(answer)).items() if key != "timings"}


def same(one, other):
    """Equal, numbers to five digits: another thread may add in another order."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return one == pytest.approx(other, rel=1e-4, abs=1e-5)
    return one == other


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
    before = comparable(result.to_json())
    drawn = [figures.thought_figure(result).to_json() for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert comparable(result.to_json()) == before


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


# Examples


def test_examples_are_held_out_and_complete(shop):
    data = shop.launcher.checkpoint.data
    assert 3 <= len(shop.examples) <= 6
    for example in shop.examples:
        assert data.part[example.position] == 2
        assert example.title and example.description and example.picture.is_file()
        assert example.position in data.interactions.test[:, 1]


def test_examples_are_recognised_by_their_contents_alone(shop, example):
    known = shop.known
    assert known.recognise(str(example.picture), example.title, example.description) == example.position
    assert known.recognise(str(example.picture), example.title, example.description + " new") is None
    assert known.recognise(None, example.title, example.description) is None
    other = next(other for other in shop.examples if other.picture.read_bytes() != example.picture.read_bytes())
    assert known.recognise(str(other.picture), example.title, example.description) is None


def test_reveal_counts_the_real_buyers(shop, example):
    launched = shop.launch(str(example.picture), example.title, example.description, 50)
    reveal = shop.known.reveal(example.position, launched)
    data = shop.launcher.checkpoint.data
    buyers = {int(user) for user, item in data.interactions.test if item == example.position}
    assert reveal.buyers == len(buyers)
    assert reveal.found == len(buyers & set(launched.audience_users.tolist()))
    assert reveal.by_chance == pytest.approx(len(buyers) * launched.audience_size / data.n_users)


# What visitors do wrong


def test_nothing_given_is_one_sentence(shop):
    with pytest.raises(LaunchError, match="add a picture, a title or a description"):
        shop.launch(None, " ", "\n", 20)


def test_far_too_much_text_is_refused(shop):
    with pytest.raises(LaunchError, match=r"characters long; keep them under"):
        shop.launch(None, "", "x" * (MOST_CHARACTERS + 1), 20)


def test_a_broken_picture_is_named(shop, tmp_path):
    broken = tmp_path / "mug.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    with pytest.raises(PictureError, match=r"mug\.png can't be read as a picture"):
        shop.launch(str(broken), "", "", 20)


def test_an_absent_checkpoint_is_one_sentence(tmp_path, capsys):
    assert main.main(["--checkpoint", str(tmp_path / "none")]) == 1
    printed = capsys.readouterr()
    assert "There is no checkpoint" in printed.err and len(printed.err.strip().splitlines()) == 1
    assert "Traceback" not in printed.err


def test_a_damaged_checkpoint_is_one_sentence(app_checkpoint, tmp_path, capsys):
    damaged = tmp_path / "damaged"
    shutil.copytree(app_checkpoint, damaged)
    with (damaged / "model.safetensors").open("ab") as stream:
        stream.write(b"x")
    assert main.main(["--checkpoint", str(damaged)]) == 1
    printed = capsys.readouterr()
    assert "is damaged" in printed.err and len(printed.err.strip().splitlines()) == 1


def test_a_file_that_cannot_be_read_is_no_fault_of_the_port(monkeypatch, tmp_path, capsys):
    def unreadable(_):
        raise PermissionError(13, "Permission denied", "items.csv")

    monkeypatch.setattr("app.shop.Shop.load", unreadable)
    assert main.main(["--checkpoint", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert "items.csv" in printed.err and "port" not in printed.err


def test_a_checkpoint_without_its_pictures_still_opens(shop):
    checkpoint = shop.launcher.checkpoint
    moved = replace(checkpoint, dataset=replace(checkpoint.dataset, folder=Path("/nowhere")))
    bare = Shop.of(Launcher(moved, shop.launcher.encoder))
    assert bare.examples == []
    assert (
        bare.launch(None, TITLE, DESCRIPTION, 20).audience_size
        == shop.launch(None, TITLE, DESCRIPTION, 20).audience_size
    )


def test_no_audience_is_said_in_words(shop, result):
    lonely = replace(result, audience=[], audience_size=0, audience_users=np.array([], dtype=int))
    assert ">0</span>" in panels.headline(shop, lonely, None)


def test_uploads_are_gone_within_the_hour():
    assert page.CACHE_CHECK + page.CACHE_AGE <= 3600


# The endpoint


@pytest.fixture(scope="module")
def client(server):
    return Client(server, verbose=False)


def test_the_endpoint_returns_what_the_launcher_returns(client, shop, example):
    answer = client.predict(handle_file(str(example.picture)), TITLE, DESCRIPTION, 10, api_name="/launch")
    text = f"{TITLE}. {DESCRIPTION}"
    direct = shop.launcher.launch(image=example.picture, text=text, list_length=10).to_json()
    assert same(comparable(direct), comparable(answer))
    assert set(answer["timings"]) == set(direct["timings"])


def test_the_endpoint_takes_words_alone(client, shop):
    answer = client.predict(title=TITLE, description=DESCRIPTION, api_name="/launch")
    direct = shop.launcher.launch(text=f"{TITLE}. {DESCRIPTION}").to_json()
    assert same(comparable(direct), comparable(answer))


def test_the_endpoint_says_what_is_wrong(client):
    with pytest.raises(AppError, match="There is nothing to look at yet"):
        client.predict(title="", description="", api_name="/launch")


def test_the_shops_files_are_not_served(server, shop, app_checkpoint):
    pictures = [path for path in shop.thumbnails.paths if path]
    for path in (pictures[0], app_checkpoint / "users.csv", Path("pyproject.toml").resolve()):
        assert httpx.get(f"{server}gradio_api/file={path}").status_code in (403, 404)


#: Every action of the page, as programs call it.
ENDPOINTS = {
    "launch", "report", "audience", "audience_csv", "segments", "neighbours", "cannibalisation", "what_if",
    "word_worth", "patch_worth", "map", "experts", "shopper", "batch", "batch_csv", "model", "check_dataset",
    "train_shop",
}  # fmt: skip


def test_each_action_is_a_documented_endpoint_and_nothing_else_is(client):
    described = client.view_api(return_format="dict", print_info=False)
    assert {name.removeprefix("/") for name in described["named_endpoints"]} == ENDPOINTS
    assert not described["unnamed_endpoints"]
    parameters = [given["parameter_name"] for given in described["named_endpoints"]["/launch"]["parameters"]]
    assert parameters == ["picture", "title", "description", "list_length"]


def test_each_action_is_a_tool_for_agents_that_says_what_it_does(server):
    tools = httpx.get(f"{server}gradio_api/mcp/schema", timeout=60).json()
    assert {tool["name"] for tool in tools} == ENDPOINTS
    assert all("Returns:" in tool["description"] for tool in tools)
