"""The report: complete, self-contained, and safe whatever somebody typed."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from PIL import Image

from app.parts.flow import LEFT, flow
from app.parts.thought import SCALE, flows
from app.report.page import MEMBERS, report, report_file
from app.state.visit import Form, Launched

WHEN = datetime(2026, 3, 5, 14, 7, tzinfo=UTC)
EVIL = "<script>alert(1)</script><img src=http://evil.example/x.png onerror=alert(2)>"


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("picture") / "coat.png"
    Image.new("RGB", (80, 60), (40, 70, 200)).save(path)
    return str(path)


def launched(shop, picture=None, title="Navy coat", description="A navy waterproof jacket."):
    form = Form(picture, title, description, 20)
    return Launched(shop, form, shop.launch(picture, title, description, 20))


@pytest.fixture(scope="module")
def launch(shop, picture):
    return launched(shop, picture)


@pytest.fixture(scope="module")
def page(launch):
    return report(launch, WHEN)


class Elements(HTMLParser):
    """Every element of a page with its attributes, and whether all were closed in their order."""

    VOID = ("meta", "img")

    def __init__(self, page):
        super().__init__()
        self.found, self.open = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def of(self, *tags):
        return [attributes for tag, attributes in self.found if tag in tags]


def test_it_holds_the_launchs_numbers(launch, page):
    result = launch.result
    assert f'<span class="figure">{result.audience_size:,}</span>' in page
    for one in flows(result):
        assert f"{one.weight:.4f}" in page
    for routing in result.routing.values():
        assert all(f"{weight:.4f}" in page for weight in (*routing.dense, *routing.active))
    for member in result.audience[:MEMBERS]:
        assert member.user_id in page
    for item in result.neighbours["fused"]:
        assert (item.title or item.item_id) in page
    assert launch.shop.launcher.checkpoint.identifier in page
    assert "05 March 2026, 14:07 UTC" in page
    assert "model.dimension=16" in page  # a setting of the tiny shop that is no default


def test_it_asks_nobody_for_anything(page):
    elements = Elements(page)
    assert elements.open == []
    assert not elements.of("script", "link", "iframe", "object", "embed", "form", "base")
    assert all(image["src"].startswith("data:image/") for image in elements.of("img"))
    assert not re.search(r"https?://|url\((?!#)|@import|srcset|\bon\w+=", page)
    policy = next(meta["content"] for meta in elements.of("meta") if "http-equiv" in meta)
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_launched_picture_is_inside(page, launch, shop):
    assert 'alt="The picture that was launched"' in page
    assert 'alt="The picture that was launched"' not in report(launched(shop), WHEN)


def test_what_somebody_typed_is_only_text(shop):
    page = report(launched(shop, title="Mug " + EVIL, description="Blue " + EVIL + "</style></main>"), WHEN)
    elements = Elements(page)
    assert not elements.of("script")
    assert all(image.get("src", "").startswith("data:") and "onerror" not in image for image in elements.of("img"))
    assert "&lt;script&gt;alert(1)" in page


def test_a_product_without_words_or_audience(shop, picture):
    page = report(launched(shop, picture, title="", description=""), WHEN)
    assert "not given" in page
    assert "<h1>the new one</h1>" in page
    Elements(page)


def test_the_bands_are_as_wide_as_their_shares(launch):
    ends = r'id="flow-\d+-0"[^>]*><path d="M0 ([\d.]+)C[^"]* 0 ([\d.]+)Z'
    svg = flow(launch.result)
    heights = re.findall(rf'class="band" x="{LEFT[1]:.2f}%"[^>]* height="([\d.]+)"', svg)
    widths = []
    for (start, end), height in zip(re.findall(ends, svg), heights, strict=True):
        widths.append((float(end) - float(start)) * float(height) / SCALE)
    assert widths == pytest.approx([one.weight for one in flows(launch.result)], abs=2e-3)
    assert sum(widths) == pytest.approx(1, abs=5e-3)


def test_a_file_a_report(launch):
    first, second = report_file(launch, WHEN), report_file(launch, WHEN)
    assert first != second
    assert first.endswith("launch-report-navy-coat.html")
    with open(first, encoding="utf-8") as stream:  # noqa: PTH123
        assert stream.read() == report(launch, WHEN)
