"""A served page under attack: what was once found open, by each of the ways in."""

import base64
import io
import json
import time
from pathlib import Path

import httpx
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from app.state import scratch
from tests.support.knocking import called, tool

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def canary(tmp_path):
    """A picture of the server's, which nobody uploaded; its colour would be known again."""
    path = tmp_path / "secret.png"
    Image.new("RGB", (64, 64), (13, 200, 77)).save(path)
    return path


def arguments(name, picture):
    rest = {"report": ["x", "", 20], "launch": ["x", "", 20], "neighbours": ["x", "", 20, "fused"]}
    further = {
        "what_if": ["x", "", None, "", "", [], None, 20],
        "patch_worth": ["x", "", None, 20],
        "word_worth": ["x", "", None, 20],
        "audience": ["x", "", 20, 1, "place", ""],
    }
    return [picture, *(rest | further)[name]]


@pytest.mark.parametrize("name", ["report", "launch", "what_if", "patch_worth", "word_worth", "audience", "neighbours"])
def test_no_picture_of_the_server_can_be_read(server, canary, name):
    said = set()
    for path in (canary, canary.with_name("none.png")):
        for meta in ({}, {"meta": {"_type": "gradio.FileData"}}):
            ok, answer = called(server, name, arguments(name, {"path": str(path), **meta}))
            assert not ok
            said.add(answer["error"])
    assert said == {"'Picture' is not among this page's uploads: upload it again; each is deleted within the hour."}


def test_nor_past_the_queue(server, canary):
    body = {"data": [None, {"path": str(canary)}, "x", "", 20], "session_hash": "a"}
    for way in ("run", "api"):
        answer = httpx.post(f"{server}gradio_api/{way}/report", json=body)
        assert answer.status_code == 404 and "join the queue" in answer.json()["error"].lower()


def test_nor_through_a_tool(server, canary):
    for address in (str(canary), f"file://{canary}", f"{server}config", "http://127.0.0.1:1/x.png"):
        answer = tool(server, "launch", {"picture": address, "title": "x"})
        assert answer["isError"] and str(canary.parent) not in str(answer).replace(address, "")


def test_nor_by_the_address_of_a_file(server, canary):
    said = [httpx.get(f"{server}gradio_api/file={path}") for path in (canary, canary.with_name("none.png"))]
    assert {answer.status_code for answer in said} == {403}


def test_an_agents_picture_lies_where_it_is_deleted(server):
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), (201, 17, 3)).save(picture, "PNG")
    before = time.time()
    address = "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()
    answer = tool(server, "launch", {"picture": address, "title": "Crimson jumper"})
    assert not answer["isError"], answer
    new = [path for path in scratch.room("uploads").rglob("*") if path.is_file() and path.stat().st_ctime >= before - 1]
    assert any(path.read_bytes() == picture.getvalue() for path in new)
    for base in (Path("/tmp/gradio"), Path.cwd() / ".gradio"):
        lost = (
            [path for path in base.rglob("*") if path.is_file() and path.stat().st_ctime >= before]
            if base.is_dir()
            else []
        )
        assert not lost


@pytest.mark.parametrize(
    "path", ["", "config", "gradio_api/info", "gradio_api/mcp/", "gradio_api/mcp/schema", "assets/x"]
)
@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Origin": "http://evil.example"}]
)
def test_other_names_and_other_sites_get_nothing(server, path, headers):
    for method in ("GET", "POST"):
        answer = httpx.request(method, f"{server}{path}", headers=headers)
        assert answer.status_code in (403, 421) and len(answer.json()["error"]) < 200
        assert "access-control-allow-origin" not in answer.headers


def test_no_site_may_read_the_page(server):
    for origin in (None, server.rstrip("/")):
        answer = httpx.get(f"{server}config", headers={"Origin": origin} if origin else {})
        assert answer.status_code == 200 and answer.headers.get("access-control-allow-origin", origin) == origin


