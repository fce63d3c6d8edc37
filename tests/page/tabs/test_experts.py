"""The Experts tab shows the profiles' own numbers, and says so when experts are alike."""

from dataclasses import replace

from gradio_client import Client
from playwright.sync_api import expect

from app import words
from app.tabs.experts.panels import modality_section
from mamex.insight.experts import profile_experts


def profiles(shop):
    launcher = shop.launcher
    return profile_experts(launcher.checkpoint.tower, launcher.catalogue, launcher.checkpoint.dataset)


def test_the_tab_shows_each_experts_use_and_typical_items(page, shop):
    page.get_by_role("tab", name="Experts", exact=True).click()
    cards = page.locator("#experts-stage .expert")
    direct = [expert for profile in profiles(shop) for expert in profile.experts]
    expect(cards).to_have_count(len(direct))
    items = shop.launcher.checkpoint.dataset.items
    for place, expert in enumerate(direct):
        text = cards.nth(place).inner_text().replace("\n", " ")
        if expert.share == 0:
            assert "Rests" in text
            continue
        assert f"takes {words.percent(expert.share)} of the gate" in text
        assert f"strongest for {words.percent(expert.strongest)} of the products" in text
        first = items.iloc[expert.typical[0][0]]
        assert (first["title"] or first["item_id"]) in text


def test_the_endpoint_says_the_same(server, shop):
    answer = Client(server, verbose=False).predict(api_name="/experts")
    for profile in profiles(shop):
        given = answer[profile.modality]
        assert given["items"] == profile.items
        assert [expert["share"] for expert in given["experts"]] == [expert.share for expert in profile.experts]
        assert len(given["experts"][0]["typical"]) == len(profile.experts[0].typical)


def test_alike_experts_are_said_to_be_alike(shop):
    profile = profiles(shop)[0]
    sentence = "these experts compute the same"
    assert sentence in modality_section(shop, replace(profile, difference=0.0))
    assert sentence not in modality_section(shop, replace(profile, difference=0.2))


def test_an_empty_modality_and_a_resting_expert(shop):
    profile = profiles(shop)[1]
    assert "No product on sale has words" in modality_section(shop, replace(profile, items=0))
    resting = replace(profile.experts[0], share=0.0)
    html = modality_section(shop, replace(profile, experts=[resting, *profile.experts[1:]]))
    assert "Rests: the gate chooses others for every product." in html
