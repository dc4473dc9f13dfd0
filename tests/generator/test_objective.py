"""The objective: texts, images, weights, windows, several guides, and that negatives push but never win."""

import base64
import io
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor
from torch.nn import functional

from generator import Settings, SettingsError, generate
from generator.gaze import Gaze, Pulls, spherical_distance
from generator.objective import MOST_NEGATIVE, Objective, shares
from generator.wanted import Guide as Named
from tests.generator.climbing import descent, falls, look, noise, wanting
from tests.generator.fakes import Guide

CAT = {"text": "a cat"}


def uri(colours: Tensor, kind: str = "PNG") -> str:
    """A picture (3, h, w) as a data: URI."""
    data = io.BytesIO()
    Image.fromarray((colours * 255).round().byte().permute(1, 2, 0).numpy()).save(data, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(data.getvalue()).decode()}"


PICTURE = uri(noise(1, 64)[0])


def settings(*texts: dict[str, Any], **more: Any) -> Settings:
    return Settings.from_dict({"texts": list(texts), "size": 40, "cutouts": 2, "steps": 20, **more})


def objective(*texts: dict[str, Any], guide: Guide | None = None, **more: Any) -> Objective:
    return Objective(settings(*texts, **more), [guide or Guide()])


@pytest.mark.parametrize("angle", [0.0, 0.3, math.pi / 2, 3.0])
def test_spherical_distance_is_half_the_squared_angle(angle: float) -> None:
    left, right = torch.tensor([1.0, 0.0]), torch.tensor([math.cos(angle), math.sin(angle)])
    assert spherical_distance(left, right).item() == pytest.approx(angle**2 / 2, abs=2e-3)


def test_spherical_distance_has_a_finite_gradient_everywhere() -> None:
    for other in ([1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]):
        point = torch.tensor([1.0, 0.0], requires_grad=True)
        spherical_distance(point, torch.tensor(other)).backward()
        assert point.grad is not None
        assert point.grad.isfinite().all()


@pytest.mark.parametrize(
    "wanted",
    [
        {"texts": [CAT]},
        {"texts": [CAT, {"text": "a dog", "weight": 3}]},
        {"texts": [CAT, {"text": "a dog", "weight": -10}]},
        {"images": [{"image": PICTURE}]},
        {"images": [{"image": PICTURE, "seen": "whole"}]},
        {"texts": [CAT], "images": [{"image": PICTURE, "weight": -0.5}]},
        {"texts": [CAT], "style": [{"name": "oil"}, {"name": "ink", "weight": 0.3}]},
        {"texts": [CAT], "losses": {"smoothness": 1, "symmetry": 0.5}},
    ],
)
def test_the_loss_falls_in_five_steps(wanted: dict[str, Any]) -> None:
    start = 1 - noise() if "images" in wanted else noise()
    assert falls(descent(wanting(objective(*wanted.pop("texts", []), **wanted)), start))


@given(st.lists(st.floats(-10, 10), max_size=5))
def test_negative_weights_are_bounded(weights: list[float]) -> None:
    shared = shares([1.0, *weights])
    assert sum(share for share in shared if share > 0) == pytest.approx(1)
    assert sum(share for share in shared if share < 0) >= -MOST_NEGATIVE - 1e-9
    assert [share > 0 for share in shared] == [weight > 0 for weight in [1.0, *weights]]


def test_a_target_counts_in_its_window_only() -> None:
    some = objective(
        CAT | {"to_step": 5},
        {"text": "a dog", "weight": 3, "from_step": 5},
        {"text": "always", "weight": -0.25},
        images=[{"image": PICTURE, "from_step": 9, "weight": 1}, {"image": PICTURE, "seen": "whole", "to_step": 1}],
    )
    # the texts, the image that is seen whole, the one that is seen alike, and the dream that there is not
    assert some.weights(0) == [0.5, 0.0, -0.125, 0.5, 0.0, 0.0]
    assert some.weights(4) == [1.0, 0.0, -0.25, 0.0, 0.0, 0.0]
    assert some.weights(5) == [0.0, 1.0, pytest.approx(-0.25 / 3), 0.0, 0.0, 0.0]
    assert some.weights(9) == [0.0, 0.75, -0.0625, 0.0, 0.25, 0.0]


def test_what_does_not_count_now_changes_nothing() -> None:
    late = {"text": "a dog", "from_step": 5}
    some = objective(CAT, late, images=[{"image": PICTURE, "from_step": 7}])
    before, now, then = (some.judge(noise(), look, step).loss for step in (4, 5, 7))
    assert torch.equal(before, objective(CAT).judge(noise(), look, 4).loss)
    assert torch.equal(now, objective(CAT, late).judge(noise(), look, 5).loss)
    assert not torch.equal(now, then)


