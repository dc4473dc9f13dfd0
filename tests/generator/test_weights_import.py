"""Converting published weights: what is kept, what is written down about it, and which files are refused."""

import gzip
import hashlib
import json
import os
import pickle
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from generator.priors import biggan as biggan_prior
from generator.priors import vqgan as vqgan_prior
from generator.weights_import import WeightsError, convert
from generator.weights_import.kinds import CLIPS, clip, image_tower
from scorer.encoder import build, load_encoder, open_clip
from tests.generator import biggan_file, weights_files

HTML = b"\n<!DOCTYPE html><html><head><title>This link does not exist</title></head></html>"


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    return weights_files.vqgan(codes=64)


@pytest.fixture(scope="module")
def bin_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("biggan") / "biggan-deep-128-pytorch_model.bin"
    torch.save(biggan_file.tensors(), path, _use_new_zipfile_serialization=False)
    return path


def refusal(path: Path, **wanted: Any) -> str:
    """Why a file was not converted; nothing must be left beside it."""
    before = sorted(path.parent.iterdir())
    with pytest.raises(WeightsError) as refused:
        convert(path, **wanted)
    assert sorted(path.parent.iterdir()) == before
    return str(refused.value)


def metadata(path: Path) -> dict[str, str]:
    with safe_open(path, "pt") as file:
        found: dict[str, str] = file.metadata()
        return found


