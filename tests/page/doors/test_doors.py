"""Each door alone: who may come in, by which name, how often, with how much."""

import pytest

from app.doors.bodies import call_refusal
from app.doors.settings import DoorError, DoorSettings, host_name, is_loopback
from tests.support.knocking import HERE, VARIABLES, ask, is_refused, read


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


# Names


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("LocalHost:7860", "localhost"),
        ("127.0.0.1:1", "127.0.0.1"),
        ("[::1]:80", "::1"),
        ("shop.example.", "shop.example"),
        ("", ""),
        ("a b", ""),
        ("a/b", ""),
        ("evil.example@localhost", ""),
        ("localhost:port", ""),
        ("localhost,evil.example", ""),
        ("\x00", ""),
    ],
)
def test_the_name_in_a_host_header(header, name):
    assert host_name(header) == name


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.7", "", "x y"]
)
def test_a_page_of_this_machine_answers_to_no_other_name(host):
    assert is_refused(ask(DoorSettings(), headers={"Host": host}), 421, "MAMEX_HOSTS")


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "[::1]:7860", "localhost"])
def test_a_page_of_this_machine_answers_to_its_names(host):
    assert ask(DoorSettings(), headers={"Host": host}).status_code == 200


def test_what_a_proxy_heard_counts_too(monkeypatch):
    settings = read(monkeypatch, MAMEX_HOSTS="shop.example.com, *.corp.example")
    for host in ("shop.example.com", "SHOP.example.com:8443", "mamex.corp.example", "localhost"):
        assert ask(settings, headers={"X-Forwarded-Host": host}).status_code == 200
    for host in ("evil.example", "shop.example.com, evil.example", "corp.example.evil"):
        assert is_refused(ask(settings, headers={"X-Forwarded-Host": host}), 421, "MAMEX_HOSTS")


def test_a_page_on_the_network_answers_to_numbers_and_a_space_to_its_own_name(monkeypatch):
    assert ask(read(monkeypatch, "0.0.0.0"), headers={"Host": "192.0.2.7:7860"}).status_code == 200
    assert ask(read(monkeypatch, "0.0.0.0"), headers={"Host": "evil.example"}).status_code == 421
    settings = read(monkeypatch, "0.0.0.0", SPACE_ID="me/mamex", SPACE_HOST="me-mamex.hf.space")
    assert ask(settings, headers={"Host": "me-mamex.hf.space"}).status_code == 200
    assert ask(settings, headers={"Host": "other.hf.space"}).status_code == 421
    assert ask(read(monkeypatch, MAMEX_HOSTS="*"), headers={"Host": "any.example"}).status_code == 200


# Sites


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "https://127.0.0.1:7860.evil.example"},
        {"Origin": "http://127.0.0.1:7860@evil.example"},
        {"Origin": "file://"},
        {"Origin": "http://[::1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/mcp/", "/gradio_api/run/launch"]
)
def test_no_other_site_may_change_anything(headers, path):
    assert is_refused(ask(DoorSettings(), "POST", path, headers=headers, content=b""), 403, "other sites")


