"""Any open_clip model as an encoder: by name and pretrained tag, or with a local weights file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from open_clip.tokenizer import HFTokenizer
from torch import nn

from mamex.encoders.base import Encoder
from mamex.encoders.vocabulary import unknown_share
from mamex.errors import EncoderError
from mamex.files.words import whole_characters
from mamex.modalities import IMAGE, TEXT


class OpenClipEncoder(Encoder):
    """Picture and text towers of one open_clip model.

    Args:
        name: what the user calls it, for example ``ViT-B-32/laion2b_s34b_b79k``.
        model: the open_clip model with its weights loaded.
        preprocess: the picture transform that belongs to it, PIL image -> tensor (3, H, W).
        tokenizer: list of strings -> token ids (n, context_length).
        device: where to run.
    """

    def __init__(self, name: str, model: Any, preprocess: Any, tokenizer: Any, device: torch.device) -> None:
        self._model = model.eval().requires_grad_(False).to(device)
        self._preprocess = preprocess
        self._tokenizer = tokenizer
        self._device = device
        picture = torch.zeros(1, 3, *_image_size(model), device=device)
        with torch.inference_mode():
            image_dimension = int(self._model.encode_image(picture).shape[1])
            text_dimension = int(self._model.encode_text(self._tokens(["a"])).shape[1])
        self.dimensions = {IMAGE: image_dimension, TEXT: text_dimension}
        self.identity = {
            "name": name,
            "weights": _weights_hash(model),
            "dimensions": self.dimensions,
            "context_length": int(tokenizer.context_length),
            "preprocessing": {key: _plain(value) for key, value in sorted(model.visual.preprocess_cfg.items())},
        }

    def encode(self, modality: str, inputs: Sequence[Any]) -> np.ndarray:
        if modality not in self.dimensions:
            raise EncoderError(
                f"The encoder {self.identity['name']} reads {' and '.join(self.dimensions)}, not {modality}; "
                "use the 'features' encoder for further modalities."
            )
        if not inputs:
            return np.zeros((0, self.dimensions[modality]), dtype=np.float32)
        with torch.inference_mode():
            if modality == IMAGE:
                pictures = torch.stack([self._preprocess(picture) for picture in inputs])
                features = self._model.encode_image(pictures.to(self._device))
            else:
                features = self._model.encode_text(self._tokens(list(inputs)))
        values: np.ndarray = features.float().cpu().numpy()
        return values

    def tokens_cut(self, text: str) -> int:
        text = whole_characters(text)
        if isinstance(self._tokenizer, HFTokenizer):
            # truncation=False so that the count is of the whole text; verbose=False because a long text is no fault.
            count = len(self._tokenizer.tokenizer(text, truncation=False, verbose=False)["input_ids"])
        elif hasattr(self._tokenizer, "encode"):
            count = len(self._tokenizer.encode(text)) + 2  # start and end tokens
        else:
            return 0
        return max(0, count - int(self._tokenizer.context_length))

    def unknown_share(self, texts: Sequence[str]) -> np.ndarray:
        # Other open_clip models spell what they don't know in bytes, or were trained on many languages.
        return unknown_share(texts) if self.identity["name"] == "compact" else super().unknown_share(texts)

    def _tokens(self, texts: list[str]) -> torch.Tensor:
        tokens = self._tokenizer([text if text.isascii() else whole_characters(text) for text in texts])
        if isinstance(self._tokenizer, HFTokenizer):
            # The Hugging Face towers mask padding, so columns that are padding everywhere change nothing but time.
            padding = self._tokenizer.tokenizer.pad_token_id
            longest = int((tokens != padding).sum(dim=1).max())
            tokens = tokens[:, : max(longest, 1)]
        moved: torch.Tensor = tokens.to(self._device)
        return moved


def load_open_clip(name: str, device: torch.device) -> OpenClipEncoder:
    """Load ``MODEL/TAG`` (weights from the hub or its local cache) or ``MODEL/PATH-TO-WEIGHTS``.

    Raises:
        EncoderError: unknown model or tag, weights that can't be had (no network), or that don't fit the model.
    """
    model_name, _, pretrained = name.partition("/")
    known = open_clip.list_models()
    if model_name not in known:
        raise EncoderError(
            f"There is no open_clip model named {model_name}; write MODEL/TAG or MODEL/PATH-TO-WEIGHTS, for example "
            "ViT-B-32/laion2b_s34b_b79k, or use the encoder 'compact'."
        )
    tags = open_clip.list_pretrained_tags_by_model(model_name)
    looks_like_a_file = pretrained.endswith((".pt", ".pth", ".bin", ".safetensors")) or os.sep in pretrained
    if looks_like_a_file and not Path(pretrained).is_file():
        raise EncoderError(f"There is no weights file at {pretrained} for {model_name}; check the path.")
    if not looks_like_a_file and pretrained not in tags:
        raise EncoderError(
            f"{model_name} has no pretrained weights named '{pretrained}'; it has {', '.join(tags) or 'none'}, "
            "or give the path of a weights file."
        )
    try:
        model, _, preprocess = open_clip.create_model_and_transforms(
            model_name, pretrained=pretrained, device=device, weights_only=True
        )
        tokenizer = open_clip.get_tokenizer(model_name)
    # open_clip and the hub client raise their own zoo of errors; for the user they all mean "not available here".
    except Exception as error:
        raise EncoderError(
            f"The weights of {name} could not be loaded ({type(error).__name__}); on a machine without the hub give "
            "MODEL/PATH-TO-WEIGHTS or use the encoder 'compact'."
        ) from error
    return OpenClipEncoder(name, model, preprocess, tokenizer, device)


def _image_size(model: Any) -> tuple[int, int]:
    size = model.visual.image_size
    return (size, size) if isinstance(size, int) else tuple(size)


def _plain(value: Any) -> Any:
    """A setting as JSON would give it back, so that a stored identity compares equal."""
    return list(value) if isinstance(value, tuple) else value


def _weights_hash(model: nn.Module) -> str:
    """SHA-256 over all weights; 26 million of them take about 0.1 s.

    Names and integer buffers are left out, for those change between versions of timm and transformers.
    """
    weights = [tensor for tensor in model.state_dict().values() if tensor.is_floating_point()]
    hashes = sorted(hashlib.sha256(w.detach().float().cpu().contiguous().numpy().data).digest() for w in weights)
    return hashlib.sha256(b"".join(hashes)).hexdigest()
