"""The page of shops that lack something: pictures, or enough products for lists that tell something."""

import shutil

import gradio as gr
import pandas as pd
import pytest

from app.parts import panels
from app.state.shop import Shop
from app.state.visit import Visit
from app.tabs.batch import panels as batch_panels
from app.tabs.batch import view as batch
from app.tabs.batch.run import BatchRun
from app.tabs.launch import view as launch
from app.tabs.what_if.fields import picture_settings
from app.wiring.remembered import _restored
from app.wiring.shop_fields import length_settings
from app.wiring.workbench import Workbench
from mamex.errors import LaunchError
from mamex.insight.occlusion import patch_worth
from tests.support.shops.builders import write_tiny_dataset
from tests.support.shops.shop import train_on

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."
NEVER_SEEN = "This checkpoint has never seen a picture"
FEW = "10 products are on sale: a list of 10 shows them all, so reach says nothing."


@pytest.fixture(scope="module")
def words_only(tmp_path_factory):
    """A shop of words, with twelve products; ten of them are on sale."""
    folder = tmp_path_factory.mktemp("words")
    write_tiny_dataset(folder / "shop", n_items=12, n_users=10, purchases=4)
    shutil.rmtree(folder / "shop" / "images")
    items = pd.read_csv(folder / "shop" / "items.csv", dtype=str, keep_default_na=False)
    items.assign(image="").to_csv(folder / "shop" / "items.csv", index=False)
    return Shop.load(train_on(folder))


@pytest.fixture
def picture(shop):
    return str(shop.examples[0].picture)


def test_the_form_says_that_pictures_were_never_seen(words_only, shop):
    with gr.Blocks():
        picture, title, *_ = launch._inputs(words_only)
    assert picture.placeholder.startswith(NEVER_SEEN) and title.placeholder == "What it is called"
    assert picture_settings(words_only)["placeholder"] == picture.placeholder
    assert picture_settings(shop)["placeholder"].startswith("Drop another picture")
    empty = panels.empty_state(words_only)
    assert "Drop in a picture" not in empty and "examples" not in empty
    assert "Drop in a picture" in panels.empty_state(shop) and "examples" in panels.empty_state(shop)


def test_a_picture_is_left_out_and_one_alone_is_refused_in_a_sentence(words_only, picture):
    result = words_only.launch(picture, TITLE, DESCRIPTION, 10)
    assert f"{NEVER_SEEN}; it was left out." in panels.headline(words_only, result, None)
    with pytest.raises(LaunchError, match=f"{NEVER_SEEN}, so a picture alone tells it nothing; give it words"):
        words_only.launch(picture, "", "", 10)
    product = words_only.read(picture, TITLE, DESCRIPTION, Visit().memory)
    with pytest.raises(LaunchError, match=f"{NEVER_SEEN}, so no piece of it counts"):
        patch_worth(words_only.launcher, product, picture)


def test_only_lengths_that_tell_something_are_offered(words_only, shop):
    assert length_settings(shop) == {"choices": [10, 20], "value": 20}  # of 64 products on sale
    assert length_settings(words_only) == {"choices": [10], "value": 10}
    bench = Workbench(shop, visit=None, tabs=None, masthead=None, switched=None, own_shop="upload")
    assert batch._lengths(bench, Visit(shop=words_only)) == gr.update(**length_settings(words_only))
    # What a browser kept of another shop doesn't bring back a length that this one doesn't offer.
    assert _restored([10], {"list_length": 10})[-1] == 10
    assert _restored([10], {"list_length": 50})[-1] == gr.skip()


def test_lists_too_long_for_a_shop_are_told_at_a_launch_and_in_a_batch(words_only, tmp_path):
    assert FEW in panels.headline(words_only, words_only.launch(None, TITLE, DESCRIPTION, 10), None)
    planned, run = tmp_path / "planned.csv", BatchRun()
    planned.write_text(f"title\n{TITLE}\n", encoding="utf-8")
    assert list(run.run(words_only, str(planned)))
    assert FEW in batch_panels.summary(words_only, run.ranked(10), 1, 10, 1.0)


def test_lists_short_enough_are_told_nothing_of(shop):
    result = shop.launch(None, TITLE, DESCRIPTION, 20)
    assert "products are on sale: a list" not in panels.headline(shop, result, None)
