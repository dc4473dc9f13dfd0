"""The machine that reads pickles as data: it agrees with Python's on plain data, and calls nothing of what is named."""

import io
import pickle
import random
import sys
from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from generator.weights_import import archives, machine
from generator.weights_import.stored import Name, Shell, Stored, WeightsError

PLAIN = {
    "none": None, "yes": True, "no": False, "small": 7, "negative": -3, "large": 1 << 70, "half": 0.5,
    "text": "é" * 300, "bytes": b"\x00\xff", "list": [1, [2, []]],
    "tuples": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)), 3: {4: {}},
}  # fmt: skip


def read(data: bytes) -> Any:
    return machine.read(io.BytesIO(data))[0]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_plain_data_is_read_as_python_reads_it(protocol: int) -> None:
    thing: Any = PLAIN | {"twice": [PLAIN] * 2}
    if protocol < 3:
        thing = {name: value for name, value in thing.items() if name not in ("bytes", "twice")}
    assert read(pickle.dumps(thing, protocol)) == thing
    assert read(pickle.dumps(OrderedDict(b=1, a=2), protocol)) == {"b": 1, "a": 2}


def test_containers_that_hold_themselves_are_read() -> None:
    ring: list[Any] = []
    ring.append(ring)
    found = read(pickle.dumps(ring))
    assert found[0] is found


class Thing:
    """An object with a state, as a checkpoint may hold one."""

    __module__ = "omegaconf.dictconfig"

    def __setstate__(self, state: object) -> None:
        raise AssertionError("nobody may call this")


def test_an_object_becomes_a_shell_without_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("omegaconf", "omegaconf.dictconfig"):
        module = ModuleType(name)
        module.Thing = Thing  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, name, module)
    thing = Thing()
    thing.__dict__["a"] = 1
    for protocol in (2, 4):
        found = read(pickle.dumps([thing, Thing], protocol))
        assert isinstance(found[0], Shell)
        assert (found[0].of, found[0].state) == (Name("omegaconf.dictconfig", "Thing"), None)
        assert found[1] == Name("omegaconf.dictconfig", "Thing")


@pytest.mark.parametrize(
    "code",
    [
        b"cos\nsystem\n(S'true'\ntR.",  # REDUCE
        b"(S'true'\nios\nsystem\n.",  # INST
        b"(cos\nsystem\nS'true'\no.",  # OBJ
        b"\x80\x02cposix\nsystem\nq\x00X\x04\x00\x00\x00true\x85\x81.",  # NEWOBJ
        b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.",  # STACK_GLOBAL
        b"cbuiltins\neval\n.",
        b"c__builtin__\n__import__\n.",
        b"cbuiltins\ngetattr\n.",
        b"crunpy\nrun_module\n.",
        b"ccopyreg\n_extension_registry\n.",
    ],
)
def test_names_that_no_weights_need_are_refused(code: bytes) -> None:
    with pytest.raises(WeightsError, match="which no weights need"):
        read(code)


@pytest.mark.parametrize(
    "code",
    [
        b"", b".", b"(", b"R.", b"\x80\x02}(K\x01u.", b"]K\x01", b"h\x07.", b"}]K\x01s.", b"\x82\x01.", b"\x97.",
        b"\x8e" + (1 << 40).to_bytes(8, "little") + b"x.",  # a terabyte of bytes, it says
        b"X\xff\xff\xff\x7fx.", b"ctorch\nSize\nK\x01R.", b"ctorch._utils\n_rebuild_tensor_v2\n(tR.",
        b"(ctorch\nFloatStorage\ntQ.", b"K\x01K\x02\x86R.", b"PX\n.", b"(((((",
    ],
)  # fmt: skip
def test_damaged_pickles_are_refused(code: bytes) -> None:
    with pytest.raises(WeightsError, match="fetch the file again"):
        read(code)


def test_a_distant_place_to_put_a_value_costs_nothing() -> None:
    assert read(b"Nr\xff\xff\xff\x7f0j\xff\xff\xff\x7f.") is None


def test_changed_bytes_give_a_result_or_a_refusal_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    torch.save({"a": torch.ones(3, 4), "b": [torch.nn.Parameter(torch.ones(2))]}, path)
    with archives.opened(path) as archive:
        table = archive.file.read(f"{archive.folder}data.pkl")  # type: ignore[attr-defined]
    rng, refused = random.Random(1), 0
    for _ in range(1500):
        changed = bytearray(table)
        for _ in range(rng.randint(1, 3)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        try:
            found = read(bytes(changed))
        except WeightsError:
            refused += 1
            continue
        for stored in found.values() if isinstance(found, dict) else ():
            assert not isinstance(stored, Stored) or stored.bytes <= stored.storage.bytes
    assert 100 < refused < 1500