def test_an_upload_of_another_site_fills_no_disk(server):
    before = scratch.used_bytes()
    answer = httpx.post(
        f"{server}gradio_api/upload", files={"files": b"x" * 10_000}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403 and scratch.used_bytes() <= before


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        ({"Content-Type": "multipart/form-data"}, b"x"),
        ({"Content-Type": "multipart/form-data; boundary=b"},
         b'--b\r\nContent-Disposition: form-data; name="files"\r\n\r\nx\r\n--b--'),
        ({"Content-Type": "text/plain"}, b"x"),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b""),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"--b--"),
        ({"Content-Type": "multipart/form-data; boundary=b"},
         b'--b\r\nContent-Disposition: form-data; name="files"; filename="' + b"x" * 9000 + b'"\r\n\r\nx\r\n--b--'),
    ],
)  # fmt: skip
def test_an_upload_that_is_none_is_one_sentence(server, headers, content):
    answer = httpx.post(f"{server}gradio_api/upload", headers=headers, content=content)
    assert 400 <= answer.status_code < 500 and "multipart/form-data, in fields called 'files'" in answer.json()["error"]


@pytest.mark.parametrize("fn_index", [-1, 9999, 10**6, None])
def test_an_action_that_is_none_is_one_sentence(server, fn_index):
    for way in ("queue/join", "run/predict", "api/predict"):
        answer = httpx.post(f"{server}gradio_api/{way}", json={"data": [], "fn_index": fn_index, "session_hash": "a"})
        assert answer.status_code == 400 and "no such action" in answer.json()["error"]


def test_what_computes_waits_in_line_by_its_number_too(server):
    config = httpx.get(f"{server}config").json()
    launch = next(each for each in config["dependencies"] if each["api_name"] == "launch")
    body = {"data": [None, None, "mug", "", 20], "fn_index": launch["id"], "session_hash": "a"}
    answer = httpx.post(f"{server}gradio_api/run/predict", json=body)
    assert answer.status_code == 404 and "join the queue" in answer.json()["error"].lower()


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("call/nothing", {"data": []}, "no such endpoint"),
        ("call/v2/nothing", {}, "no such endpoint"),
        ("call/v2/_restored", {}, "no such endpoint"),
        ("call/_trained", {"data": []}, "no such endpoint"),
        ("run/nothing", {"data": []}, "no such endpoint"),
        ("call/v2/launch", {"colour": 1}, "not a valid key-word argument; give the arguments by the names"),
    ],
)
def test_an_endpoint_that_is_none_is_one_sentence(server, path, body, words):
    answer = httpx.post(f"{server}gradio_api/{path}", json=body)
    assert 400 <= answer.status_code < 500 and words in answer.json()["error"]


@pytest.mark.parametrize("name", ["nothing", "", "_trained", "__class__", ".."])
def test_a_tool_that_is_none_is_one_sentence(server, name):
    answer = tool(server, name, {})
    assert answer["isError"] and answer["content"][0]["text"].startswith("The page has no such tool; use one of those")


def test_handlers_that_are_not_for_programs_survive_whatever_programs_send(server):
    config = httpx.get(f"{server}config").json()
    refused = [each for each in config["dependencies"] if each["collects_event_data"] or not each["backend_fn"]]
    assert any(each["collects_event_data"] for each in refused) and not all(each["backend_fn"] for each in refused)
    for dependency in refused:
        for data in ([], [None] * len(dependency["inputs"])):
            body = {"data": data, "fn_index": dependency["id"], "session_hash": "x", "event_data": "none"}
            answer = httpx.post(f"{server}gradio_api/queue/join", json=body)
            assert answer.status_code == 400 and "no such action" in answer.json()["error"]


@pytest.mark.parametrize("path", ["queue/data?session_hash=nobody", "queue/data?session_hash=", "call/launch/nothing"])
def test_answers_that_nobody_asked_for_are_none(server, path):
    answer = httpx.get(f"{server}gradio_api/{path}", timeout=10)
    assert answer.status_code == 404 and "join the queue first" in answer.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"data": 7}', b'{"data": ' + b"[" * 5000 + b"]" * 5000 + b"}"])
def test_a_malformed_call_is_one_sentence(server, body):
    answer = httpx.post(f"{server}gradio_api/call/launch", content=body, headers={"Content-Type": "application/json"})
    if answer.status_code == 200:  # nested deeply, but a list all the same
        ok, said = called(server, "launch", json.loads(body)["data"])
        assert not ok and "number of arguments" in said["error"]
    else:
        assert 400 <= answer.status_code < 500 and answer.json()["error"].count(". ") == 0


def test_an_upload_is_used_by_its_visitor(server, canary):
    client = Client(server, verbose=False)
    assert client.predict(handle_file(str(canary)), "Green shirt", "", 20, api_name="/launch")["list_length"] == 20
    with pytest.raises(AppError, match="must be one of: 10, 20, 50"):
        client.predict(handle_file(str(canary)), "Green shirt", "", 21, api_name="/launch")
