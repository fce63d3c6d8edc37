"""The app without a browser: its examples, what visitors do wrong, its endpoint."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from app import main
from app.state.shop import Shop
from mamex.errors import LaunchError, PictureError
from mamex.launch.launcher import Launcher
from mamex.launch.product import MOST_CHARACTERS

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."


@pytest.fixture(scope="module")
def example(shop):
    return shop.examples[0]


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

    monkeypatch.setattr("app.state.shop.Shop.load", unreadable)
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
