"""Reads a pickle as data: a small machine that follows a pickle's instructions and has nothing that it could call.

`pickletools` parses the instructions.  Python's own unpickler imports what a file names and calls it; this one keeps
the name.  A call becomes a tensor's place in the file, a plain container, or a `Shell`: an object without its class,
of which only the name is known.  So Lightning's and OmegaConf's objects in old checkpoints do no harm and are not
missed, and a program in a file is a name that nobody calls.  Names that no weights need are refused on top of that.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from typing import IO, Any

from generator.weights_import.stored import DAMAGED, Name, Shell, Storage, WeightsError, storage, tensor

EXPECTED = {  # packages whose objects lie in published weights, beside the tensors
    "torch", "__torch__", "collections", "pytorch_lightning", "lightning", "lightning_fabric", "omegaconf", "argparse",
    "taming", "numpy", "typing", "pathlib", "datetime", "enum", "main", "__main__",
}  # fmt: skip
PLAIN = {  # of modules that also hold dangerous things, the names that are none
    "builtins": {
        "set", "frozenset", "dict", "list", "tuple", "int", "float", "str", "bool", "bytes", "complex", "object",
    },
    "_codecs": {"encode"},
    "copyreg": {"_reconstructor"},
}  # fmt: skip
PLAIN |= {"__builtin__": PLAIN["builtins"], "copy_reg": PLAIN["copyreg"]}  # as Python 2 wrote them
MADE: dict[tuple[str, str], Callable[[tuple[Any, ...]], object]] = {
    ("torch._utils", "_rebuild_tensor"): tensor,
    ("torch._utils", "_rebuild_tensor_v2"): tensor,
    ("torch._utils", "_rebuild_parameter"): lambda given: given[0],
    ("torch._utils", "_rebuild_parameter_with_state"): lambda given: given[0],
    ("torch", "Size"): lambda given: given[0],
    ("collections", "OrderedDict"): lambda given: dict(*given[:1]),
    ("collections", "defaultdict"): lambda given: {},  # noqa: ARG005
}


def read(file: IO[bytes] | Any) -> tuple[object, dict[str, Storage]]:
    """Follows one pickle to its end; returns what it describes and all storages by key. Raises WeightsError."""
    machine = Machine()
    try:
        for instruction, argument, _ in pickletools.genops(file):
            if instruction.name == "STOP":
                return machine.stack.pop(), machine.storages
            HANDLERS[instruction.name](machine, argument)
    except WeightsError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, MemoryError, RecursionError) as error:
        raise WeightsError(DAMAGED) from error
    raise WeightsError(DAMAGED)


class Machine:
    """The state of reading one pickle: a stack, the stacks below the marks, what was put aside, and the storages."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.marked: list[list[Any]] = []
        self.aside: dict[int, object] = {}
        self.storages: dict[str, Storage] = {}

    def push(self, value: object) -> None:
        """Puts a value on top."""
        self.stack.append(value)

    def keep(self, key: int) -> None:
        """Puts aside what is on top."""
        self.aside[key] = self.stack[-1]

    def mark(self) -> None:
        """Begins a new stack; since_mark goes back to the one below."""
        self.marked.append(self.stack)
        self.stack = []

    def since_mark(self) -> list[Any]:
        """Takes what was pushed since the last mark."""
        taken, self.stack = self.stack, self.marked.pop()
        return taken

    def take(self, count: int) -> list[Any]:
        """Takes the last few values, the oldest first."""
        taken = [self.stack.pop() for _ in range(count)]
        return taken[::-1]

    def name(self, module: object, name: object) -> None:
        """Pushes a name, if it is one that weights may hold."""
        if not isinstance(module, str) or not isinstance(name, str):
            raise TypeError("a name is text")
        if module.partition(".")[0] not in EXPECTED and name not in PLAIN.get(module, ()):
            raise WeightsError(
                f"It names {module}.{name}, which no weights need: somebody may have put a program into it. Nothing of "
                f"it was run. Take the file from another place"
            )
        self.push(Name(module, name))

    def call(self, callee: object, given: object) -> None:
        """Pushes what stands for a call's result; nothing is called but the few functions of MADE, our own."""
        if not isinstance(callee, Name) or not isinstance(given, tuple):
            raise TypeError("only what has a name could be called")
        made = MADE.get((callee.module, callee.name))
        self.push(made(given) if made else Shell(callee))

    def build(self) -> None:
        """Drops an object's state, except a TorchScript module's, which is where its tensors are."""
        state, target = self.stack.pop(), self.stack[-1]
        if isinstance(target, Shell) and target.of.module.startswith("__torch__") and isinstance(state, dict):
            target.state = state

    def fill(self, items: list[Any]) -> None:
        """Puts items into the container on top; a shell takes none."""
        target = self.stack[-1]
        if isinstance(target, dict):
            target.update(pairs(items))
        elif isinstance(target, list):
            target.extend(items)
        elif isinstance(target, set):
            target.update(items)

    def instance(self, place: str) -> None:
        """Does what very old pickles do to make an object: its name comes after its arguments."""
        given = tuple(self.since_mark())
        self.name(*place.split(" ", 1))
        self.call(self.stack.pop(), given)

    def note(self, given: object) -> None:
        """Pushes a storage; one key names one storage."""
        found = storage(given)
        if self.storages.setdefault(found.key, found) != found:
            raise WeightsError(DAMAGED)
        self.push(found)