@pytest.mark.parametrize(
    ("name", "codes", "zipped"),
    [
        ("vqgan_imagenet_f16_1024.ckpt", 1024, False),
        ("vqgan_imagenet_f16_16384.ckpt", 16384, True),
        ("wikiart_f16_16384_8145600.ckpt", 16384, True),
    ],
)
def test_published_vqgans_are_converted(
    name: str, codes: int, zipped: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, source = weights_files.vqgan(codes), tmp_path / name
    weights_files.lightning(source, state, monkeypatch, zipped)
    report = convert(source)
    assert report.written == source.with_suffix(".safetensors")
    kept = load_file(report.written)
    assert kept.keys() == {name for name in state if not name.startswith("loss.")}
    assert all(torch.equal(kept[name], state[name]) for name in kept)
    assert report.dropped == {"loss.*": len(state) - len(kept)}
    assert report.layout == {"codes": codes, "dim": 32, "factor": 16, "ch": 32, "ch_mult": weights_files.LEVELS}
    assert report.use == f"python -m generator TEXT --prior vqgan --weights {report.written}"
    about = metadata(report.written)
    assert about["source"] == name
    assert about["sha256"] == report.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert (about["kind"], json.loads(about["layout"])["codes"]) == ("vqgan", codes)
    assert vqgan_prior.read(report.written).factor == 16


def test_lightning_is_not_imported(state: dict[str, Tensor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a.ckpt"
    weights_files.lightning(source, state, monkeypatch)
    before = set(sys.modules)
    convert(source)
    brought = {name.split(".")[0] for name in set(sys.modules) - before}
    assert brought.isdisjoint({"pytorch_lightning", "lightning", "omegaconf"})


def test_openais_clip_archive_becomes_a_judge(tmp_path: Path) -> None:
    state, source = weights_files.clip(), tmp_path / "ViT-tiny.pt"
    weights_files.torchscript(source, state)
    report = convert(source, tmp_path / "clip.safetensors")
    kept = load_file(report.written)
    assert kept.keys() == state.keys()
    assert all(torch.equal(kept[name], state[name]) for name in kept)
    assert report.dropped == {"input_resolution": 1, "context_length": 1, "vocab_size": 1}
    assert report.layout == {"image": "ViT 64x2/16", "size": 32, "text": "32x2", "dim": 16}
    assert (report.kind, report.form) == ("clip", "TorchScript archive")
    assert report.use == f"PAINTOFF_JUDGE=ARCH-quickgelu:{report.written}"

    (tmp_path / "ViT-tiny-quickgelu.json").write_text(json.dumps(weights_files.CLIP))
    open_clip.add_model_config(tmp_path / "ViT-tiny-quickgelu.json")
    judge = load_encoder(f"ViT-tiny-quickgelu:{report.written}", "cpu")
    same = build(weights_files.CLIP)
    same.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    pixels = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    mean, std = (
        torch.tensor(part).view(3, 1, 1) for part in (open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD)
    )
    wanted = nn.functional.normalize(same.eval().encode_image((pixels - mean) / std), dim=-1)
    assert torch.allclose(judge.encode_images(pixels), wanted, atol=1e-5)


def test_the_names_of_openais_models_are_open_clips() -> None:
    for (tower, size), arch in CLIPS.items():
        image = open_clip.get_model_config(f"{arch}-quickgelu")["vision_cfg"]
        layers, patch = image["layers"], image["patch_size"]
        stages = "-".join(map(str, layers)) if isinstance(layers, list) else ""
        wanted = f"ResNet {image['width']} {stages}" if stages else f"ViT {image['width']}x{layers}/{patch}"
        assert (tower, size) == (wanted, image["image_size"])


@pytest.mark.parametrize("arch", ["ViT-B-32", "RN50"])
def test_openais_models_are_found_by_shape(arch: str) -> None:
    with torch.device("meta"):  # shapes alone
        model = build(open_clip.get_model_config(f"{arch}-quickgelu"))
    state = model.state_dict()
    assert CLIPS[image_tower(state)] == arch
    assert clip(state, "TorchScript archive", Path())[1] == f"PAINTOFF_JUDGE={arch}-quickgelu:FILE"


def test_a_plain_clip_checkpoint_is_converted_and_its_activation_left_open(tmp_path: Path) -> None:
    state, source = weights_files.clip(), tmp_path / "epoch_32.pt"
    named = {f"module.{name}": tensor for name, tensor in state.items()}
    torch.save({"epoch": 32, "name": "run", "state_dict": named, "optimizer": {}}, source)
    report = convert(source)
    assert load_file(report.written).keys() == state.keys()
    assert "ARCH-quickgelu:" in report.use
    assert "ARCH:" in report.use


def test_a_biggan_file_is_converted_and_painted_with(bin_file: Path, tmp_path: Path) -> None:
    report = convert(bin_file, tmp_path / "biggan.safetensors")
    kept, state = load_file(report.written), biggan_file.tensors()
    assert kept.keys() == state.keys()
    assert all(torch.equal(kept[name], state[name]) for name in kept)
    assert report.layout == {"size": 16, "z": 8, "classes": 12, "latents": 5, "eps": 1e-4}
    assert report.form == "torch file from before 1.6"
    assert report.dropped == {}
    assert biggan_prior.read(report.written, 1.0).latents == 5


def test_a_biggans_configuration_is_read_if_it_lies_beside(bin_file: Path, tmp_path: Path) -> None:
    source, configuration = tmp_path / bin_file.name, tmp_path / "biggan-deep-128-config.json"
    source.write_bytes(bin_file.read_bytes())
    configuration.write_text('{"output_dim": 128, "z_dim": 8}')
    assert "size is 16, and the configuration beside it says 128" in refusal(source)
    configuration.write_text("<html>")
    assert "is no JSON object" in refusal(source)
    configuration.write_text('{"output_dim": 16, "z_dim": 8, "num_classes": 12, "eps": 0.001}')
    report = convert(source)
    assert json.loads(metadata(report.written)["layout"])["eps"] == 0.001
    network = biggan_prior.read(report.written, 1.0)
    mean, variance = (biggan_file.tensors()[f"generator.bn.running_{which}"][-1] for which in ("means", "vars"))
    scale = biggan_file.tensors()["generator.bn.weight"] / (variance + 0.001).sqrt()
    assert torch.allclose(network.scale.flatten(), scale)
    assert mean.shape == scale.shape


class Program:
    """What a pickle may hold besides tensors: a call that is made when it is read."""

    def __init__(self, call: Callable[..., Any], *given: Any) -> None:
        self.call, self.given = call, given

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call, self.given


@pytest.mark.parametrize("zipped", [True, False])
def test_a_program_in_a_checkpoint_is_refused_and_does_not_run(zipped: bool, tmp_path: Path) -> None:
    mark, source = tmp_path / "it-ran", tmp_path / "a.ckpt"
    bomb = Program(os.system, f"touch {mark}")
    pickle.loads(pickle.dumps(bomb))
    assert mark.exists(), "the bomb is a real one"
    mark.unlink()
    torch.save(
        {"state_dict": biggan_file.tensors(), "callbacks": [bomb]}, source, _use_new_zipfile_serialization=zipped
    )
    assert "system, which no weights need" in refusal(source)
    assert not mark.exists()


def test_a_program_in_a_trusted_packages_name_does_not_run_either(tmp_path: Path) -> None:
    mark, source = tmp_path / "it-ran", tmp_path / "a.ckpt"
    bomb = Program(torch.save, [1], str(mark))
    pickle.loads(pickle.dumps(bomb))
    assert mark.exists(), "the bomb is a real one"
    mark.unlink()
    torch.save({"state_dict": {**biggan_file.tensors(), "loss.bomb": bomb}, "callbacks": bomb}, source)
    assert convert(source).kind == "biggan"
    assert not mark.exists()


def saved(thing: Any, **how: Any) -> Callable[[Path], None]:
    return lambda path: torch.save(thing, path, **how)


def zipped_folder(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a/readme.txt", "weights")


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda path: path.write_bytes(HTML), "It is a web page"),
        (lambda path: path.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid"), "git lfs pull"),
        (lambda path: path.write_bytes(gzip.compress(b"weights")), "unpack it first"),
        (lambda path: path.write_bytes(pickle.dumps({"a": 1})), "not one of torch's"),
        (lambda path: path.write_bytes(b""), "It is empty"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "is it the right one?"),
        (lambda path: save_file({"a": torch.zeros(2)}, path), "safetensors already"),
        (zipped_folder, "not one of torch's: if weights"),
        (saved({"a.weight": torch.zeros(2)}), "not those of a VQGAN, CLIP or BigGAN"),
        (saved([torch.zeros(2)]), "no state dict"),
        (saved(nn.Linear(2, 2)), "a whole torch.nn.modules.linear.Linear, not a state dict"),
        (saved({"quantize.embed.weight": torch.zeros(4, 4)}), "Gumbel"),
        (saved({"visual.proj": torch.zeros(4, 4)}), "text tower"),
        (
            saved({name: torch.zeros(4, 4) for name in ("visual.proj", "positional_embedding", "text_projection")}),
            "there is no visual.conv1.weight",
        ),
        (saved({"generator.gen_z.weight": torch.zeros(4, 4)}), "there is no embeddings.weight"),
        (saved({"quantize.embedding.weight": torch.zeros(0, 4)}), "is empty"),
        (saved({"quantize.embedding.weight": torch.zeros(4, 4)}), "there is no encoder.conv_in.weight"),
    ],
)
def test_other_files_are_told_from_weights(write: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    path = tmp_path / "model.ckpt"
    write(path)
    told = refusal(path)
    assert said in told
    assert told.startswith("model.ckpt was not converted. ")


def test_a_torn_state_dict_is_refused_by_the_name_of_what_is_missing(state: dict[str, Tensor], tmp_path: Path) -> None:
    torn = {name: tensor for name, tensor in state.items() if name != "decoder.norm_out.weight"}
    torch.save(torn, tmp_path / "a.ckpt")
    assert "decoder.norm_out.weight" in refusal(tmp_path / "a.ckpt")


def test_a_biggan_whose_layers_do_not_fit_is_refused(tmp_path: Path) -> None:
    odd = {**biggan_file.tensors(), "generator.layers.1.conv_3.bias": torch.zeros(5)}
    torch.save(odd, tmp_path / "a.bin")
    assert "It looks like a biggan, but" in refusal(tmp_path / "a.bin")


@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_that_is_cut_off_anywhere_is_refused(zipped: bool, tmp_path: Path) -> None:
    source = tmp_path / "a.bin"
    torch.save(biggan_file.tensors(), source, _use_new_zipfile_serialization=zipped)
    whole = source.read_bytes()
    for length in (20, 60, 200, len(whole) // 20, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        source.write_bytes(whole[:length])
        told = refusal(source)
        assert "fetch" in told or "is it the right one?" in told, length


def test_a_changed_byte_is_found_by_the_checksum(state: dict[str, Tensor], tmp_path: Path) -> None:
    source = tmp_path / "a.ckpt"
    torch.save(state, source)
    changed, mark = bytearray(source.read_bytes()), state["quantize.embedding.weight"].numpy().tobytes()[:64]
    changed[changed.index(mark) + 5] ^= 1
    source.write_bytes(changed)
    assert "fetch the file again" in refusal(source)


def test_what_would_grow_when_it_is_read_is_refused(tmp_path: Path) -> None:
    state = biggan_file.tensors()
    spread, shared, bomb = (tmp_path / f"{name}.bin" for name in ("spread", "shared", "bomb"))
    torch.save({**state, "embeddings.weight": torch.zeros(1, 1).expand(1 << 15, 1 << 15)}, spread)
    assert "larger than what is stored" in refusal(spread)
    store = torch.zeros(max(tensor.numel() for tensor in state.values()))
    torch.save({name: store[: tensor.numel()].view(tensor.shape) for name, tensor in state.items()}, shared)
    assert "larger than the file" in refusal(shared)
    torch.save({**state, "embeddings.weight": torch.zeros(8, 1 << 20)}, spread)
    with zipfile.ZipFile(spread) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert bomb.stat().st_size < spread.stat().st_size / 8
    assert "compressed or too large" in refusal(bomb)


def test_nothing_is_written_over(bin_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.safetensors"
    out.write_text("mine")
    assert "--out" in refusal(bin_file, out=out)
    assert out.read_text() == "mine"
    assert "in a folder that is there" in refusal(bin_file, out=tmp_path / "none" / "a.safetensors")
    assert "--out must name a .safetensors file" in refusal(bin_file, out=tmp_path / "a.bin")
    assert "There is no file" in refusal(tmp_path / "none.ckpt")
