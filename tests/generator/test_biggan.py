"""The BigGAN prior: the network against its definition, latents and their own loss, files that are refused, a run."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import spectral_norm

from generator import Settings, SettingsError, generate
from generator.own import BigganSettings
from generator.priors import OwnLoss
from generator.priors.biggan import Biggan, crowd, foremost, oddity, read
from generator.priors.biggan_network import Network, Norm, layer
from tests.generator.biggan_file import CLASSES, STATS, Z, tensors
from tests.generator.fakes import Guide


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    return tensors()


@pytest.fixture(scope="module")
def weights(state: dict[str, Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "biggan.safetensors"
    save_file(state, path)
    return path


def drawn(network: Network, seed: int = 3) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(seed)
    z = torch.randn(2, network.latents, network.z, generator=rng)
    return z, torch.rand(2, network.latents, network.classes, generator=rng)


def test_the_layout_is_read_off_the_tensors(state: dict[str, Tensor]) -> None:
    network = Network(state)
    assert (network.latents, network.z, network.classes) == (5, Z, CLASSES)
    pictures = network(*drawn(network))
    assert pictures.shape == (2, 3, 16, 16)  # four blocks, every second one doubles four pixels
    assert pictures.min() >= 0
    assert pictures.max() <= 1
    assert pictures.std() > 0.01


def test_spectral_norm_is_torchs_own_done_once() -> None:
    torch.manual_seed(2)
    convolution = spectral_norm(nn.Conv2d(6, 4, 3, padding=1), eps=1e-4)
    convolution(torch.randn(1, 6, 5, 5))
    convolution.eval()
    state = {f"a.{name}": tensor for name, tensor in convolution.state_dict().items()}
    x = torch.randn(2, 6, 5, 5)
    assert torch.allclose(layer(state, "a")(x), convolution(x), atol=1e-6)
    old = {**state, "a.weight": convolution.weight.detach()}  # as torch 1.0 wrote it
    del old["a.weight_v"]
    assert torch.allclose(layer(old, "a")(x), convolution(x), atol=1e-6)


def test_a_norm_takes_the_statistics_of_its_truncation_and_interpolates_between_two(state: dict[str, Tensor]) -> None:
    name = "generator.layers.0.bn_0"
    means, variances = state[f"{name}.running_means"], state[f"{name}.running_vars"]
    x, condition = torch.randn(2, means.shape[1], 3, 3), torch.randn(2, 2 * Z)
    scale, offset = layer(state, f"{name}.scale")(condition), layer(state, f"{name}.offset")(condition)
    for truncation, place in ((1.0, STATS - 1), (0.5, (STATS - 1) // 2)):
        plain = functional.batch_norm(x, means[place], variances[place], eps=1e-4)
        wanted = plain * (1 + scale)[..., None, None] + offset[..., None, None]
        assert torch.allclose(Norm(state, name, truncation, 1e-4)(x, condition), wanted, atol=1e-5)
    near = Norm(state, name, 0.49, 1e-4).mean
    assert (near - means[2]).abs().sum() < (near - means[1]).abs().sum()


def test_each_layer_has_a_latent_of_its_own(state: dict[str, Tensor]) -> None:
    network = Network(state)
    z, classes = drawn(network)
    pictures = network(z, classes)
    for place in range(network.latents):
        other = z.clone()
        other[0, place] += 1
        moved = network(other, classes)
        assert not torch.equal(moved[0], pictures[0]), place
        assert torch.allclose(moved[1], pictures[1], atol=1e-6), place


def test_the_attention_is_part_of_the_picture(state: dict[str, Tensor]) -> None:
    network, blind = Network(state), Network({**state, "generator.layers.2.gamma": torch.zeros(1)})
    drawn_once = drawn(network)
    assert not torch.allclose(network(*drawn_once), blind(*drawn_once), atol=1e-4)


def test_the_foremost_classes_share_as_one_after_the_other(state: dict[str, Tensor]) -> None:
    logits = torch.tensor([[0.5, 3.0, -1.0, 2.0]], requires_grad=True)
    weights = foremost(logits, 2)
    first, second = logits.softmax(-1)[0, 1].item(), logits[0, [0, 2, 3]].softmax(-1)[2].item()
    assert weights.tolist() == [[0.0, pytest.approx(first), 0.0, pytest.approx(second)]]
    weights.sum().backward()
    assert logits.grad is not None
    assert (logits.grad != 0).all()
    assert torch.equal(foremost(logits, 99) > 0, torch.ones(1, 4, dtype=torch.bool))


def test_usual_latents_and_single_classes_cost_least() -> None:
    rng = torch.Generator().manual_seed(1)
    usual = torch.randn(1, 6, 128, generator=rng)
    strange = (usual * 2, usual + 1, usual.sign(), usual.exp())
    assert all(oddity(other) > oddity(usual) + 0.3 for other in strange)
    one, two = torch.zeros(1, 6, 10), torch.zeros(1, 6, 10)
    one[..., 3] = 1
    two[..., :2] = 0.5
    assert crowd(one).item() == 0
    assert crowd(two).item() == pytest.approx(25**2 / 9)


def test_the_moments_are_the_big_sleeps() -> None:
    z = torch.randn(1, 1, 128, generator=torch.Generator().manual_seed(4)) * 1.5 + 0.2
    row = z[0, 0].double()
    scores = (row - row.mean()) / row.var(correction=0).sqrt()
    wanted = (1 - row.std()).abs() + row.mean().abs() + 4 * max((row**2).mean().item(), 1.0)
    wanted += ((scores**4).mean() - 3).abs() + (scores**3).mean().abs()
    assert oddity(z).item() == pytest.approx(wanted.item(), rel=1e-4)


def test_the_start_is_the_published_one_and_latents_stay_within_the_truncation(weights: Path) -> None:
    prior = Biggan(BigganSettings(weights=str(weights), truncation=0.5))
    latent = prior.start(8, torch.Generator().manual_seed(0))
    assert latent["z"].shape == (8, 5, Z)
    assert latent["z"].abs().max() <= 1
    assert latent["classes"].mean().item() == pytest.approx(-3.9, abs=0.05)
    assert latent["classes"].std().item() == pytest.approx(0.3, abs=0.05)
    latent["z"] *= 9
    prior.keep(latent)
    assert latent["z"].abs().max() == 1


def test_it_begins_from_a_picture_as_nearly_as_it_can(weights: Path) -> None:
    prior = Biggan(BigganSettings(weights=str(weights)))
    other = prior.start(2, torch.Generator().manual_seed(9))
    wanted = prior.render(other, 16, 0.0)  # a picture that the network can paint
    rng = torch.Generator().manual_seed(1)
    missed = (prior.render(prior.start(2, rng), 16, 0.0) - wanted).square().mean((1, 2, 3))
    near = prior.render(prior.begin_from(wanted, rng.manual_seed(1)), 16, 0.0)
    assert ((near - wanted).square().mean((1, 2, 3)) < 0.6 * missed).all()


def test_candidates_are_judged_apart(weights: Path) -> None:
    prior = Biggan(BigganSettings(weights=str(weights), most_classes=3))
    latent = prior.start(3, torch.Generator().manual_seed(0))
    second = {name: tensor[1:2] for name, tensor in latent.items()}
    both, alone = prior.loss(latent), prior.loss(second)
    assert both.shape == (3,)
    assert both[1] == pytest.approx(alone.item())
    assert torch.allclose(prior.render(latent, 16, 0.0)[1], prior.render(second, 16, 0.0)[0], atol=1e-5)


def test_its_own_loss_is_part_of_a_step(weights: Path, guide: Guide) -> None:
    asked = {"texts": [{"text": "a cat"}], "prior": "biggan", "weights": str(weights), "size": 32, "cutouts": 1}
    prior = Biggan(BigganSettings(weights=str(weights)))
    assert isinstance(prior, OwnLoss)
    held, free = (
        list(generate(Settings.from_dict({**asked, "steps": 6, "familiarity": much}), guide))[-1] for much in (100, 0)
    )
    assert prior.loss(held.state.candidates.latent) < prior.loss(free.state.candidates.latent)


@pytest.mark.parametrize("most", [None, 2])
def test_a_run_climbs_and_resumes(weights: Path, guide: Guide, most: int | None) -> None:
    asked = {"texts": [{"text": "a cat"}], "prior": "biggan", "weights": str(weights), "size": 32, "cutouts": 2}
    settings = Settings.from_dict({**asked, "steps": 8, "most_classes": most})
    iterates = list(generate(settings, guide))
    assert iterates[-1].loss < iterates[0].loss
    assert iterates[-1].drawing() is None
    assert iterates[-1].picture(64).size == (64, 64)
    again = list(generate(settings, guide, iterates[5].checkpoint()))
    for name in ("z", "classes"):
        assert torch.equal(again[-1].state.candidates.latent[name], iterates[-1].state.candidates.latent[name])


def test_files_that_hold_no_biggan_are_refused_with_a_reason(state: dict[str, Tensor], tmp_path: Path) -> None:
    def refused(path: Path) -> str:
        with pytest.raises(SettingsError, match="#/weights") as error:
            read(path, 1.0)
        return error.value.detail

    other, torn, cut = (tmp_path / f"{name}.safetensors" for name in ("other", "torn", "cut"))
    save_file({"visual.proj": torch.zeros(2, 2)}, other)
    save_file({name: tensor for name, tensor in state.items() if name != "generator.bn.bias"}, torn)
    cut.write_bytes(torn.read_bytes()[:-9])
    assert "paintoff weights import" in refused(tmp_path / "biggan.bin")
    assert "there is no embeddings.weight" in refused(other)
    assert "there is no generator.bn.bias" in refused(torn)
    assert "cannot be read" in refused(cut)
    with pytest.raises(SettingsError, match="must name a file"):
        Settings.from_dict({"texts": [{"text": "a cat"}], "prior": "biggan"})
