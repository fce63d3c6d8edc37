"""The whole page: header, views, and how it is served."""

from __future__ import annotations

import warnings
from typing import Any

import gradio as gr
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from gradio.routes import App
from gradio_client import Client
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse

from app import words
from app.doors.login import as_header
from app.doors.refusal import FAILED, Refusal
from app.parts.panels import header
from app.server import Server
from app.state import scratch
from app.state.expiry import VISIT_AGE
from app.state.own_shop import allowed
from app.state.shop import Shop
from app.state.visit import Visit
from app.tabs import VIEWS
from app.theme import theme
from app.wiring.calls import KnownCalls
from app.wiring.inputs import GuardedBlocks
from app.wiring.sessions import Visits, keep_no_statistics, limit_unread
from app.wiring.tools import refuse_unknown
from app.wiring.workbench import Workbench

#: An upload may be this large: a zip of a shop with thousands of pictures. Pictures have a limit of their own.
MAX_FILE_SIZE = "300mb"
#: Launches that may wait in line; a longer queue would be given up on before it is served.
MOST_WAITING = 64
_FORM = "send a JSON object such as {\"data\": [...]}, with the arguments that 'Use via API' lists."
_FULL_QUEUE = "The page is busy, with as many launches waiting as it takes; try again in a minute."


def build(shop: Shop, server: Server) -> gr.Blocks:
    """The page for one shop, to be opened on a server; nothing is opened yet.

    Raises:
        OwnShopError: ``MAMEX_OWN_SHOP`` has a value that means nothing.
    """
    own_shop = allowed()
    with GuardedBlocks(title=f"MAMEX · {shop.name}", analytics_enabled=False, fill_width=True) as page:
        masthead = gr.HTML(header(shop), elem_id="masthead")
        visit = gr.State(Visit(), time_to_live=VISIT_AGE, delete_callback=Visit.forget_own_shop)
        # Inside the tabs it would count as one of them.
        switched = gr.State(0, time_to_live=VISIT_AGE)
        with gr.Tabs(elem_id="views") as tabs:
            bench = Workbench(shop, visit, tabs, masthead, switched, own_shop, server.settings)
            for view in VIEWS:
                title = view.TITLE.format(Users=words.capital(shop.about.users))
                with gr.Tab(title, id=view.ID, elem_id=f"view-{view.ID}") as tab:
                    view.build(bench, tab)
    return page


def serve(shop: Shop, server: Server, block: bool = True) -> gr.Blocks:
    """Open the page on a server that is starting.

    Args:
        shop: what the page is about.
        server: where; ``close`` of the page closes it too.
        block: return only when the server stops.

    Raises:
        OwnShopError: see ``build``.
    """
    # Tools share one visit, of which they use the memory of features alone.
    warnings.filterwarnings("ignore", message="This MCP server includes a tool that has a gr.State input")
    keep_no_statistics()
    page = build(shop, server).queue(max_size=MOST_WAITING, api_open=False)
    page.state_session_capacity = server.settings.sessions
    limit_unread(page, server.settings.sessions)
    outside = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # That it is there makes Gradio add no headers of its own, which would let every site read the page.
    outside.add_middleware(CORSMiddleware, allow_origins=[])
    outside.add_middleware(KnownCalls, page=page)
    gr.mount_gradio_app(
        outside,
        page,
        "/",
        server_name=server.host,
        server_port=server.port,
        root_path=server.settings.root_address or None,
        theme=theme.theme(),
        css=theme.css(),
        head=theme.HEAD,
        max_file_size=MAX_FILE_SIZE,
        footer_links=["api"],
        mcp_server=True,
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
    )
    visits = _complete(page, _inner(outside), server)
    scratch.keep_clean(lambda: visits.forget_idle(VISIT_AGE))
    server.open(outside)
    if server.settings.password:
        _let_tools_in(page, server)
    if block:
        print(f"* Running on local URL:  {server.address.rstrip('/')}", flush=True)
        print(f"* Tools for agents (MCP): {server.address}gradio_api/mcp/", flush=True)
        server.wait()
    return page


def _inner(outside: FastAPI) -> App:
    """Gradio's own application."""
    return next(app for route in outside.routes if isinstance(app := getattr(route, "app", None), App))


def _complete(page: Any, inside: App, server: Server) -> Visits:
    """What Gradio does for a page that it serves itself, and not for one that is mounted."""
    visits = Visits()
    visits.set_blocks(page)
    inside.state_holder = visits
    page.app = page.server_app = inside
    page.server = server
    page.has_launched = True
    page.local_url = server.address
    page.local_api_url = f"{server.address}gradio_api/"
    if page.mcp_server_obj is not None:
        page.mcp_server_obj._local_url = server.address
        refuse_unknown(page.mcp_server_obj.mcp_server, page.mcp_server_obj.tool_to_endpoint)
    inside.add_exception_handler(RequestValidationError, _malformed)
    inside.add_exception_handler(HTTPException, _in_words)
    inside.add_exception_handler(TypeError, _wrong_arguments)
    inside.add_exception_handler(Exception, _our_fault)
    return visits


def _let_tools_in(page: gr.Blocks, server: Server) -> None:
    """Agents' tools call the page as a program does, so they need its password; who calls a tool was let in before."""
    assert page.mcp_server_obj is not None
    page.mcp_server_obj._client_instance = Client(
        server.address,
        download_files=False,
        verbose=False,
        analytics_enabled=False,
        _skip_components=False,
        headers={"x-gradio-user": "mcp", "Authorization": as_header(server.settings.password)},
    )


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])[:80] or "request"
    return Refusal(422, f"The request is malformed ({where}: {first['msg'][:200].rstrip('.')}); {_FORM}").response()


async def _in_words(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    said = error.detail if isinstance(error.detail, str) and error.detail else "This can't be answered."
    if said.startswith("Queue is full"):
        said = _FULL_QUEUE
    elif "parsing the body" in said:
        said = f"The request can't be read; {_FORM}"
    return Refusal(error.status_code, said).response()


async def _wrong_arguments(request: Request, error: Exception) -> JSONResponse:
    """Gradio says so of arguments by names that an endpoint doesn't have."""
    if "/call/v2/" not in request.url.path:
        raise error
    said = str(error).partition(". ")[0].rstrip(".")
    return Refusal(422, f"{said}; give the arguments by the names that 'Use via API' lists.").response()


async def _our_fault(_: Request, error: Exception) -> JSONResponse:
    return FAILED.response()
