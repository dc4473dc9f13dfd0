"""The VQGAN prior: the layout read off the tensors, codes and their gradients, files that are refused, a run."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from taming.modules.diffusionmodules.model import Decoder, Encoder
from taming.modules.vqvae.quantize import VectorQuantizer
from torch import Tensor, nn

from generator import Settings, SettingsError, generate
from generator.__main__ import main
from generator.priors.vqgan import Network, clamped, layout, read
from tests.generator.fakes import Guide

SMALL: dict[str, Any] = {
    "ch": 32, "ch_mult": (1, 2, 2), "num_res_blocks": 1, "attn_resolutions": [16], "resolution": 64,
    "in_channels": 3, "out_ch": 3, "z_channels": 16, "double_z": False,
}  # fmt: skip
PUBLISHED: dict[str, Any] = {  # imagenet_f16_1024 and 16384
    "ch": 128, "ch_mult": (1, 1, 2, 2, 4), "num_res_blocks": 2, "attn_resolutions": [16], "resolution": 256,
    "in_channels": 3, "out_ch": 3, "z_channels": 256, "double_z": False,
}  # fmt: skip


def tensors(shape: dict[str, Any], codes: int, dim: int) -> dict[str, Tensor]:
    """A checkpoint's state dict as taming writes it, with random weights and a discriminator to be dropped."""
    parts = nn.ModuleDict({
        "encoder": Encoder(**shape),
        "decoder": Decoder(**shape),
        "quantize": VectorQuantizer(codes, dim, 0.25),
        "quant_conv": nn.Conv2d(shape["z_channels"], dim, 1),
        "post_quant_conv": nn.Conv2d(dim, shape["z_channels"], 1),
        "loss": nn.Conv2d(3, 64, 4),
    })  # fmt: skip
    return parts.state_dict()


@pytest.fixture(scope="module")
def small() -> dict[str, Tensor]:
    torch.manual_seed(5)
    state = tensors(SMALL, 40, 16)
    state["quantize.embedding.weight"].normal_()
    return state


