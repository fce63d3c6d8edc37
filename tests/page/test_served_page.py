"""How a page is served: its queue, its password, its folders, its start, and the visits that it remembers."""

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AuthenticationError

from app.page import MOST_WAITING, serve
from app.server import Server
from tests.support.knocking import called

ROOT = Path(__file__).resolve().parents[2]


def test_a_full_queue_is_said_politely_and_loses_nothing(shop, monkeypatch):
    """More may wait than the page takes; whoever is refused is told when to come again, and the rest are served."""
    hold = threading.Event()
    original = type(shop).launch

    def slow(self, *given, **named):
        hold.wait(60)
        return original(self, *given, **named)

    monkeypatch.setattr(type(shop), "launch", slow)
    page = serve(shop, Server("127.0.0.1"), block=False)
    try:
        joined = [
            httpx.post(f"{page.local_url}gradio_api/call/launch", json={"data": [None, f"mug {n}", "", 20]})
            for n in range(MOST_WAITING + 12)
        ]
        refused = [answer for answer in joined if answer.status_code != 200]
        assert refused and all(answer.status_code == 503 for answer in refused)
        assert all("busy" in answer.json()["error"] and "try again" in answer.json()["error"] for answer in refused)
        hold.set()
        taken = next(answer.json()["event_id"] for answer in joined if answer.status_code == 200)
        served = httpx.get(f"{page.local_url}gradio_api/call/launch/{taken}", timeout=120).text
        assert "event: complete" in served
    finally:
        hold.set()
        page.close(verbose=False)


def test_a_page_with_a_password(shop, monkeypatch):
    """People sign in, programs send it, agents too; nobody else sees anything."""
    monkeypatch.setenv("MAMEX_PASSWORD", "sesame")
    page = serve(shop, Server("127.0.0.1"), block=False)
    try:
        assert httpx.get(f"{page.local_url}config").status_code == 401
        with pytest.raises(AuthenticationError):
            Client(page.local_url, verbose=False)
        client = Client(page.local_url, auth=("anybody", "sesame"), verbose=False)
        assert client.predict(None, "Navy coat", "", 20, api_name="/launch")["list_length"] == 20
        body = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": "launch", "arguments": {"title": "Navy coat"}},
        }
        headers = {"Accept": "application/json, text/event-stream"}
        assert httpx.post(f"{page.local_url}gradio_api/mcp/", json=body, headers=headers).status_code == 401
        headers["Authorization"] = "Bearer sesame"
        answered = httpx.post(f"{page.local_url}gradio_api/mcp/", json=body, headers=headers, timeout=60)
        assert "audience_size" in answered.text
    finally:
        page.close(verbose=False)


def check_folder(address, folder, **headers):
    """What the page says to a visitor who names a folder of the server."""
    config = httpx.get(f"{address}config").json()
    check = next(
        dependency for dependency in config["dependencies"] if dependency["targets"] and
        any(component["id"] == dependency["targets"][0][0] and component["props"].get("elem_id") == "own-check"
            for component in config["components"])
    )  # fmt: skip
    body = {"data": [None, None, None, str(folder)], "fn_index": check["id"], "session_hash": "visitor"}
    assert httpx.post(f"{address}gradio_api/queue/join", json=body, headers=headers).status_code == 200
    with httpx.stream(
        "GET", f"{address}gradio_api/queue/data", params={"session_hash": "visitor"}, timeout=60
    ) as stream:
        for line in stream.iter_lines():
            if "process_completed" in line:
                return json.dumps(json.loads(line.removeprefix("data: "))["output"]["data"])
    return ""


@pytest.mark.parametrize(
    ("switch", "headers", "is_read"),
    [
        ("local", {}, True),
        ("", {}, False),
        ("upload", {}, False),
        ("local", {"X-Forwarded-For": "192.0.2.7"}, False),
        ("local", {"Forwarded": "for=192.0.2.7"}, False),
        ("local", {"X-Forwarded-Host": "localhost"}, False),
    ],
)
def test_folders_of_the_server_are_named_only_by_whoever_sits_at_it(
    shop, monkeypatch, tmp_path, switch, headers, is_read
):
    monkeypatch.setenv("MAMEX_OWN_SHOP", switch)
    page = serve(shop, Server("127.0.0.1"), block=False)
    try:
        said = check_folder(page.local_url, tmp_path, **headers)
        assert ("items.csv" in said) is is_read
        assert ("upload a zip file" in said) is not is_read
        missing = check_folder(page.local_url, tmp_path / "none", **headers)
        assert is_read or missing == said, "whether a folder exists is nobody's business"
    finally:
        page.close(verbose=False)


def test_a_taken_port_is_told_before_anything_is_loaded(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        arguments = ["app/main.py", "--port", port, "--checkpoint", str(tmp_path / "none")]
        run = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, check=False, capture_output=True, text=True, timeout=60
        )
    assert run.returncode == 1 and run.stderr.count("\n") == 1
    assert f"Port {port} of 127.0.0.1" in run.stderr and "choose another --port" in run.stderr
    assert "checkpoint" not in run.stderr, "the port is looked at first"


@pytest.mark.parametrize("variable", ["MAMEX_OWN_SHOP", "MAMEX_RATE", "GRADIO_SERVER_PORT", "GRADIO_ROOT_PATH"])
def test_a_setting_that_means_nothing_is_told_before_anything_is_loaded(tmp_path, variable):
    run = subprocess.run(
        [sys.executable, "app/main.py", "--checkpoint", str(tmp_path / "none")],
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=120, env={**os.environ, variable: "perhaps"},
    )  # fmt: skip
    assert run.returncode == 1 and run.stderr.count("\n") == 1
    assert variable in run.stderr and "checkpoint" not in run.stderr


def test_a_page_that_starts_says_so():
    server = Server("127.0.0.1")
    try:
        shown = httpx.get(server.address, headers={"Accept": "text/html"})
        assert shown.status_code == 503 and "MAMEX is starting" in shown.text and shown.headers["retry-after"] == "2"
        told = httpx.post(f"{server.address}gradio_api/queue/join", json={})
        assert told.status_code == 503 and "try again in some seconds" in told.json()["error"]
        assert httpx.get(server.address, headers={"Host": "evil.example"}).status_code == 421
    finally:
        server.close()


def test_visits_are_forgotten_by_number_and_by_age(shop, monkeypatch):
    monkeypatch.setenv("MAMEX_SESSIONS", "3")
    page = serve(shop, Server("127.0.0.1"), block=False)
    try:
        visits = page.app.state_holder
        for n in range(5):
            called(page.local_url, "launch", [None, "Navy coat", "", 20], session=f"visitor-{n}")
        assert list(visits.session_data) == ["visitor-2", "visitor-3", "visitor-4"]
        visits.forget_idle(3600)
        assert len(visits.session_data) == 3
        visits.forget_idle(-1)
        assert not visits.session_data and not page._queue.pending_messages_per_session
    finally:
        page.close(verbose=False)
