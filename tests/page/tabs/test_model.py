"""The Model tab: the checkpoint's own facts, metrics, curves, settings and card; and the Report button."""

import json
from dataclasses import replace
from pathlib import Path

from gradio_client import Client
from playwright.sync_api import expect

from app.tabs.model import panels as model_panels
from mamex.config import list_settings
from mamex.training.records import read_log
from tests.support.browsing import give, headline_number

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."
METRICS = {
    "protocol": {"candidates": "cold", "seeds": [0, 1]},
    "methods": {
        "mamex": {"recall@20": 0.5, "recall@20.std": 0.0625, "ndcg@20": 0.25, "ndcg@20.std": 0.125},
        "<other>": {"recall@20": 0.375, "recall@20.std": 0.0, "ndcg@20": 0.3125, "ndcg@20.std": 0.0},
    },
    "checkpoint": "somebody",
}


def test_the_tab_shows_what_the_checkpoint_holds(page, shop):
    page.get_by_role("tab", name="Model", exact=True).click()
    page.wait_for_selector("#curve-3 .js-plotly-plot")
    stage, checkpoint = page.locator("#model-stage"), shop.launcher.checkpoint
    expect(stage).to_contain_text(checkpoint.identifier)
    expect(stage).to_contain_text("python -m mamex evaluate")  # the tiny shop was never measured
    drawn = page.evaluate("document.querySelector('#curve-0 .js-plotly-plot').data[0].y")
    assert list(drawn) == [record.validation["ndcg@20"] for record in read_log(checkpoint.folder)]
    expect(page.locator("#model-settings tbody tr")).to_have_count(len(list_settings(checkpoint.config)))
    expect(page.locator("#model-settings")).to_contain_text("instead of 256")
    expect(page.locator("#model-card")).not_to_be_visible()


def test_the_endpoint_says_the_same(server, shop):
    answer = Client(server, verbose=False).predict(api_name="/model")
    checkpoint = shop.launcher.checkpoint
    assert answer["checkpoint"] == checkpoint.identifier
    assert answer["dataset"] == {"name": shop.name, "users": 40, "items": 80}
    assert [entry["epoch"] for entry in answer["log"]] == [0, 1, 2, 3]
    changed = {entry["name"] for entry in answer["settings"] if entry["value"] != entry["default"]}
    assert changed == {"training.epochs", "model.dimension"}
    assert (answer["metrics"], answer["card"]) == (None, "")


def test_metrics_stand_beside_baselines_and_protocol(shop):
    html = model_panels.metrics(shop, METRICS)
    assert "<strong>0.5000 ± 0.0625</strong>" in html
    assert "<strong>0.3125 ± 0.0000</strong>" in html  # bold is the best, not ours
    assert "0.2500 ± 0.1250" in html
    assert "&lt;other&gt;" in html
    assert "over 2 seeds" in html
    assert "these numbers were measured on checkpoint" in html
    own = {**METRICS, "checkpoint": shop.launcher.checkpoint.identifier}
    assert "these numbers were measured on checkpoint" not in model_panels.metrics(shop, own)


def test_the_report_button_saves_the_launch(page, shop, tmp_path):
    give(page, None, TITLE, DESCRIPTION)
    page.click("#go")
    number = headline_number(page)
    with page.expect_download() as download:
        page.click("#report")
    assert download.value.suggested_filename == "launch-report-navy-coat.html"
    saved = tmp_path / "report.html"
    download.value.save_as(saved)
    page.goto(saved.as_uri())
    assert page.inner_text(".headline .figure") == f"{number:,}"
    assert page.inner_text("h1") == TITLE
    assert number == shop.launch(None, TITLE, DESCRIPTION, 20).audience_size


def test_the_report_endpoint_gives_a_file(server, shop):
    path = Client(server, verbose=False).predict(None, TITLE, DESCRIPTION, 50, api_name="/report")
    html = Path(path).read_text(encoding="utf-8")
    direct = shop.launch(None, TITLE, DESCRIPTION, 50)
    assert f'<span class="figure">{direct.audience_size:,}</span>' in html
    assert "Content-Security-Policy" in html


def test_settings_are_escaped_and_marked(shop):
    settings = list_settings(shop.launcher.checkpoint.config)
    odd = replace(settings[0], value="<b>", default="compact")
    html = model_panels.settings([odd])
    assert "<strong>&lt;b&gt;</strong> <small>instead of compact</small>" in html
    assert "One differs" in html


def test_an_epoch_that_went_astray_is_null_for_programs(server, shop):
    log = shop.launcher.checkpoint.folder / "log.jsonl"
    sound = log.read_text()
    first, *others = sound.splitlines(keepends=True)
    astray = [json.dumps({**json.loads(line), "losses": {"total": float("nan")}}) + "\n" for line in others]
    log.write_text("".join([first, *astray]))
    try:
        answer = Client(server, verbose=False).predict(api_name="/model")
    finally:
        log.write_text(sound)
    assert [entry["losses"].get("total", "none") for entry in answer["log"]] == ["none", None, None, None]
    json.dumps(answer, allow_nan=False)