@pytest.fixture(scope="module")
def weights(small: dict[str, Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "small.safetensors"
    save_file(small, path)
    return path


@pytest.mark.parametrize(("shape", "codes"), [(PUBLISHED, 1024), (PUBLISHED, 16384), (SMALL, 40)])
def test_the_layout_is_read_off_the_tensors(shape: dict[str, Any], codes: int) -> None:
    with torch.device("meta"):  # shapes alone: the published network has 76 million parameters
        state = tensors(shape, codes, shape["z_channels"])
    assert layout(state) == shape


def test_a_network_holds_the_tensors_it_was_given(small: dict[str, Tensor]) -> None:
    network = Network(small)
    kept = network.state_dict()
    assert kept.keys() == {name for name in small if not name.startswith("loss.")}
    assert all(torch.equal(kept[name], small[name]) for name in kept)
    assert network.factor == 4


def test_a_small_network_has_fewer_groups_and_says_so(small: dict[str, Tensor]) -> None:
    network = Network({**small, "groups": torch.tensor(4)})
    assert {norm.num_groups for norm in network.modules() if isinstance(norm, nn.GroupNorm)} == {4}
    again = Network(network.state_dict())
    pictures = torch.rand(1, 3, 16, 16)
    assert torch.equal(again.encode(pictures), network.encode(pictures))
    assert not torch.equal(Network(small).encode(pictures), network.encode(pictures))
    with pytest.raises(ValueError, match="7 groups"):
        Network({**small, "groups": torch.tensor(7)})


def test_pictures_go_to_codes_and_back(small: dict[str, Tensor]) -> None:
    network = Network(small)
    pictures = torch.rand(2, 3, 24, 16)
    z = network.encode(pictures)
    assert z.shape == (2, 16, 6, 4)
    made = network.decode(z)
    assert made.shape == pictures.shape
    assert made.min() >= 0
    assert made.max() <= 1


def test_the_nearest_code_is_the_nearest(small: dict[str, Tensor]) -> None:
    network = Network(small)
    z = torch.randn(1, 16, 5, 5)
    far = torch.cdist(z.permute(0, 2, 3, 1).reshape(-1, 16), network.codebook)
    assert torch.equal(network.nearest(z).flatten(), far.argmin(1))
    on = network.on_codes(z)
    assert torch.allclose(on, network.codebook[network.nearest(z)].permute(0, 3, 1, 2), atol=1e-5)
    assert torch.equal(network.nearest(on), network.nearest(z))


def test_gradients_pass_straight_through_the_codes(small: dict[str, Tensor]) -> None:
    z = torch.randn(1, 16, 3, 3, requires_grad=True)
    wanted = torch.randn(1, 16, 3, 3)
    (Network(small).on_codes(z) * wanted).sum().backward()
    assert z.grad is not None
    assert torch.equal(z.grad, wanted)


def test_the_clamp_lets_pictures_come_back_but_not_go_further_out() -> None:
    values = torch.tensor([-0.5, -0.5, 0.5, 1.5, 1.5], requires_grad=True)
    # A step goes against the gradient: +1 lowers a value, -1 raises it.
    clamped(values).backward(torch.tensor([1.0, -1.0, 1.0, 1.0, -1.0]))
    assert values.grad is not None
    assert values.grad.tolist() == [0.0, -1.0, 1.0, 1.0, 0.0]


def test_a_run_climbs_stays_in_the_codebooks_range_and_resumes(weights: Path, guide: Guide) -> None:
    asked = {"texts": [{"text": "a cat"}], "prior": "vqgan", "weights": str(weights), "size": 32, "cutouts": 2}
    settings = Settings.from_dict({**asked, "steps": 12})
    iterates = list(generate(settings, guide))
    assert iterates[-1].loss < iterates[0].loss
    book = read(weights).codebook
    z = iterates[-1].state.candidates.latent["z"]
    assert z.shape == (1, 16, 8, 8)
    assert (z.amax((0, 2, 3)) <= book.amax(0)).all()
    assert (z.amin((0, 2, 3)) >= book.amin(0)).all()
    assert iterates[-1].drawing() is None
    assert iterates[-1].picture(64).size == (64, 64)
    again = list(generate(settings, guide, iterates[5].checkpoint()))
    assert torch.equal(again[-1].state.candidates.latent["z"], z)


def test_a_state_dict_in_a_plain_checkpoint_is_read(small: dict[str, Tensor], tmp_path: Path) -> None:
    path = tmp_path / "small.ckpt"
    torch.save({"state_dict": small, "epoch": 3}, path)
    assert torch.equal(read(path).codebook, small["quantize.embedding.weight"])


class Program:
    """What a pickle may hold besides tensors: something that runs when it is read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, ("raise SystemExit('a program from the file has run')",))


def test_files_that_hold_no_vqgan_are_refused_with_a_reason(small: dict[str, Tensor], tmp_path: Path) -> None:
    page, program, cut = tmp_path / "page.ckpt", tmp_path / "program.ckpt", tmp_path / "cut.safetensors"
    page.write_text("<!DOCTYPE html><title>Link does not exist</title>")
    torch.save({"state_dict": small, "callbacks": Program()}, program)
    save_file(small, cut)
    cut.write_bytes(cut.read_bytes()[:-1000])
    for path in (page, program, cut):
        with pytest.raises(SettingsError, match=r"weights: .* (cannot be read|holds more)") as refused:
            read(path)
        assert ".safetensors" in refused.value.detail
    with pytest.raises(SettingsError, match="there is no file"):
        read(tmp_path / "none.safetensors")


def test_tensors_of_something_else_are_refused_with_a_reason(small: dict[str, Tensor]) -> None:
    with pytest.raises(ValueError, match="not the weights of a VQGAN"):
        layout({"visual.proj": torch.zeros(2, 2)})
    with pytest.raises(ValueError, match="Gumbel"):
        layout({**small, "quantize.embed.weight": torch.zeros(4, 4)})
    doubled = {**small, "encoder.conv_out.weight": torch.zeros(32, 64, 3, 3)}
    with pytest.raises(ValueError, match="KL autoencoder"):
        layout(doubled)
    torn = {name: tensor for name, tensor in small.items() if name != "decoder.norm_out.weight"}
    with pytest.raises(ValueError, match=r"decoder\.norm_out\.weight"):
        Network(torn)


def test_the_command_line_says_which_weights_are_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "picture.png"
    assert main(["a cat", "--prior", "vqgan", "--weights", str(tmp_path / "no"), "--out", str(out)]) == 2
    assert "there is no file" in capsys.readouterr().err
    assert not out.exists()
