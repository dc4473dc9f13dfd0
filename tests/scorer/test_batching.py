"""Micro-batching: what waits together is encoded together, too much is refused, nobody pays for another's mistake."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest

from scorer.batching import Batcher, Limits, Overloaded

PATIENCE = 60  # s; only a deadlock takes that long


class Slow:
    """Encodes a number as a row of it; holds still while `gate` is closed, and remembers its batches."""

    def __init__(self) -> None:
        self.gate, self.begun = threading.Event(), threading.Semaphore(0)
        self.batches: list[list[int]] = []

    def __call__(self, things: Sequence[int]) -> np.ndarray:
        self.batches.append(list(things))
        self.begun.release()
        assert self.gate.wait(PATIENCE)
        if -1 in things:
            raise ValueError("that cannot be encoded")
        return np.array([[thing, thing] for thing in things], np.float32)


def until(true: Callable[[], bool]) -> None:
    """Wait for something another thread brings about."""
    moment = threading.Event()
    for _ in range(PATIENCE * 200):
        if true():
            return
        moment.wait(0.005)
    raise AssertionError("it never came about")


@pytest.fixture
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(16)


def ask(pool: ThreadPoolExecutor, batcher: Batcher, slow: Slow, *groups: list[int]) -> list[Future[np.ndarray]]:
    """Occupy the batcher with a 0, then let each group wait, in this order."""
    asked = [pool.submit(batcher.rows, slow, [0])]
    assert slow.begun.acquire(timeout=PATIENCE)
    for group in groups:
        before = batcher.waiting()
        asked.append(pool.submit(batcher.rows, slow, group))
        until(lambda before=before, group=group: batcher.waiting() == before + len(group))
    return asked


def test_a_lone_request_is_encoded_at_once() -> None:
    slow = Slow()
    slow.gate.set()
    assert Batcher().rows(slow, [7]).tolist() == [[7, 7]]
    assert slow.batches == [[7]]


def test_what_waits_together_is_encoded_together(pool: ThreadPoolExecutor) -> None:
    slow, batcher = Slow(), Batcher(Limits(batch=4))
    asked = ask(pool, batcher, slow, [1], [2, 3], [4], [5])
    slow.gate.set()
    rows = [future.result(PATIENCE)[:, 0].tolist() for future in asked]
    assert rows == [[0], [1], [2, 3], [4], [5]]
    assert slow.batches == [[0], [1, 2, 3, 4], [5]]


def test_kinds_are_not_mixed_and_the_oldest_goes_first(pool: ThreadPoolExecutor) -> None:
    slow, other, batcher = Slow(), Slow(), Batcher()
    other.gate.set()
    asked = ask(pool, batcher, slow, [1])
    asked.append(pool.submit(batcher.rows, other, [2]))
    until(lambda: batcher.waiting() == 2)
    asked.append(pool.submit(batcher.rows, slow, [3]))
    until(lambda: batcher.waiting() == 3)
    slow.gate.set()
    assert [int(future.result(PATIENCE)[0, 0]) for future in asked] == [0, 1, 2, 3]
    assert (slow.batches, other.batches) == ([[0], [1, 3]], [[2]])


def test_many_things_go_in_parts() -> None:
    slow = Slow()
    slow.gate.set()
    assert Batcher(Limits(batch=4, waiting=2)).rows(slow, range(10))[:, 0].tolist() == list(range(10))
    assert [len(batch) for batch in slow.batches] == [4, 4, 2]


def test_a_full_queue_refuses_and_says_when_to_come_back(pool: ThreadPoolExecutor) -> None:
    slow, batcher = Slow(), Batcher(Limits(waiting=2))
    asked = ask(pool, batcher, slow, [1], [2])
    with pytest.raises(Overloaded, match="2 pictures or texts wait") as refusal:
        batcher.rows(slow, [3])
    assert 1 <= refusal.value.retry_after <= 60
    slow.gate.set()
    assert [int(future.result(PATIENCE)[0, 0]) for future in asked] == [0, 1, 2]
    assert batcher.rows(slow, [3]).tolist() == [[3, 3]]


def test_who_waited_too_long_is_refused_and_not_encoded(pool: ThreadPoolExecutor) -> None:
    slow, batcher = Slow(), Batcher(Limits(seconds=0.05))
    (first,) = ask(pool, batcher, slow)
    second = pool.submit(batcher.rows, slow, [1])
    with pytest.raises(Overloaded, match=r"0\.05 s"):
        second.result(PATIENCE)
    slow.gate.set()
    assert first.result(PATIENCE).tolist() == [[0, 0]], "what is being encoded is not refused, however long it takes"
    assert slow.batches == [[0]]


def test_nobody_pays_for_anothers_mistake(pool: ThreadPoolExecutor) -> None:
    slow, batcher = Slow(), Batcher()
    _, good, bad, also_good = ask(pool, batcher, slow, [1], [-1], [2])
    slow.gate.set()
    assert good.result(PATIENCE).tolist() == [[1, 1]]
    assert also_good.result(PATIENCE).tolist() == [[2, 2]]
    with pytest.raises(ValueError, match="cannot be encoded"):
        bad.result(PATIENCE)


def test_rows_that_are_missing_are_noticed() -> None:
    with pytest.raises(RuntimeError, match="2 things became 1 rows"):
        Batcher().rows(lambda things: np.zeros((1, 2), np.float32), [1, 2])
