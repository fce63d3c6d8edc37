"""The Batch tab in Chromium and through the client: the ranked numbers are those of single launches."""

import csv
import io
import zipfile

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image
from playwright.sync_api import expect

from app.tabs.batch import panels as batch_panels
from app.tabs.batch.run import BatchRun
from mamex.errors import BatchError
from mamex.insight.comparison import compare
from tests.support.browsing import open_tab

COLOURS = {"red": (200, 40, 40), "navy": (40, 70, 200), "green": (40, 160, 60)}
ROWS = [
    ("A-1", "Crimson jumper", "A crimson warm wool jumper for winter evenings.", "red.png"),
    ("A-2", "Navy jacket", "A navy waterproof jacket for rain and wind.", "navy.png"),
    ("A-3", "", "", ""),
    ("A-4", "Green shirt", "", "green.png"),
    ("A-5", "<dress onclick=alert(1)>", "Soft cotton dress", ""),
]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planned")
    for name, colour in COLOURS.items():
        Image.new("RGB", (60, 50), colour).save(folder / f"{name}.png")
    return folder


@pytest.fixture(scope="module")
def archive(pictures):
    table = io.StringIO()
    csv.writer(table).writerows([("item_id", "title", "description", "image"), *ROWS])
    path = pictures / "planned.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("planned/planned.csv", table.getvalue())
        for name in COLOURS:
            opened.write(pictures / f"{name}.png", f"planned/{name}.png")
    return path


@pytest.fixture(scope="module")
def direct(shop, pictures):
    """item_id -> a launch of its own."""
    launches = {}
    for item_id, title, description, image in ROWS:
        if item_id != "A-3":
            picture = str(pictures / image) if image else None
            launches[item_id] = shop.launch(picture, title, description, 20)
    return launches


def run(page, path):
    open_tab(page, "Batch")
    page.set_input_files("#batch-file input[type=file]", str(path))
    expect(page.locator("#batch-file")).to_contain_text(path.stem)
    page.click("#batch-go")


def choose(page, field, text):
    page.click(f"{field} input")
    # The list of another field may still be fading away.
    page.locator("ul[role=listbox] li", has_text=text).last.click()


