"""The audience of a product for programs (/audience, /audience_csv, /segments), and as a file for people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import gradio as gr

from app.state.downloads import download_path
from app.state.per_shop import user_groups
from app.state.shop import Shop
from app.state.visit import Launched, Visit
from app.wiring.endpoints import endpoint, launched, of_launch, product_fields
from app.wiring.workbench import Workbench
from mamex.files.plain_json import plain
from mamex.insight.listing import ORDERS, arranged, page_of, write_members
from mamex.insight.segments import Segment, segments
from mamex.launch.result import LaunchResult
from mamex.retrieval.thresholds import RankedAudience


def ranked_audience(shop: Shop, result: LaunchResult) -> RankedAudience:
    """The audience of a launch, best places first."""
    return shop.launcher.members.rank(result.reading.forward.embeddings[0], result.list_length)


def all_segments(shop: Shop, result: LaunchResult) -> list[tuple[str, list[Segment]]]:
    """For each way to group the shop's users its key and every group beside all users."""
    groupings = user_groups(shop).groupings
    return [(by.key, segments(by.names, by.groups, result.audience_users)) for by in groupings]


def audience_file(shop: Shop, result: LaunchResult, ranked: RankedAudience) -> str:
    """The audience as CSV, in a folder of its own that Gradio deletes within the hour."""
    path = download_path("audience.csv")
    write_members(path, shop.launcher.checkpoint, user_groups(shop), result.reading, ranked)
    return str(path)


def build(bench: Workbench) -> None:
    """Offer the endpoints; call it while the page is being laid out."""

    def audience(
        visit: Visit,
        picture: str | None = None,
        title: str = "",
        description: str = "",
        list_length: int = 20,
        page: int = 1,
        sort: str = "place",
        search: str = "",
    ) -> dict[str, Any]:
        """List the users to whom a planned product would be recommended, twelve a page, each with exact reasons.

        Args:
            {product}
            {length}
            page: from 1.
            sort: place (in their list), margin (score over the score to beat), bought (how much) or name.
            search: part of a user_id, or of the title or category of something they bought; empty for everybody.

        Returns:
            audience_size, list_length, found, page, pages, members; the contributions of each sum to the score.
        """
        asked = launched(bench, visit, picture, title, description, list_length)
        shop, result = asked.shop, asked.result
        ranked = ranked_audience(shop, result)
        found = page_of(arranged(shop.launcher.checkpoint, ranked, sort, search), int(page or 1))
        return {
            "audience_size": result.audience_size,
            "list_length": result.list_length,
            "found": found.found,
            "page": found.number,
            "pages": found.pages,
            "members": plain(shop.launcher.members.describe(result.reading, ranked, found.rows)),
        }

    def audience_csv(asked: Launched) -> str:
        """Write the audience of a planned product to a CSV file, best places first, with the parts of each score.

        Args:
            {product}
            {length}

        Returns:
            the file: place, user_id, bought, favourites, score, threshold, and one column a modality and expert.
        """
        shop, result = asked.shop, asked.result
        return audience_file(shop, result, ranked_audience(shop, result))

    def audience_segments(asked: Launched) -> dict[str, Any]:
        """Compare the audience of a planned product with all users: favourite category, number bought, price level.

        Args:
            {product}
            {length}

        Returns:
            audience_size, and for each way to group users a list of name, members, users, share, share_of_all, lift
            (null where numbers are too small) and clear (more than three standard deviations from chance).
        """
        shop, result = asked.shop, asked.result
        found = {key: [asdict(segment) for segment in by] for key, by in all_segments(shop, result)}
        return {"audience_size": result.audience_size, "list_length": result.list_length, **found}

    further = [
        gr.Number(value=1, precision=0, minimum=1, label="Page", visible=False),
        gr.Dropdown(list(ORDERS), value="place", label="Sort", visible=False),
        gr.Textbox(value="", label="Search", visible=False),
    ]
    fields = product_fields()
    endpoint(audience, "audience", [bench.visit, *fields, *further])
    endpoint(
        of_launch(bench, audience_csv), "audience_csv", [bench.visit, *fields], gr.File(label="CSV", visible=False)
    )
    endpoint(of_launch(bench, audience_segments), "segments", [bench.visit, *fields])
