"""Memory before the start: near what a step takes, and a refusal that says what would fit."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from generator import Settings, SettingsError, estimate, generate
from generator.estimate import Curve, Watched
from generator.objective import Objective
from generator.priors.vqgan import untrained
from tests.generator.fakes import Guide
from tests.generator.runs import settings
from tests.generator.test_vqgan import SMALL

GB = 10**9


def step_bytes(given: Settings, guide: Guide) -> int:
    """What the tensors of a run's first steps take at their peak, in truth, while the last iterate is looked at."""
    with Watched() as watched:
        held = [iterate for _, iterate in zip(range(2), generate(given, guide), strict=False)][-1:]
    assert held
    return watched.peak


@pytest.fixture
def weights(tmp_path: Path) -> str:
    save_file(untrained(SMALL, 32, 8), tmp_path / "v.safetensors")
    return str(tmp_path / "v.safetensors")


@pytest.mark.parametrize(
    "changes",
    [
        {"prior": "pixels", "size": 64, "candidates": 3, "cutouts": 8},
        {"prior": "pixels", "size": 256, "candidates": 2, "cutouts": 1},
        {"prior": "fft", "size": 64, "candidates": 2, "cutouts": 4},
        {"prior": "siren", "size": 32, "candidates": 2, "cutouts": 2},
        {"prior": "strokes", "strokes": 40, "size": 160, "candidates": 3, "cutouts": 4},
        {"prior": "vqgan", "size": 160, "candidates": 1, "cutouts": 2},
    ],
)
def test_the_estimate_is_within_a_third_of_what_a_step_takes(
    guide: Guide, weights: str, changes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if changes["prior"] == "vqgan":
        changes = {**changes, "weights": weights}
    given = settings(**changes)
    need = estimate.measure(given, Objective(given, [guide]), guide.device)
    monkeypatch.setattr(estimate, "free", lambda device: None)  # so that nothing else is measured
    guessed = need.bytes(given.size, given.cutouts, given.candidates)
    assert guessed == pytest.approx(step_bytes(given, guide), rel=1 / 3)


def test_a_run_that_will_not_fit_is_refused_with_what_would(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(prior="pixels", size=512, candidates=8, cutouts=4)
    need = estimate.measure(given, Objective(given, [guide]), guide.device)
    room = round(need.bytes(512, 4, 3) * estimate.HEADROOM) + 1
    monkeypatch.setattr(estimate, "free", lambda device: room)
    with pytest.raises(SettingsError, match=r"GB are free; what fits: a size of \d+ px or 3 candidates") as refusal:
        next(generate(given, guide))
    assert refusal.value.pointer == "#/size"
    size = int(refusal.value.detail.split("a size of ")[1].split()[0])
    assert 256 < size < 400
    assert next(generate(settings(prior="pixels", size=512, candidates=3, cutouts=4), guide)).step == 1


def test_the_largest_size_of_the_timetable_counts(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "free", lambda device: 20_000_000)
    assert next(generate(settings(prior="pixels"), guide)).step == 1
    with pytest.raises(SettingsError, match="a step takes about"):
        next(generate(settings(prior="pixels", sizes=[[4, 1024]]), guide))


def test_what_nobody_can_tell_is_not_refused(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "free", lambda device: None)
    assert next(generate(settings(), guide)).step == 1


def test_curves_go_through_what_was_measured() -> None:
    curve = Curve.through({100: 3 * 100 + 2 * 100**2, 400: 3 * 400 + 2 * 400**2})
    assert curve(1000) == pytest.approx(3 * 1000 + 2 * 1000**2)
    assert Curve.through({100: 500.0})(200) == 1000
    outlines = Curve.through({100: 5 * 10 + 100, 400: 5 * 20 + 400})
    assert outlines(10_000) == pytest.approx(5 * 100 + 10_000)
    assert Curve.through({100: 500.0, 400: 500.0})(400) == pytest.approx(500)


def test_watching_counts_what_lives() -> None:
    weight = torch.ones(1000)
    with Watched() as watched:
        one = weight * 2
        weight.view(10, 100).T  # noqa: B018  (a view takes nothing)
        del one
        two = torch.zeros(500)
    assert watched.peak == 4000
    assert watched.now == two.nbytes == 2000


def test_free_memory_is_the_machines_or_the_containers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 99 kB\nMemAvailable: 4000000 kB\n")
    monkeypatch.setattr(estimate, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(estimate, "CGROUP", tmp_path)
    cpu = torch.device("cpu")
    assert estimate.free(cpu) == 4_096_000_000
    (tmp_path / "memory.max").write_text("max\n")
    assert estimate.free(cpu) == 4_096_000_000
    (tmp_path / "memory.max").write_text(f"{3 * GB}\n")
    (tmp_path / "memory.current").write_text(f"{2 * GB}\n")
    (tmp_path / "memory.stat").write_text(f"anon 7\ninactive_file {GB}\n")
    assert estimate.free(cpu) == 2 * GB
    monkeypatch.setattr(estimate, "MEMINFO", tmp_path / "missing")
    assert estimate.free(cpu) is None