def pairs(items: list[Any]) -> dict[Any, Any]:
    """Returns keys and values in turn as a dictionary."""
    return dict(zip(items[::2], items[1::2], strict=True))


Handler = Callable[[Machine, Any], Any]


def new(make: Callable[[], object]) -> Handler:
    """Returns a handler that pushes something new."""
    return lambda machine, _: machine.push(make())


def last(count: int, make: Callable[..., object]) -> Handler:
    """Returns a handler that pushes what is made of the last `count` values."""
    return lambda machine, _: machine.push(make(machine.take(count)))


def marked(make: Callable[..., object]) -> Handler:
    """Returns a handler that pushes what is made of the values since the last mark."""
    return lambda machine, _: machine.push(make(machine.since_mark()))


ARGUMENTS = (
    "INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT STRING BINSTRING SHORT_BINSTRING UNICODE BINUNICODE "
    "SHORT_BINUNICODE BINUNICODE8 BINBYTES SHORT_BINBYTES BINBYTES8"
)
HANDLERS: dict[str, Handler] = {  # the rest of what a pickle may say, extensions and out-of-band buffers, is refused
    **{name: lambda machine, argument: machine.push(argument) for name in ARGUMENTS.split()},
    **{name: lambda machine, argument: None for name in ("PROTO", "FRAME")},  # noqa: ARG005
    "NONE": new(lambda: None),
    "NEWTRUE": new(lambda: True),
    "NEWFALSE": new(lambda: False),
    "EMPTY_LIST": new(list),
    "EMPTY_DICT": new(dict),
    "EMPTY_SET": new(set),
    "EMPTY_TUPLE": new(tuple),
    "TUPLE1": last(1, tuple),
    "TUPLE2": last(2, tuple),
    "TUPLE3": last(3, tuple),
    "TUPLE": marked(tuple),
    "LIST": marked(list),
    "DICT": marked(pairs),
    "FROZENSET": marked(frozenset),
    "MARK": lambda machine, _: machine.mark(),
    "POP_MARK": lambda machine, _: machine.since_mark(),
    "POP": lambda machine, _: machine.stack.pop(),
    "DUP": lambda machine, _: machine.push(machine.stack[-1]),
    **{name: lambda machine, key: machine.keep(key) for name in ("PUT", "BINPUT", "LONG_BINPUT")},
    "MEMOIZE": lambda machine, _: machine.keep(len(machine.aside)),
    **{name: lambda machine, key: machine.push(machine.aside[key]) for name in ("GET", "BINGET", "LONG_BINGET")},
    **{name: lambda machine, _: machine.fill(machine.since_mark()) for name in ("APPENDS", "SETITEMS", "ADDITEMS")},
    "APPEND": lambda machine, _: machine.fill(machine.take(1)),
    "SETITEM": lambda machine, _: machine.fill(machine.take(2)),
    "GLOBAL": lambda machine, place: machine.name(*place.split(" ", 1)),
    "STACK_GLOBAL": lambda machine, _: machine.name(*machine.take(2)),
    "REDUCE": lambda machine, _: machine.call(*machine.take(2)),
    "NEWOBJ": lambda machine, _: machine.call(*machine.take(2)),
    "NEWOBJ_EX": lambda machine, _: machine.call(*machine.take(3)[:2]),
    "INST": lambda machine, place: machine.instance(place),
    "OBJ": lambda machine, _: machine.call((found := machine.since_mark())[0], tuple(found[1:])),
    "BUILD": lambda machine, _: machine.build(),
    "BINPERSID": lambda machine, _: machine.note(machine.stack.pop()),
}
