"""The container's files fit together and fit the repository; no engine is needed to know that."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "assets" / "hosting" / "compose.yaml").read_text(encoding="utf-8"))
COPIED = [
    source
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    for source in line.split()[:-1]
]  # fmt: skip


@pytest.mark.parametrize("source", COPIED)
def test_what_the_image_copies_is_there_and_is_sent_to_the_builder(source):
    assert (ROOT / source).exists()
    sent = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"]
    assert source in sent


def test_nothing_else_is_sent_to_the_builder():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert next(line for line in lines if not line.startswith("#")) == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == set(COPIED)


def test_the_image_holds_what_a_space_gets():
    from space_tree import NEEDED

    assert {path for path in NEEDED if not path.startswith("assets/screenshot")} == set(COPIED)


def test_the_page_runs_as_nobody_in_particular():
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["1000:1000"]
    assert "--uid 1000" in DOCKERFILE


def test_the_line_that_picks_torch_picks_both_its_packages_alone(tmp_path):
    pattern = re.search(r'grep -E "([^"]+)"', DOCKERFILE).group(1)
    picked = subprocess.run(["grep", "-E", pattern, ROOT / "requirements.txt"], capture_output=True, text=True).stdout
    assert [re.split(r"[<>=]", line)[0] for line in picked.splitlines()] == ["torch", "torchvision"]


def test_the_health_check_tells_a_page_from_none(tmp_path):
    words = re.search(r'CMD \["python", "-c", "(.+)"\]', DOCKERFILE).group(1)
    closed = subprocess.run(["python3", "-c", words.replace("7860", "1")], capture_output=True)
    assert closed.returncode != 0


def test_compose_shows_the_page_where_nginx_and_the_page_expect_it():
    page, nginx = COMPOSE["services"]["mamex"], COMPOSE["services"]["nginx"]
    configuration = (ROOT / "assets" / "hosting" / "nginx.conf").read_text(encoding="utf-8")
    assert f"location {page['environment']['GRADIO_ROOT_PATH']}/ {{" in configuration
    assert "server mamex:7860;" in configuration
    assert "GRADIO_SERVER_PORT=7860" in DOCKERFILE
    assert (ROOT / "assets" / "hosting" / page["build"]["context"]).resolve() == ROOT
    assert (ROOT / "assets" / "hosting" / nginx["volumes"][0].split(":")[0]).is_file()


def test_only_nginx_reaches_the_page_in_compose():
    page = COMPOSE["services"]["mamex"]
    assert "ports" not in page
    assert page["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert page["read_only"] is True
