"""The encoder against open_clip's own preparation, and every way in which a judge can be named wrongly."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from safetensors.torch import save_file

import scorer
from scorer.encoder import Encoder, load_encoder, open_clip


def cat(side: int = 512, ink: str = "black") -> Image.Image:
    """Draw a cat's face as people draw it: a round head, ears, eyes, nose, mouth, whiskers."""
    picture = Image.new("RGB", (side, side), "white")
    draw, pen = ImageDraw.Draw(picture), max(1, side // 50)

    def at(*points: float) -> list[float]:
        return [side * point for point in points]

    draw.ellipse(at(0.25, 0.35, 0.75, 0.85), outline=ink, width=pen)
    draw.polygon(at(0.3, 0.42, 0.3, 0.2, 0.45, 0.36), outline=ink)
    draw.polygon(at(0.7, 0.42, 0.7, 0.2, 0.55, 0.36), outline=ink)
    for x in (0.4, 0.6):
        draw.ellipse(at(x - 0.03, 0.5, x + 0.03, 0.56), fill=ink)
    draw.polygon(at(0.47, 0.62, 0.53, 0.62, 0.5, 0.66), fill=ink)
    for x in (0.42, 0.5):
        draw.arc(at(x, 0.62, x + 0.08, 0.72), 0, 180, fill=ink, width=pen)
    for drop in (-0.03, 0.02, 0.07):
        draw.line(at(0.38, 0.64, 0.14, 0.64 + drop), fill=ink, width=pen)
        draw.line(at(0.62, 0.64, 0.86, 0.64 + drop), fill=ink, width=pen)
    return picture


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of a small registered architecture, with random weights."""
    torch.manual_seed(3)
    model = open_clip.create_model("ViT-S-32-alt")
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    save_file(model.state_dict(), path)
    return path


def test_the_embedded_judge_prepares_pictures_as_open_clip_does() -> None:
    judge = scorer.load("embedded:main")
    model = judge.encoder.model
    from open_clip.transform import PreprocessCfg, image_transform_v2

    transform = image_transform_v2(PreprocessCfg(**open_clip.get_model_preprocess_cfg(model)), False)
    with torch.no_grad():
        theirs = torch.nn.functional.normalize(model.encode_image(transform(cat())[None]), dim=-1).numpy()
    np.testing.assert_allclose(judge.embed_images([cat()]), theirs, atol=1e-4)


def test_a_batch_equals_one_by_one() -> None:
    judge = scorer.load("embedded:main")
    pictures = [cat(512), cat(300, "red"), Image.new("RGB", (64, 64), "blue"), cat(700, "green")]
    one_by_one = np.concatenate([judge.embed_images([picture]) for picture in pictures])
    np.testing.assert_allclose(judge.embed_images(pictures), one_by_one, atol=1e-4)
    texts = ["a cat", "a raccoon driving a tractor", "x " * 200]
    np.testing.assert_allclose(
        scorer.load("embedded:main").embed_texts(texts),
        np.concatenate([scorer.load("embedded:main").embed_texts([text]) for text in texts]),
        atol=1e-4,
    )


def test_embeddings_are_unit_rows_and_pictures_carry_gradients() -> None:
    encoder = load_encoder("embedded:main")
    pixels = torch.rand(2, 3, 100, 100, requires_grad=True)
    rows = encoder.encode_images(pixels)
    torch.testing.assert_close(rows.norm(dim=-1), torch.ones(2))
    (rows @ encoder.encode_texts(["a cat"]).T).sum().backward()
    assert pixels.grad is not None
    assert float(pixels.grad.abs().sum()) > 0


def test_weights_come_from_a_file(tiny: Path) -> None:
    encoder = load_encoder(f"ViT-S-32-alt:{tiny}", "cpu")
    torch.manual_seed(3)
    model = open_clip.create_model("ViT-S-32-alt").eval()
    tokens = open_clip.get_tokenizer("ViT-S-32-alt")(["a cat"])
    with torch.no_grad():
        theirs = torch.nn.functional.normalize(model.encode_text(tokens), dim=-1)
    torch.testing.assert_close(encoder.encode_texts(["a cat"]), theirs, atol=1e-4, rtol=0)
    assert encoder.size == 224


def test_a_state_dict_in_a_pt_file_is_read(tiny: Path, tmp_path: Path) -> None:
    torch.manual_seed(3)
    torch.save(open_clip.create_model("ViT-S-32-alt").state_dict(), tmp_path / "tiny.pt")
    ours, theirs = (load_encoder(f"ViT-S-32-alt:{path}", "cpu") for path in (tmp_path / "tiny.pt", tiny))
    torch.testing.assert_close(ours.encode_texts(["a dog"]), theirs.encode_texts(["a dog"]))


class _Trap:
    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return (print, ("this must never run",))


def _bad_files(folder: Path) -> dict[str, Path]:
    page, cut, pickle, archive = (folder / name for name in ("page.pt", "cut.safetensors", "trap.pt", "jit.pt"))
    page.write_text("<html>link does not exist</html>")
    cut.write_bytes(b"\x10\x00\x00")
    torch.save({"state_dict": _Trap()}, pickle)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("model/constants.pkl", b"")
    return {
        "a web page": page,
        "a truncated file": cut,
        "a pickle that runs code": pickle,
        "a TorchScript archive": archive,
    }


def test_bad_weights_are_refused_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in _bad_files(tmp_path).values():
        with pytest.raises(scorer.ScorerError, match=path.name):
            load_encoder(f"ViT-S-32-alt:{path}", "cpu")
    assert "never run" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("nonsense", "embedded:NAME"),
        ("embedded:nobody", "embedded:main"),
        ("embedded:../weights/main", "embedded:main"),
        ("ViT-Q-99:openai", "no architecture"),
        ("ViT-B-32:no-such-tag", "openai"),
        ("ViT-B-32:/nowhere/weights.safetensors", "no file"),
    ],
)
def test_a_wrong_name_says_what_to_write(spec: str, says: str) -> None:
    with pytest.raises(scorer.ScorerError, match=says):
        load_encoder(spec)


def test_weights_that_need_quickgelu_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def create(arch: str, **options: object) -> torch.nn.Module:
        asked.update(options)
        raise OSError("no network here")

    monkeypatch.setattr(open_clip, "create_model", create)
    with pytest.raises(scorer.ScorerError, match="no network here"):
        load_encoder("ViT-B-32:openai")
    assert asked["force_quick_gelu"] is True
    with pytest.raises(scorer.ScorerError):
        load_encoder("ViT-B-32:laion2b_s34b_b79k")
    assert asked["force_quick_gelu"] is False


def test_wrong_shapes_are_refused() -> None:
    encoder: Encoder = load_encoder("embedded:main")
    with pytest.raises(scorer.ScorerError, match=r"\(n, 3, h, w\)"):
        encoder.encode_images(torch.rand(3, 64, 64))
