"""How many pictures a second the judge takes in from many requests at once, against open_clip called once for each.

The reference is what open_clip's own page shows: its preparation of the picture and `encode_image`, under
`torch.no_grad()`, in the thread of the request.  Both sides have the same pictures, the same weights and all cores.
ViT-B-32 has random weights, which are as fast as any.
"""

import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import numpy as np
import torch
from PIL import Image

from bench import Figure
from scorer import reference
from scorer.background import Background
from scorer.embedder import BF16, ONNX, TORCH, LocalEmbedder
from scorer.encoder import Encoder, load_encoder, open_clip
from scorer.judge import Judge
from scorer.packing import multiplies_bfloat16

CONCURRENT = (1, 8, 32)
ROUND = 64  # pictures, in a round of 32 requests at once; fewer at once take fewer
REPEATS = 3
CLOSE = 1e-3  # a cosine: what both sides make of a picture must not differ by more
Embed = Callable[[Image.Image], np.ndarray]


def figures() -> Iterator[Figure]:
    """Yield pictures a second at 1, 8 and 32 requests at once, for ViT-B-32 and for the embedded judge.

    On a CPU once more with ONNX Runtime where it is installed, and with bfloat16 where the processor multiplies it.
    """
    there = all(find_spec(name) for name in ("onnx", "onnxruntime", "onnxscript"))
    for name, make in (("vit-b-32", random_vit), ("embedded", embedded)):
        yield from compare(name, make())
        if there and make().device.type == "cpu":
            yield from compare(f"{name}-onnx", make(), ONNX)
    if multiplies_bfloat16() and random_vit().device.type == "cpu":
        yield from compare("vit-b-32-bf16", random_vit(), BF16)


def embedded() -> Encoder:
    """Return the encoder of the embedded judge."""
    return load_encoder("embedded:main")


def random_vit() -> Encoder:
    """Return ViT-B-32 with random weights, on the best device there is."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(0)
    return Encoder("ViT-B-32:random", open_clip.create_model("ViT-B-32"), open_clip.get_tokenizer("ViT-B-32"), device)


def compare(name: str, encoder: Encoder, engine: str = TORCH) -> Iterator[Figure]:
    """Yield the figures of one encoder; raises ArithmeticError when the two sides do not see the same."""
    theirs = plain(encoder)  # before a judge changes the model's layout in memory
    nothing = np.zeros((1, encoder.dim), np.float32)
    judge = Judge(LocalEmbedder(encoder, engine=engine), Background(nothing, nothing, 0.0))
    pictures = [picture.resize((512, 512)) for picture in reference.pictures(ROUND)]

    def ours(picture: Image.Image) -> np.ndarray:
        return judge.embed_images([picture])[0]

    worst = max(1 - float(ours(picture) @ theirs(picture)) for picture in pictures[:8])
    if worst > CLOSE:
        raise ArithmeticError(f"{name}: the same picture's two embeddings have a cosine of {1 - worst:.4f}")
    for at_once in CONCURRENT:
        some = pictures[: max(16, ROUND * at_once // max(CONCURRENT))]
        turns = [(pace(ours, some, at_once), pace(theirs, some, at_once)) for _ in range(REPEATS)]
        value, against = (max(paces) for paces in zip(*turns, strict=True))
        yield Figure(f"judge.{name}.{at_once}", round(value, 2), "pictures/s", round(against, 2))


def plain(encoder: Encoder) -> Embed:
    """Return open_clip as its own page calls it."""
    from open_clip.transform import PreprocessCfg, image_transform_v2

    model = encoder.model
    prepare = image_transform_v2(PreprocessCfg(**open_clip.get_model_preprocess_cfg(model)), is_train=False)

    def embed(picture: Image.Image) -> np.ndarray:
        with torch.no_grad():
            row = model.encode_image(prepare(picture).unsqueeze(0).to(encoder.device))
            return (row / row.norm(dim=-1, keepdim=True))[0].cpu().numpy()

    return embed


def pace(embed: Embed, pictures: list[Image.Image], at_once: int) -> float:
    """Return pictures a second when `at_once` threads ask for one after another."""
    left, start = iter(pictures), threading.Barrier(at_once + 1)
    lock = threading.Lock()

    def ask() -> None:
        start.wait()
        while True:
            with lock:
                picture = next(left, None)
            if picture is None:
                return
            embed(picture)

    threads = [threading.Thread(target=ask) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return len(pictures) / (time.perf_counter() - began)