def test_the_page_itself_may(monkeypatch):
    headers = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    assert ask(DoorSettings(), "POST", "/gradio_api/queue/join", headers=headers).status_code == 200
    assert ask(DoorSettings(), "POST", "/gradio_api/queue/join").status_code == 200, "programs send no such header"
    assert ask(DoorSettings(), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200, "a link to the page"


def test_behind_a_proxy_the_address_of_the_page_is_the_proxys(monkeypatch):
    settings = read(monkeypatch, MAMEX_HOSTS="shop.example.com")
    proxied = {"X-Forwarded-For": "192.0.2.1", "Origin": "https://shop.example.com"}
    assert ask(settings, "POST", "/gradio_api/upload", headers=proxied, content=b"x").status_code == 200
    proxied["Origin"] = "http://localhost:3000"
    assert ask(settings, "POST", "/gradio_api/upload", headers=proxied, content=b"x").status_code == 403


def test_no_answer_lets_another_site_read_it():
    answer = ask(
        DoorSettings(), "OPTIONS", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 403 and "access-control-allow-origin" not in answer.headers


# Paths


@pytest.mark.parametrize(
    "path",
    [
        "/monitoring",
        "/gradio_api/deep_link",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/vibe-code",
        "/gradio_api/component_server",
        "/gradio_api/process_recording",
        "/gradio_api/dev/reload",
        "/docs",
        "/gradio_api/file=http://127.0.0.1:1/x",
        "/gradio_api/file=file:///etc/passwd",
        "/gradio_api/stream/x/y/z/playlist.m3u8",
    ],
)
def test_what_gradio_offers_and_this_page_does_not_need_is_closed(path):
    assert is_refused(ask(DoorSettings(), path=path), 404, "nothing at this address")


@pytest.mark.parametrize("path", ["/mamex/config", "/config"])
def test_a_proxy_may_take_the_root_path_away_or_leave_it(monkeypatch, path):
    settings = read(monkeypatch, GRADIO_ROOT_PATH="/mamex/")
    assert ask(settings, path=path).text == "/config 0"


# Settings


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MAMEX_HOSTS", "http://shop.example.com"),
        ("MAMEX_HOSTS", "shop.example.com:80"),
        ("MAMEX_RATE", "-1"),
        ("MAMEX_RATE", "often"),
        ("MAMEX_DISK_MB", "0"),
        ("MAMEX_SESSIONS", "1e9"),
        ("MAMEX_FRAME_ANCESTORS", "a; script-src *"),
        ("GRADIO_ROOT_PATH", "mamex"),
        ("GRADIO_ROOT_PATH", "/a b"),
    ],
)
def test_a_setting_that_means_nothing_is_said_so(monkeypatch, variable, value):
    with pytest.raises(DoorError, match=variable):
        read(monkeypatch, **{variable: value})


def test_who_may_frame_the_page(monkeypatch):
    assert "frame-ancestors 'self'" in ask(DoorSettings.read("127.0.0.1")).headers["content-security-policy"]
    space = ask(read(monkeypatch, "0.0.0.0", SPACE_ID="me/mamex")).headers
    assert "frame-ancestors https://huggingface.co" in space["content-security-policy"]
    assert "x-frame-options" not in space
    own = ask(read(monkeypatch, MAMEX_FRAME_ANCESTORS="https://intranet.example.com")).headers
    assert "frame-ancestors https://intranet.example.com" in own["content-security-policy"]


def test_each_answer_says_what_browsers_must_not_do():
    for answer in (
        ask(DoorSettings()),
        ask(DoorSettings(), headers={"Host": "evil.example"}),
        ask(DoorSettings(), path="/no"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "object-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("127.8.8.8", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("example", False),
    ],
)
def test_which_addresses_only_this_machine_reaches(host, alone):
    assert is_loopback(host) is alone


# Tools


def call_of(params):
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


@pytest.mark.parametrize("name", [None, 5, ["launch"]])
def test_a_tool_is_called_by_a_text(name):
    assert "its name, which is a text" in call_refusal(call_of({"name": name, "arguments": {}})).sentence


@pytest.mark.parametrize("params", [None, "x", [], {"name": "launch", "arguments": []}, {"name": "x", "arguments": ""}])
def test_a_tool_takes_an_object(params):
    assert call_refusal(call_of(params)) == call_refusal([{"method": "tools/list"}, call_of(params)])
    assert "arguments as an object" in call_refusal(call_of(params)).sentence


@pytest.mark.parametrize(
    "message",
    [5, [], {"method": "tools/list"}, call_of({"name": "a"}), call_of({"name": "a", "arguments": {}}),
     call_of({"name": "a", "arguments": None})],
)  # fmt: skip
def test_what_else_agents_say_is_for_the_protocol(message):
    assert call_refusal(message) is None