def test_rows_are_ranked_compared_and_downloaded(page, shop, archive, direct, tmp_path):
    run(page, archive)
    page.wait_for_selector("#batch-table table")
    expected = sorted(direct.items(), key=lambda pair: (-pair[1].audience_size, pair[0]))
    shown = page.locator("#batch-table tbody tr")
    assert shown.locator(".reach .value").all_inner_texts() == [f"{one.audience_size:,}" for _, one in expected]
    for place, (item_id, one) in enumerate(expected):
        line = shown.nth(place)
        expect(line).to_contain_text(item_id)
        nearest = one.neighbours["fused"][0]
        expect(line.locator(".nearest")).to_contain_text(nearest.title or nearest.item_id)
        for share in one.fusion.values():
            expect(line).to_contain_text(batch_panels.words.percent(share))
    expect(page.locator("#batch-table .failed")).to_contain_text("Row 4 (A-3): has no title")
    assert page.inner_text("#batch-stage .figure") == f"{expected[0][1].audience_size:,}"
    # Two of them side by side.
    choose(page, "#batch-first", "Crimson jumper")
    choose(page, "#batch-second", "Navy jacket")
    compared = compare(shop.launcher, direct["A-1"], direct["A-2"])
    expect(page.locator("#batch-sides .headline")).to_contain_text(
        f"{len(compared.won):,} won, {len(compared.lost):,} lost, {compared.kept:,} stay."
    )
    # Another list length ranks anew, and the comparison follows.
    page.locator("#batch-length").get_by_role("radio", name="10").check()
    expect(page.locator("#batch-sides .headline")).to_contain_text("top 10")
    with page.expect_download() as download:
        page.click("#batch-download")
    download.value.save_as(tmp_path / "reach.csv")
    with (tmp_path / "reach.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["item_id"]: row for row in csv.DictReader(stream)}
    assert len(rows) == len(ROWS) and rows["A-3"]["fault"]
    assert float(rows["A-2"]["reach_20"]) == pytest.approx(direct["A-2"].reach[20])


def test_a_file_that_cannot_be_used_is_one_sentence_and_then_it_works(page, archive, tmp_path):
    open_tab(page, "Batch")
    page.click("#batch-go")
    expect(page.locator("#batch-stage .problem")).to_contain_text("There is no file yet")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("colour,price\nred,5\n", encoding="utf-8")
    run(page, wrong)
    expect(page.locator("#batch-stage .problem")).to_contain_text("has no column 'title', 'description' or 'image'")
    expect(page.locator("#batch-area")).not_to_be_visible()
    page.get_by_role("button", name="Remove this file").or_(
        page.locator("#batch-file button[aria-label]")
    ).first.click()
    run(page, archive)
    page.wait_for_selector("#batch-table table")


def test_stop_keeps_the_rows_that_are_done(page, tmp_path):
    many = tmp_path / "many.csv"
    many.write_text("title,description\n" + "".join(f"Jumper {i},{'warm wool ' * 60}{i}\n" for i in range(400)))
    run(page, many)
    page.wait_for_selector("#batch-stage .running")
    page.click("#batch-stop")
    page.wait_for_selector("#batch-table table, #batch-stage .problem")
    expect(page.locator("#batch-stage")).to_contain_text("of 400 rows")
    assert 0 < page.locator("#batch-table tbody tr").count() < 400
    expect(page.locator("#batch-go")).to_be_enabled()


def test_the_template_is_a_file_that_runs(page, tmp_path):
    open_tab(page, "Batch")
    with page.expect_download() as download:
        page.click("#batch-stage .template")
    download.value.save_as(tmp_path / "template.csv")
    run(page, tmp_path / "template.csv")
    page.wait_for_selector("#batch-table table")
    assert page.locator("#batch-table tbody tr").count() == 2


def test_a_phone_never_scrolls_sideways(phone, archive):
    run(phone, archive)
    phone.wait_for_selector("#batch-table table")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


# Without a browser


def test_titles_are_escaped(shop, archive):
    batch = BatchRun()
    for _ in batch.run(shop, str(archive)):
        pass
    html = batch_panels.table(shop, batch.ranked(20), 20)
    assert "<dress" not in html and "&lt;dress onclick" in html


def test_a_run_says_after_each_row_how_far_it_is(shop, archive):
    batch = BatchRun()
    steps = [(len(batch.rows), batch.total) for _ in batch.run(shop, str(archive))]
    assert steps == [(done, 5) for done in range(6)]
    with pytest.raises(BatchError, match="two different rows"):
        batch.compared(2, 2, 20)
    with pytest.raises(BatchError, match="could not run"):
        batch.compared(2, 4, 20)


@pytest.mark.parametrize(
    ("done", "seconds", "said"),
    [(0, 0.0, "reading the first rows"), (10, 5.0, "45 s left"), (50, 100.0, "1 min 40 s left")],
)
def test_the_time_left_goes_by_the_rows_done(done, seconds, said):
    assert said in batch_panels.progress(done, 100, seconds)


# For programs


@pytest.fixture(scope="module")
def client(server):
    return Client(server, verbose=False)


def test_programs_get_rows_and_a_file(client, archive, direct):
    rows = client.predict(handle_file(str(archive)), api_name="/batch")["rows"]
    good = {row["item_id"]: row for row in rows if not row["fault"]}
    assert set(good) == set(direct)
    for item_id, row in good.items():
        assert row["audience"]["20"] == direct[item_id].audience_size
        assert row["nearest"]["item_id"] == direct[item_id].neighbours["fused"][0].item_id
    assert rows[-1]["item_id"] == "A-3" and rows[-1]["row"] == 4
    path = client.predict(handle_file(str(archive)), 10, api_name="/batch_csv")
    with open(path, encoding="utf-8-sig", newline="") as stream:  # noqa: PTH123
        assert len(list(csv.DictReader(stream))) == len(ROWS)
    with pytest.raises(AppError, match="There is no file yet"):
        client.predict(api_name="/batch")
