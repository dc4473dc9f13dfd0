"""Candidates: painted side by side, the best go on with all that is theirs, and a break changes nothing."""

from typing import Any

import pytest
import torch

from generator import Steering, generate
from generator.candidates import Candidates, follow, fresh, running
from generator.priors import Prior, load
from tests.generator.fakes import Guide
from tests.generator.runs import last, same, settings

FOUR = {"prior": "pixels", "candidates": 4, "keep": 2, "cull_at": 3}


def test_the_best_go_on_by_the_running_mean_of_their_loss(guide: Guide) -> None:
    iterates = list(generate(settings(**FOUR), guide))
    assert [iterate.candidates for iterate in iterates] == [4, 4, 4, 2, 2, 2]
    before, after = iterates[2], iterates[3]
    means = before.state.candidates.means.tolist()
    best = sorted(range(4), key=means.__getitem__)[:2]
    assert after.state.candidates.numbers == tuple(sorted(best))
    assert set(after.numbers) == set(before.numbers[:2])


def test_losses_pictures_and_drawings_come_best_first(guide: Guide) -> None:
    iterate = last(generate(settings(candidates=3, steps=2), guide))
    rows = iterate.state.candidates
    order = rows.means.argsort().tolist()
    assert iterate.losses == tuple(rows.losses[order].tolist())
    assert iterate.loss == iterate.losses[0]
    assert iterate.similarity == rows.similarities[order[0]].item()
    shown = [iterate.picture(32, place).tobytes() for place in range(3)]
    assert shown[0] == iterate.picture(32).tobytes()
    assert len(set(shown)) == 3
    assert iterate.drawing(1) == iterate.prior.drawing(rows.latent, order[1])
    with pytest.raises(IndexError):
        iterate.picture(32, 3)


def test_a_candidate_does_not_feel_the_others(guide: Guide) -> None:
    """What goes on after the choice is what it would have been by the optimiser's memory of its own rows."""
    culled = last(generate(settings(**FOUR), guide))
    kept = last(generate(settings(**{**FOUR, "keep": 4}), guide))
    for row, number in enumerate(culled.state.candidates.numbers):
        for ours, theirs in (
            (culled.state.candidates.latent, kept.state.candidates.latent),
            (culled.state.candidates.moments, kept.state.candidates.moments),
        ):
            for name, tensor in ours.items():
                if tensor.ndim:
                    assert torch.allclose(tensor[row], theirs[name][number], atol=1e-4), name


@pytest.mark.parametrize("stop", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("prior", ["strokes", "pixels"])
def test_a_resumed_run_equals_the_unbroken_one_whatever_happens_in_it(guide: Guide, prior: str, stop: int) -> None:
    """Across a choice, an order for other texts, another size and a moving average."""
    run = settings(prior=prior, candidates=3, keep=2, cull_at=2, sizes=[[0, 32], [3, 48], [5, 40]], ema=0.5)
    orders = [{"texts": [{"text": "a bus"}], "at": 4}]
    unbroken = list(generate(run, guide, steering=Steering(orders)))
    assert [iterate.candidates for iterate in unbroken] == [3, 3, 2, 2, 2, 2]
    assert [iterate.size for iterate in unbroken] == [32, 32, 32, 48, 48, 40]
    resumed = list(generate(run, guide, unbroken[stop - 1].checkpoint()))
    assert [iterate.step for iterate in resumed] == list(range(stop + 1, 7))
    assert all(same(ours, theirs) for ours, theirs in zip(resumed, unbroken[stop:], strict=True))
    assert resumed[-1].picture(32).tobytes() == unbroken[-1].picture(32).tobytes()


def test_rows_take_all_that_is_theirs_along() -> None:
    rows = Candidates(
        (5, 6, 9),
        {"z": torch.arange(6.0).reshape(3, 2)},
        *(torch.tensor([1.0, torch.nan, 0.5]) for _ in range(3)),
        average={"z": torch.arange(6.0).reshape(3, 2) * 10},
        moments={"z.exp_avg": torch.arange(3.0), "z.step": torch.tensor(7.0)},
    )
    assert rows.order() == [2, 0, 1], "what is not a number comes last"
    assert rows.best(2) == [0, 2]
    chosen = rows.chosen([0, 2])
    assert chosen.numbers == (5, 9)
    assert chosen.latent["z"].tolist() == [[0, 1], [4, 5]]
    assert chosen.shown["z"].tolist() == [[0, 10], [40, 50]]
    assert chosen.moments["z.exp_avg"].tolist() == [0, 2]
    assert chosen.moments["z.step"].item() == 7
    assert chosen.means.tolist() == [1, 0.5]


def test_another_size_keeps_moments_of_what_keeps_its_shape() -> None:
    prior: Prior = load(settings(prior="pixels"))
    rows = fresh(prior.start(2, torch.Generator()), averaged=True)
    rows.moments.update({"pixels.exp_avg": torch.ones_like(rows.latent["pixels"]), "pixels.step": torch.tensor(1.0)})
    grown = rows.resized(prior, 40)
    assert grown.latent["pixels"].shape == grown.average["pixels"].shape == (2, 3, 40, 40)
    assert not grown.moments
    assert rows.resized(prior, 32).moments.keys() == rows.moments.keys()


def test_a_running_mean_is_of_all_losses_at_first_and_of_late_ones_after() -> None:
    mean = torch.zeros(1)
    for step, loss in enumerate([4.0, 2.0, 3.0]):
        mean = running(mean, torch.tensor([loss]), step)
    assert mean.item() == pytest.approx(3)
    assert running(mean, torch.tensor([13.0]), 500).item() == pytest.approx(4)


def test_the_average_follows_what_moves_and_copies_the_rest() -> None:
    average = {"z": torch.zeros(1), "alive": torch.tensor([True])}
    latent = {"z": torch.ones(1), "alive": torch.tensor([False])}
    follow(average, latent, ["z"], 0.9, 1000)
    assert average["z"].item() == pytest.approx(0.1)
    assert not average["alive"]
    follow(average, latent, ["z"], 0.9, 0)
    assert average["z"].item() == pytest.approx(0.1 + 0.9 * 0.9), "the first steps are not held back"


@pytest.mark.parametrize("prior", ["strokes", "pixels"])
def test_the_picture_comes_from_the_moving_average(guide: Guide, prior: str) -> None:
    run: dict[str, Any] = {"prior": prior, "steps": 4, "learning_rate": 10}
    plain = last(generate(settings(**run), guide))
    slow = last(generate(settings(**run, ema=0.99), guide))
    for name, tensor in slow.state.candidates.latent.items():
        assert torch.equal(tensor, plain.state.candidates.latent[name]), "the average does not steer"
    assert slow.picture(32).tobytes() != plain.picture(32).tobytes()