def judged(guide: Guide, embedding: Tensor, weight: float) -> float:
    """The loss of a picture with this embedding where "wanted" has the weight 1 and "unwanted" this one."""

    class Blind(Guide):
        def encode_images(self, pixels: Tensor) -> Tensor:
            return embedding.expand(len(pixels), -1)

    both = shares([1.0, weight])
    wanted = torch.tensor([1.0, 0.0])
    now = Pulls(torch.arange(2), torch.tensor([], dtype=torch.long), torch.tensor(both), wanted, 0.0)
    gaze = Gaze(Blind(), ["wanted", "unwanted"], torch.zeros(0, 3, 8, 8), None)  # type: ignore[arg-type]
    seen = torch.zeros(1, 1, 3, 8, 8)
    return gaze.judge(seen, seen[:, :0], now).loss.item()


def test_a_negative_text_stops_pushing_once_the_picture_has_nothing_to_do_with_it(guide: Guide) -> None:
    away = -guide.encode_texts(["unwanted"])
    assert judged(guide, away, -10) == pytest.approx(judged(guide, away, 0))


@pytest.mark.parametrize("weight", [-0.1, -1, -10])
def test_a_negative_text_makes_what_is_like_it_worse(guide: Guide, weight: float) -> None:
    near = guide.encode_texts(["unwanted"])
    assert judged(guide, near, weight) > judged(guide, near, 0) + 0.05


@pytest.mark.parametrize("weight", [-0.1, -1, -10])
def test_fleeing_never_beats_what_is_wanted(guide: Guide, weight: float) -> None:
    reached = guide.encode_texts(["wanted"])
    fled = -guide.encode_texts(["unwanted"])
    both = functional.normalize(reached + guide.encode_texts(["unwanted"]), dim=1)
    assert judged(guide, reached, weight) < judged(guide, fled, weight)
    assert judged(guide, both, weight) < judged(guide, fled, weight)


def test_what_is_wanted_and_unwanted_at_once_is_still_wanted() -> None:
    torn = objective(CAT, *[CAT | {"weight": -10}] * 3)
    pixels = descent(wanting(torn), noise())
    assert falls(pixels)
    wanted = objective(CAT)

    def nearer(before: Tensor, after: Tensor) -> bool:
        return bool((wanting(wanted)(after) < wanting(wanted)(before)).all())

    start = noise().requires_grad_()
    wanting(torn)(start).sum().backward()
    assert start.grad is not None
    assert nearer(start.detach(), start.detach() - start.grad / start.grad.abs().max() * 0.02)


def test_the_nearer_picture_has_the_lower_loss_and_the_higher_similarity() -> None:
    some = objective(images=[{"image": PICTURE}])
    near, far = noise(1, 64), 1 - noise(1, 64)
    verdict = some.judge(torch.cat([near, far]), look, 0)
    assert verdict.loss[0] < verdict.loss[1]
    assert verdict.similarity[0] > verdict.similarity[1]


def test_an_image_is_seen_in_the_pictures_own_views() -> None:
    target = torch.nn.functional.interpolate(noise(1, 32), (512, 512))
    picture = functional.interpolate(target, (40, 40), mode="bilinear", antialias=True)
    alike = objective(images=[{"image": uri(target[0])}])
    whole = objective(images=[{"image": uri(target[0]), "seen": "whole"}])
    assert alike.judge(picture, look, 0).similarity.item() == pytest.approx(1, abs=1e-3)
    assert whole.judge(picture, look, 0).similarity.item() < 0.999
    shown: list[int] = []

    def counting(pictures: Tensor, size: int) -> Tensor:
        shown.append(len(pictures))
        return look(pictures, size)

    alike.judge(picture, counting, 0)
    whole.judge(picture, counting, 0)
    assert shown == [2, 1]


def test_several_images_are_each_seen_in_the_views_and_weigh_what_they_weigh() -> None:
    first, second = PICTURE, uri(1 - noise(1, 48)[0])
    weighed = [{"image": first, "weight": 3}, {"image": second}]
    both = objective(images=weighed).judge(noise(), look, 0)
    one, other = (objective(images=[{"image": image}]).judge(noise(), look, 0) for image in (first, second))
    torch.testing.assert_close(both.loss, 0.75 * one.loss + 0.25 * other.loss)
    torch.testing.assert_close(both.similarity, 0.75 * one.similarity + 0.25 * other.similarity)
    late = [{"image": second, "to_step": 2}, {"image": first, "from_step": 2}]
    torch.testing.assert_close(objective(images=late).judge(noise(), look, 2).loss, one.loss)


