"""The page at a sub-path behind a real nginx with the shipped configuration, called by its name as visitors call it."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from gradio_client import Client, handle_file
from PIL import Image

from tests.support.browsing import CHROMIUM, PATIENCE, launch, open_tab
from tests.support.knocking import apart

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
NAME = "shop.example.com"
MAIN = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/page.conf;
}}
"""
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def until_it_answers(address, process, log, seconds=240):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            if httpx.get(address, timeout=10).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"{address} never answered")


@pytest.fixture(scope="module")
def site(app_checkpoint, tmp_path_factory):
    """A company's web site: its address, and the ports behind it."""
    folder = tmp_path_factory.mktemp("nginx")
    inner, outer = free_port(), free_port()
    shipped = (ROOT / "assets" / "hosting" / "nginx.conf").read_text(encoding="utf-8")
    here = shipped.replace("server mamex:7860;", f"server 127.0.0.1:{inner};")
    here = here.replace("listen 80 default_server;", f"listen 127.0.0.1:{outer} default_server;")
    assert here.count("127.0.0.1") == 2
    (folder / "page.conf").write_text(here, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "main.conf").write_text(MAIN.format(folder=folder, user=user), encoding="utf-8")
    environment = {**os.environ, "GRADIO_ROOT_PATH": "/mamex", "MAMEX_HOSTS": NAME, "OMP_NUM_THREADS": "1",
                   "MAMEX_CACHE": str(folder / "cache")}  # fmt: skip
    command = [sys.executable, "app/main.py", "--checkpoint", str(app_checkpoint), "--port", str(inner)]
    with (folder / "page.log").open("w") as log:
        page = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        proxy = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "main.conf"), "-g", "daemon off;"])
    try:
        until_it_answers(f"http://127.0.0.1:{inner}/config", page, folder / "page.log")
        yield SimpleNamespace(address=f"http://{NAME}:{outer}/mamex/", inner=inner, outer=outer)
    finally:
        for process in (proxy, page):
            process.terminate()
            process.wait(60)
    said = (folder / "page.log").read_text(encoding="utf-8")
    assert "Traceback" not in said, said


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """The site's name stands for this machine, as it would in the company's name server."""
    asked = socket.getaddrinfo

    def answer(host, *others, **more):
        return asked("127.0.0.1" if host in (NAME, NAME.encode()) else host, *others, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (96, 96), (30, 60, 160)).save(tmp_path / "mug.png")
    return tmp_path / "mug.png"


def test_the_page_and_what_it_is_made_of_lie_below_its_path(site):
    page = httpx.get(site.address, timeout=60)
    assert page.status_code == 200
    assert page.headers["x-content-type-options"] == "nosniff"
    assert f'"root":"{site.address.rstrip("/")}"' in page.text.replace(" ", "").replace("\\/", "/")
    scripts = re.findall(r'(?:src|href)="(?:\./)?(assets/[^"]+\.(?:js|css))"', page.text)
    assert scripts
    assert all(httpx.get(site.address + each, timeout=60).status_code == 200 for each in scripts[:3])


def test_the_path_without_its_slash_leads_to_the_page(site):
    answer = httpx.get(site.address.rstrip("/"), timeout=60)
    assert (answer.status_code, answer.headers["location"]) == (301, "/mamex/")


def test_a_program_launches_and_downloads(site, picture, tmp_path):
    client = Client(site.address, verbose=False, download_files=tmp_path)
    launched = client.predict(handle_file(picture), "Blue mug", "Holds 300 ml", 20, api_name="/launch")
    assert launched["audience"]
    report = Path(client.predict(handle_file(picture), "Blue mug", "", 20, api_name="/report"))
    assert report.is_relative_to(tmp_path)
    assert "Blue mug" in report.read_text(encoding="utf-8")


def test_an_agent_launches(site):
    async def ask():
        from mcp import ClientSession
        from mcp.client.streamable_http import streamablehttp_client

        async with (
            streamablehttp_client(f"{site.address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            answer = await session.call_tool("launch", {"title": "Blue mug", "description": "Holds 300 ml"})
            return answer.content[0].text

    assert "audience" in apart(asyncio.run, ask())


def test_a_visitor_launches_in_a_browser_and_nothing_is_asked_elsewhere(site, picture):
    if CHROMIUM is None:
        pytest.skip("no Chromium found; `make browser` sees to one")
    seen = apart(visited, site.address, picture)
    assert seen.reach >= 0
    assert not seen.errors
    foreign = [url for url in seen.asked if not url.startswith((site.address, "data:", "blob:"))]
    assert not foreign
    assert not seen.folders_offered  # it listens to this machine alone, and yet everybody comes


def visited(address, picture):
    """What a browser sees that knows the page by its name, and what it asks for."""
    from playwright.sync_api import sync_playwright

    asked, errors = [], []
    with sync_playwright() as playwright:
        rule = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", rule])
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.wait_for_selector("#go")
        reach = launch(page, picture, "Blue mug")
        open_tab(page, "Your shop")
        page.wait_for_selector("#own-archive")
        folders_offered = page.locator("#own-folder").is_visible()
        browser.close()
    return SimpleNamespace(reach=reach, asked=asked, errors=errors, folders_offered=folders_offered)


def test_another_name_is_turned_away_and_a_claimed_one_is_not_passed_on(site):
    foreign = httpx.get(f"http://127.0.0.1:{site.outer}/mamex/", headers={"Host": "evil.example"}, timeout=60)
    assert foreign.status_code == 421
    claimed = {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "127.0.0.1", "Forwarded": "host=evil.example"}
    page = httpx.get(site.address, headers=claimed, timeout=60)
    assert page.status_code == 200
    assert "evil.example" not in page.text


def test_another_site_uploads_nothing(site):
    answer = httpx.post(f"{site.address}gradio_api/upload", headers={"Origin": "http://evil.example"},
                        files={"files": ("a.txt", b"a")}, timeout=60)  # fmt: skip
    assert answer.status_code == 403


def test_an_upload_that_is_too_large_is_refused_before_it_is_sent(site):
    connection = HTTPConnection("127.0.0.1", site.outer, timeout=60)
    connection.putrequest("POST", "/mamex/gradio_api/upload", skip_host=True)
    connection.putheader("Host", NAME)
    connection.putheader("Content-Length", str(400 * 2**20))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_the_same_host_without_the_proxys_path_has_no_page(site):
    assert httpx.get(f"http://{NAME}:{site.outer}/", timeout=60).status_code == 404
