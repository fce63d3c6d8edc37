"""What programs send into the page's fields: right kinds are handed on, all else is refused in one sentence."""

import itertools

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state import scratch
from app.wiring.inputs import checked
from app.wiring.picture_field import picture_input

NESTED = []
for _ in range(5000):
    NESTED = [NESTED]


@pytest.fixture(scope="module")
def fields():
    with gr.Blocks():
        return {
            "text": gr.Textbox(label="Title"),
            "picture": picture_input(label="Picture"),
            "file": gr.File(label="File"),
            "length": gr.Radio([10, 20, 50], value=20, label="List length"),
            "remove": gr.CheckboxGroup(["image", "text"], label="Remove"),
            "share": gr.Number(label="Share", minimum=0, maximum=1),
            "number": gr.Number(label="Number"),
            "epochs": gr.Slider(1, 200, label="Epochs"),
            "box": gr.Checkbox(label="Box"),
            "row": gr.Dropdown(["a", "b"], value=None, label="Row"),
            "visit": gr.State({"shop": "mine"}),
        }


def one(fields, name, value):
    return checked([fields[name]], [value])[0]


@pytest.mark.parametrize(
    ("name", "value", "handed_on"),
    [
        ("text", "mug", "mug"), ("text", None, ""), ("length", 50, 50), ("length", 50.0, 50.0), ("remove", [], []),
        ("remove", None, []), ("remove", ["text"], ["text"]), ("share", None, None), ("share", 0.5, 0.5),
        ("epochs", 200, 200), ("box", True, True), ("row", None, None), ("row", "b", "b"), ("picture", None, None),
        ("visit", {"shop": "forged"}, None), ("number", -3, -3),
    ],
)  # fmt: skip
def test_the_right_kind_is_handed_on(fields, name, value, handed_on):
    assert one(fields, name, value) == handed_on


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 7), ("text", {"a": 1}), ("text", ["mug"]), ("text", "x" * 200_001), ("text", "\ud800"), ("text", True),
        ("length", 7), ("length", "20"), ("length", None), ("length", True), ("length", [20]), ("length", {}),
        ("remove", "text"), ("remove", ["sound"]), ("remove", [["text"]]), ("remove", 0), ("remove", ["\udfff"]),
        ("share", 1.01), ("share", -0.1), ("share", float("nan")), ("share", float("inf")), ("share", "0.5"),
        ("share", True), ("share", 10**400), ("number", 10**10), ("epochs", 0), ("epochs", 201), ("epochs", [3]),
        ("box", 1), ("box", "true"), ("row", "c"), ("row", NESTED),
    ],
    ids=itertools.count(),
)  # fmt: skip
def test_the_wrong_kind_is_refused_in_one_sentence(fields, name, value):
    with pytest.raises(gr.Error) as refused:
        one(fields, name, value)
    assert fields[name].label in refused.value.message and refused.value.message.count(". ") == 0


@pytest.mark.parametrize("values", [[], ["a"], ["a", "b", "c"], "ab", None, {"a": 1}])
def test_too_few_or_too_many_are_told_which(fields, values):
    with pytest.raises(gr.Error, match="'Title', 'List length'"):
        checked([fields["text"], fields["length"]], values)


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.png"
    path.write_bytes(b"canary")
    return path


@pytest.mark.parametrize("field", ["picture", "file"])
def test_files_of_the_server_are_refused_alike_whether_they_exist_or_not(fields, field, secret, tmp_path):
    link = scratch.new_folder("uploads") / "link.png"
    link.symlink_to(secret)
    said = set()
    for path in (
        secret,
        tmp_path / "none.png",
        "/etc/passwd",
        link,
        scratch.prepare() / scratch.MARKER,
        "",
        "\x00",
        "C:\\x",
    ):
        for sent in (
            {},
            {"meta": {"_type": "gradio.FileData"}},
            {"is_stream": True},
            {"url": "data:image/png;base64,AA"},
        ):
            payload = {"path": str(path), **sent}
            with pytest.raises(gr.Error) as refused:
                one(fields, field, payload)
            said.add(refused.value.message)
    assert len(said) == 1 and "upload it again" in said.pop()


@pytest.mark.parametrize(
    "payload", [{}, [], 7, {"path": None}, {"path": 7}, {"url": "data:image/png;base64,AA"}, [{"path": "/x"}]]
)
def test_what_is_no_file_is_refused(fields, payload):
    with pytest.raises(gr.Error, match="upload it again"):
        one(fields, "picture", payload)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/x.png", "HTTPS://example.com/x.png"])
def test_the_page_fetches_nothing(fields, address):
    with pytest.raises(gr.Error, match="fetches nothing"):
        one(fields, "picture", {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}})


def test_an_upload_is_handed_on_and_nothing_that_was_sent_with_it(fields):
    upload = scratch.new_folder("uploads") / "mug.png"
    upload.write_bytes(b"x")
    sent = {"path": str(upload), "orig_name": "mug.png", "url": "http://127.0.0.1:1/", "is_stream": True, "size": -1}
    kept = one(fields, "picture", sent)
    assert kept == {"path": str(upload), "orig_name": "mug.png", "meta": {"_type": "gradio.FileData"}}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@given(
    name=st.sampled_from(["text", "picture", "file", "length", "remove", "share", "epochs", "box", "row", "visit"]),
    value=JSON,
)
def test_anything_is_handed_on_or_refused(fields, name, value):
    try:
        one(fields, name, value)
    except gr.Error as refused:
        assert refused.message
