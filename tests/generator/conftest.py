"""Every test here runs on one thread, so that it measures nothing but what it says."""

from collections.abc import Iterator

import pytest
import torch

from tests.generator.fakes import Guide


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def guide() -> Guide:
    return Guide()
