"""The whole page: header, views, and how it is served."""

from __future__ import annotations

import warnings

import gradio as gr

from app import theme, uploads, words
from app.own_shop import allowed, sweep
from app.panels import header
from app.shop import Shop
from app.views import VIEWS
from app.visit import Visit
from app.workbench import VISIT_AGE, Workbench

#: An upload may be this large: a zip of a shop with thousands of pictures. Pictures have a limit of their own.
MAX_FILE_SIZE = "300mb"
#: Seconds: uploads are looked for this often, and deleted at this age.
CACHE_CHECK, CACHE_AGE = 900, 2700
#: Launches that may wait in line; a longer queue would be given up on before it is served.
MOST_WAITING = 64


def build(shop: Shop, host: str | None = None) -> gr.Blocks:
    """The page for one shop, to be served at an address; nothing is served yet.

    Raises:
        OwnShopError: ``MAMEX_OWN_SHOP`` has a value that means nothing.
    """
    own_shop = allowed(host)
    with gr.Blocks(
        title=f"MAMEX · {shop.name}", analytics_enabled=False, delete_cache=(CACHE_CHECK, CACHE_AGE), fill_width=True
    ) as page:
        masthead = gr.HTML(header(shop), elem_id="masthead")
        visit = gr.State(Visit(), time_to_live=VISIT_AGE, delete_callback=Visit.forget_own_shop)
        # Inside the tabs it would count as one of them.
        switched = gr.State(0, time_to_live=VISIT_AGE)
        with gr.Tabs(elem_id="views") as tabs:
            bench = Workbench(shop, visit, tabs, masthead, switched, own_shop)
            for view in VIEWS:
                title = view.TITLE.format(Users=words.capital(shop.about.users))
                with gr.Tab(title, id=view.ID, elem_id=f"view-{view.ID}") as tab:
                    view.build(bench, tab)
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
        OwnShopError: see ``build``.
    """
    # Tools share one visit, of which they use the memory of features alone.
    warnings.filterwarnings("ignore", message="This MCP server includes a tool that has a gr.State input")
    sweep()
    uploads.keep_clean()
    page = build(shop, host).queue(max_size=MOST_WAITING)
    page.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=not block,
        theme=theme.theme(),
        css=theme.css(),
        head=theme.HEAD,
        max_file_size=MAX_FILE_SIZE,
        footer_links=["api"],
        mcp_server=True,
        run_history=False,
        share=False,
        ssr_mode=False,
        quiet=not block,
    )
    return page