def test_several_guides_look_in_their_own_sizes_and_have_their_say() -> None:
    guides = [Guide(), Guide(size=24, seed=8), Guide(size=24, seed=9)]
    more = [{"name": "second", "weight": 2}, {"name": "third", "weight": 1}]
    some = Objective(settings(CAT, guides=more), guides)  # type: ignore[arg-type]
    sizes: list[int] = []

    def noting(pictures: Tensor, size: int) -> Tensor:
        sizes.append(size)
        return look(pictures, size)

    verdict = some.judge(noise(), noting, 0)
    alone = [objective(CAT, guide=guide).judge(noise(), look, 0) for guide in guides]
    assert sizes == [24, 32]
    expected = (alone[0].loss + 2 * alone[1].loss + alone[2].loss) / 4
    torch.testing.assert_close(verdict.loss, expected)
    similarity = (alone[0].similarity + 2 * alone[1].similarity + alone[2].similarity) / 4
    torch.testing.assert_close(verdict.similarity, similarity)
    assert falls(descent(wanting(some), noise()))


def test_a_run_with_two_guides_is_reproduced_and_resumed() -> None:
    def guides() -> Any:
        return [Guide(), Guide(size=24, seed=8)]

    chosen = settings(CAT, guides=[{"name": "second"}], steps=4, strokes=6, images=[{"image": PICTURE}])
    whole = list(generate(chosen, guides()))
    resumed = list(generate(chosen, guides(), whole[1].checkpoint()))
    assert [iterate.loss for iterate in resumed] == [iterate.loss for iterate in whole[2:]]
    assert resumed[-1].drawing() == whole[-1].drawing()


def test_the_number_of_guides_must_be_right(guide: Guide) -> None:
    chosen = settings(CAT, guides=[{"name": "second"}])
    assert chosen.every_guide == (Named("embedded:main"), Named("second"))
    with pytest.raises(SettingsError, match="2 encoders, but 1") as refused:
        next(generate(chosen, guide))  # type: ignore[arg-type]
    assert refused.value.pointer == "#/guides"


def test_images_are_read_from_files_and_uris_whole_on_white_paper(tmp_path: Path) -> None:
    from generator.pictures import fitted, opened

    file = tmp_path / "tall.png"
    Image.new("RGBA", (10, 40), (255, 0, 0, 0)).save(file)
    assert (fitted(opened(str(file), "#"), 32) == 1).all()
    Image.new("RGB", (10, 40), (255, 0, 0)).save(file)
    seen = fitted(opened(str(file), "#"), 32)
    assert seen.shape == (3, 32, 32)
    assert seen[:, :, 12:20].flatten(1).unique(dim=1).T.tolist() == [[1, 0, 0]]
    assert (seen[:, :, :12] == 1).all()
    jpeg = fitted(opened(uri(noise(1, 64)[0], "JPEG"), "#"), 32)
    torch.testing.assert_close(jpeg, fitted(opened(PICTURE, "#"), 32), atol=0.3, rtol=0)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("nowhere.png", "nowhere.png is no picture"),
        ("~nobody-here/cat.png", "is no picture"),
        (__file__, "is no picture"),
        ("data:image/png;base64,AAAA", "is no picture"),
        ("data:image/png;base64,%%%%", "base64 is broken"),
        ("data:image/png,rubbish", "write data:image/png;base64"),
        (".", "is no picture"),
    ],
)
def test_an_image_that_cannot_be_read_is_pointed_at(image: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        objective(CAT, images=[{"image": PICTURE}, {"image": image}])
    assert refused.value.pointer == "#/images/1/image"
    assert said in refused.value.detail


def test_a_huge_picture_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.pictures.LARGEST", 64 * 64 - 1)
    with pytest.raises(SettingsError, match="more than"):
        objective(images=[{"image": PICTURE}])


@pytest.mark.parametrize(
    ("given_settings", "pointer"),
    [
        ({"images": [{"image": PICTURE, "weight": -1}]}, "#/texts"),
        ({"texts": [CAT], "images": [{}]}, "#/images/0/image"),
        ({"texts": [CAT], "images": [{"image": "a.png", "seen": "twice"}]}, "#/images/0/seen"),
        ({"texts": [CAT], "images": [{"image": "a.png", "from_step": 4, "to_step": 4}]}, "#/images/0/to_step"),
        ({"texts": [CAT], "losses": {"smoothness": -1}}, "#/losses/smoothness"),
        ({"texts": [CAT], "losses": {"colours": ["red"]}}, "#/losses/colours/0"),
        ({"texts": [CAT], "losses": {"beauty": 1}}, "#/losses/beauty"),
        ({"texts": [CAT], "guides": [{"name": "x", "weight": 0}]}, "#/guides/0/weight"),
        ({"texts": [CAT], "guides": ["x"]}, "#/guides/0"),
    ],
)
def test_a_refused_setting_is_pointed_at(given_settings: Any, pointer: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_dict(given_settings)
    assert refused.value.pointer == pointer


def test_everything_wanted_survives_json() -> None:
    chosen = settings(
        CAT,
        images=[{"image": PICTURE, "seen": "whole", "weight": -2, "to_step": 4}],
        style=[{"name": "oil", "weight": 0.5}],
        losses={"palette": 2, "colours": ["#ff0000"]},
        guides=[{"name": "second", "weight": 0.5}],
    )
    assert Settings.from_dict(chosen.to_dict()) == chosen
