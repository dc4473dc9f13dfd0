r"""The prompt line: what is a weight and what is not, schedules, escapes, errors that point, and the way back."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import Text
from generator.presets import PRESETS
from generator.prompt_line import parse, write
from generator.prompt_signs import PromptError

OIL = PRESETS["oil"]
ODD = st.text(st.sampled_from('ab 1259.:|\\{}/-+−,"é'), min_size=1, max_size=12)
TEXTS = (ODD | st.text(min_size=1, max_size=20)).map(str.strip).filter(bool)
WEIGHTS = st.sampled_from([1.0, -0.4, 2.0, 10.0, 1e-5, 0.0]) | st.floats(-10, 10)


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("a raccoon", [("a raccoon", 1)]),
        ("a raccoon:1.5 | a tractor|blurry : -0.4", [("a raccoon", 1.5), ("a tractor", 1), ("blurry", -0.4)]),
        ("a cat:+2", [("a cat", 2)]),
        ("a cat:−.5", [("a cat", -0.5)]),
        ("a cat:", [("a cat:", 1)]),
        ("two: cats and dogs", [("two: cats and dogs", 1)]),
        ("at 12:30", [("at 12:30", 1)]),
        ("at 12:30:15", [("at 12:30:15", 1)]),
        ("at 12:30 :2", [("at 12:30", 2)]),
        ("16:9 picture:2", [("16:9 picture", 2)]),
        ("catch 22:-0.5", [("catch 22", -0.5)]),
        ("http://x.org/a:8080", [("http://x.org/a:8080", 1)]),
        ("see http://x.org:80 :0.5", [("see http://x.org:80", 0.5)]),
        ("http://x.org/ a cat:2", [("http://x.org/ a cat", 2)]),
        (r"C:\pictures\cat.png", [(r"C:\pictures\cat.png", 1)]),
        (r"\\server\cats\ | a dog:2", [("\\\\server\\cats\\", 1), ("a dog", 2)]),
        (r"genesis\:1", [("genesis:1", 1)]),
        (r"this \| that \{x\}", [("this | that {x}", 1)]),
        (r"a\\|b", [("a\\", 1), ("b", 1)]),
        (r"a\\\|b", [(r"a\|b", 1)]),
        ('a sign "12:30"', [('a sign "12:30"', 1)]),
        ("a cat {oil}", [(f"a cat, {OIL}", 1)]),
        ("a cat. { OIL } by day:2", [(f"a cat, {OIL} by day", 2)]),
        ("a cat | {oil}:0.3", [("a cat", 1), (OIL, 0.3)]),
        ("42", [("42", 1)]),
    ],
)
def test_texts_and_weights(line: str, texts: list[tuple[str, float]]) -> None:
    assert parse(line) == tuple(Text(text, weight) for text, weight in texts)


def test_a_schedule_ends_what_stands_before_it() -> None:
    assert parse("a raccoon:1.5 | a tractor | blurry:-0.4 || 200 | a red tractor") == (
        Text("a raccoon", 1.5, 0, 200),
        Text("a tractor", 1, 0, 200),
        Text("blurry", -0.4, 0, 200),
        Text("a red tractor", 1, 200),
    )


def test_what_is_written_again_goes_on() -> None:
    assert parse("a cat | blurry:-1 || 5 | a dog | blurry:-1 || 9 | a dog:2 | blurry:-1 | blurry:-1") == (
        Text("a cat", 1, 0, 5),
        Text("blurry", -1),
        Text("a dog", 1, 5, 9),
        Text("a dog", 2, 9),
        Text("blurry", -1, 9),
    )


@pytest.mark.parametrize(
    ("line", "position", "said"),
    [
        ("", 0, "what the picture shall show"),
        ("  ", 0, "what the picture shall show"),
        ("a cat | ", 8, "missing"),
        ("a cat || 5 | ", 13, "missing"),
        ("| a cat", 0, "missing"),
        ("a cat |  :2", 9, "missing"),
        ("|| 200 | a cat", 0, "missing"),
        ("a cat || soon | a dog", 9, "after || comes a step"),
        ("a cat || 200", 9, "after || comes a step"),
        ("a cat || 200 a dog | b", 9, "after || comes a step"),
        ("a cat || 9 || 10 | b", 9, "after || comes a step"),
        ("a cat || 200 | b || 200 | c", 20, "from 201 to 10000"),
        ("a cat || 0 | b", 9, "from 1 to"),
        ("a cat || 10001 | b", 9, "from 1 to 10000"),
        ("a cat:11", 6, "from -10 to 10"),
        ("localhost:8080", 10, "from -10 to 10"),
        ("a cat:1:5", 5, "one weight"),
        ("a cat:1:-1", 5, "one weight"),
        ("a cat:1,5", 7, "with a point"),
        ("a cat {oll}", 6, "'oll'; there is oil"),
        ("a {cat", 2, "in braces"),
        (r"\{ a } cat", 5, "in braces"),
        ("x" * 1001, 0, "at most 1000"),
    ],
)
def test_an_error_points_at_its_character(line: str, position: int, said: str) -> None:
    with pytest.raises(PromptError) as refused:
        parse(line)
    assert said in refused.value.detail
    assert refused.value.position == position


def test_the_caret_stands_below_the_character() -> None:
    with pytest.raises(PromptError) as refused:
        parse("a cat |\t| b")
    assert str(refused.value) == "a text is missing here\na cat | | b\n        ^"


def test_the_caret_finds_its_place_in_a_long_line_and_below_wide_characters() -> None:
    with pytest.raises(PromptError) as refused:
        parse("ab " * 200 + "猫:11")
    _, line, caret = str(refused.value).split("\n")
    assert len(line) < 80
    assert line[caret.index("^") - 1] == "1"  # the cat fills two columns
    assert line.endswith("猫:11")


@given(st.lists(st.tuples(TEXTS, WEIGHTS), min_size=1, max_size=4))
def test_what_is_written_reads_back(items: list[tuple[str, float]]) -> None:
    texts = tuple(Text(text, weight) for text, weight in items)
    assert parse(write(texts)) == texts


@given(
    st.lists(st.tuples(TEXTS, WEIGHTS, st.integers(0, 9), st.none() | st.integers(1, 9)), min_size=1, max_size=5).map(
        lambda rows: [row for row in rows if row[3] is None or row[3] > row[2]]
    )
)
def test_what_is_written_counts_at_the_same_steps(rows: list[tuple[str, float, int, int | None]]) -> None:
    texts = [Text("always"), *(Text(*row) for row in rows)]
    again = parse(write(texts))
    for step in range(10):
        counted = [Counter((t.text, t.weight) for t in some if t.counts_at(step)) for some in (texts, again)]
        assert counted[0] == counted[1]
    assert parse(write(again)) == again


@given(st.text(st.sampled_from("ab 19.:|\\{}/-")))
def test_any_line_is_read_or_pointed_at(line: str) -> None:
    refused, texts = None, ()
    try:
        texts = parse(line)
    except PromptError as error:
        refused = error
    assert bool(texts) != bool(refused)
    assert 0 <= refused.position <= len(line) if refused else parse(write(texts)) == texts


def test_a_time_without_a_text_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="no text counts at step 3"):
        write([Text("a cat", to_step=3), Text("a dog", from_step=5)])
