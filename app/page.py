"""The whole page: header, views, and how it is served."""

from __future__ import annotations

import gradio as gr

from app import theme
from app.panels import header
from app.shop import Shop
from app.views import launch

#: An upload may be this large; the largest phone pictures are about half of it.
MAX_FILE_SIZE = "20mb"
#: Seconds: uploads are looked for this often, and deleted at this age.
CACHE_CHECK, CACHE_AGE = 900, 2700
#: Launches that may wait in line; a longer queue would be given up on before it is served.
MOST_WAITING = 64


def build(shop: Shop) -> gr.Blocks:
    """The page for one shop; nothing is served yet."""
    with gr.Blocks(
        title=f"MAMEX · {shop.name}", analytics_enabled=False, delete_cache=(CACHE_CHECK, CACHE_AGE), fill_width=True
    ) as page:
        gr.HTML(header(shop), elem_id="masthead")
        launch.build(shop)
    return page


def serve(shop: Shop, host: str | None = None, port: int | None = None, block: bool = True) -> gr.Blocks:
    """Serve the page.

    Args:
        shop: what the page is about.
        host: address; ``GRADIO_SERVER_NAME`` or this machine only if None.
        port: ``GRADIO_SERVER_PORT`` or a free one if None.
        block: return only when the server stops.

    Raises:
        OSError: the port is taken.
    """
    page = build(shop).queue(max_size=MOST_WAITING)
    page.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=not block,
        theme=theme.theme(),
        css=theme.css(),
        head=theme.HEAD,
        max_file_size=MAX_FILE_SIZE,
        footer_links=["api"],
        run_history=False,
        share=False,
        ssr_mode=False,
        quiet=not block,
    )
    return page
