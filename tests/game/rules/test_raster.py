"""The rasteriser and its twin: golden checksums, random drawings through Node, the arithmetic both keep to."""

import ast
import base64
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.rules import raster, raster_loops
from game.rules.drawing import MOST_COST, MOST_FILLS, MOST_OPS, MOST_POINTS, DrawingError, parse
from tests.golden import make

ROOT = Path(__file__).resolve().parents[3]
TWIN = ROOT / "static" / "draw" / "raster.js"
LOOPS = ROOT / "game" / "rules" / "raster_loops.py"
REFERENCE = ROOT.parent / "shared" / "raster"
VECTORS = json.loads(make.FILE.read_text())

Ask = Callable[[dict[str, Any]], dict[str, bytes]]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_golden_checksums_hold(vector: dict[str, Any]) -> None:
    assert make.vector(vector["name"], vector["drawing"]) == vector


def test_golden_file_is_what_the_command_writes() -> None:
    assert [(vector["name"], vector["drawing"]) for vector in VECTORS] == list(make.cases())


def test_checksum_is_the_masters() -> None:
    first = VECTORS[0]
    assert raster.checksum(parse(first["drawing"])) == first["masters"]["2"]


@pytest.fixture(scope="module")
def node() -> Iterator[Ask]:
    """A function that has the JavaScript twin render; one Node process answers line by line."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("Node is not installed, so the browser's rasteriser was not compared; apt-get install nodejs")
    script = ROOT / "tests" / "js" / "answer-raster.mjs"
    with subprocess.Popen([path, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def ask(question: dict[str, Any]) -> dict[str, bytes]:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            return {name: base64.b64decode(text) for name, text in json.loads(process.stdout.readline()).items()}

        yield ask
        process.stdin.close()


@st.composite
def drawings(draw: st.DrawFn) -> dict[str, Any]:
    """Any valid drawing on a small canvas, wild ones preferred."""
    size = draw(st.integers(16, 48))
    near, far = st.integers(0, size * 16), st.integers(-size * 16, 2 * size * 16)
    place = st.one_of(near, far, st.sampled_from([0, 8, 16, size * 8, size * 16]))
    wild = st.tuples(place, place, st.one_of(st.integers(0, 48), st.integers(0, 1024)))
    coarse = st.integers(0, size).map(lambda i: i * 8)  # edges that meet cell centres exactly
    neat = st.tuples(coarse, st.sampled_from([size * 4, size * 8]), st.sampled_from([4, 8, 12, 16, 24]))
    point = st.one_of(wild, neat, neat.map(lambda p: (p[1], p[0], p[2]))).map(lambda p: [*p, 0])
    color = st.integers(0, 3)
    stroke = st.fixed_dictionaries(
        {"op": st.just("stroke"), "color": color, "pts": st.lists(point, min_size=1, max_size=8)}
    )
    fill = st.fixed_dictionaries({"op": st.just("fill"), "color": color, "x": place, "y": place})
    ops = draw(st.lists(st.one_of(stroke, stroke, fill), max_size=12))
    palette = ["#ffffff", "#000000", "#e6194b", "#1337c0"]
    return {"format": 1, "size": size, "bg": draw(color), "palette": palette, "ops": ops}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(obj=drawings(), scale=st.integers(1, 4), size=st.integers(1, 100))
def test_javascript_gives_the_same_bytes(node: Ask, obj: dict[str, Any], scale: int, size: int) -> None:
    answer = node({"drawing": obj, "scale": scale, "size": size})
    drawing = parse(obj)
    grid = raster.master(drawing, scale)
    assert answer["master"] == grid.tobytes()
    assert answer["picture"] == raster.picture_of(grid, drawing.palette, size).tobytes()


def test_reference_gives_the_same_masters() -> None:
    if not REFERENCE.is_dir():
        pytest.skip(f"The reference rasteriser is not at {REFERENCE}, so it was not compared")
    reference = load_reference()
    for vector in VECTORS:
        expected = reference.render(vector["drawing"], 2)
        assert np.array_equal(raster.master(parse(vector["drawing"])), expected), vector["name"]


def load_reference() -> Any:
    """The numpy reference, its plain fill replaced by the gap-closing one that lies beside it."""
    spec = importlib.util.spec_from_file_location("raster_reference", REFERENCE / "raster.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    plain = type(sys)("plain")
    plain.flood = module.flood
    closing: dict[str, Any] = {"raster": plain}
    exec((REFERENCE / "fill_closed.py").read_text(), closing)
    module.flood = closing["flood_closed"]
    return module


def test_twins_have_the_same_functions_in_the_same_order() -> None:
    python = re.findall(r"@compiled\ndef (\w+)", LOOPS.read_text())
    script = re.findall(r"^(?:export )?function (\w+)", TWIN.read_text(), re.MULTILINE)
    snake = [re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name) for name in script]
    assert python == snake[: len(python)]
    assert len(python) >= 10


def test_javascript_keeps_to_exact_arithmetic() -> None:
    code = re.sub(r"//.*", "", TWIN.read_text())
    assert set(re.findall(r"Math\.(\w+)", code)) <= {"ceil", "floor", "sqrt", "min", "max"}
    banned = r"\*\*|%|Float(?:16|32)|fround|WebAssembly|getContext|ImageData|Path2D|beginPath|lineTo|Canvas"
    assert re.findall(banned, code) == []


def test_python_keeps_to_exact_arithmetic() -> None:
    source = LOOPS.read_text()
    tree = ast.parse(source)
    of_math = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "math"]
    imported = {alias.name for node in of_math for alias in node.names}
    assert imported <= {"ceil", "floor", "sqrt"}
    numpy_names = set(re.findall(r"\bnp\.(\w+)", source))
    assert numpy_names <= {"full", "zeros", "inf", "uint8", "int64"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Pow | ast.Mod | ast.MatMult)]
    [njit] = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "numba.njit"]
    assert sorted(keyword.arg for keyword in njit.keywords) == ["cache", "error_model", "nogil"]


def test_compiled_loops_do_what_the_written_ones_do() -> None:
    """A compiler that fused a multiplication with an addition would change a last bit and, in time, a cell."""
    dice = np.random.default_rng(7)
    for _ in range(300):
        p, q = (tuple(float(v) / 8 for v in dice.integers(-200, 700, 3)) for _ in range(2))
        p, q = (p[0], p[1], abs(p[2])), (q[0], q[1], abs(q[2]))
        compiled, written = np.zeros((2, 64 * 64), np.uint8)
        raster_loops.quad(compiled, 64, p, q, 1)
        raster_loops.quad.py_func(written, 64, p, q, 1)
        raster_loops.disc(compiled, 64, q, 2)
        raster_loops.disc.py_func(written, 64, q, 2)
        assert np.array_equal(compiled, written)


def test_picture_has_the_asked_size_and_the_palettes_colours() -> None:
    drawing = parse(make.drawing(make.fill(5, 5, color=2)))
    for size in (1, 63, 64, 512):
        picture = raster.picture(drawing, size)
        assert (picture.mode, picture.size) == ("RGB", (size, size))
        assert picture.getcolors() == [(size * size, (0xE6, 0x19, 0x4B))]


def test_a_blank_canvas_is_refused_kindly() -> None:
    blank = [make.drawing(), make.drawing(make.px((20, 20, 5), color=0)), make.drawing(make.px((-30, -30, 5)))]
    for obj in blank:
        with pytest.raises(DrawingError, match="Draw something") as refusal:
            raster.require_marks(parse(obj))
        assert refusal.value.pointer == "#/ops"
    raster.require_marks(parse(make.drawing(make.px((20, 20, 1)))))


@pytest.mark.parametrize("scale", [0, 5])
def test_a_scale_out_of_range_is_refused(scale: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        raster.master(parse(make.drawing()), scale)


@pytest.mark.parametrize("size", [0, 2049])
def test_a_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="1 to 2048"):
        raster.picture(parse(make.drawing()), size)


def test_the_page_knows_the_servers_limits() -> None:
    source = (ROOT / "static" / "draw" / "limits.js").read_text().replace("_", "")
    told = {name: int(value) for name, value in re.findall(r"\b(ops|points|fills|cost): ([1-9]\d*)", source)}
    assert told == {"ops": MOST_OPS, "points": MOST_POINTS, "fills": MOST_FILLS, "cost": MOST_COST}
