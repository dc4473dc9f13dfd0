"""`paintoff weights import`: what it prints of a file that it converts, and of one that it refuses."""

from click.testing import CliRunner
from safetensors.torch import load_file

from game.cli import main
from tests.generator import biggan_file


def imported(*words, fails=False):
    result = CliRunner().invoke(main, ["weights", "import", *map(str, words)], catch_exceptions=False)
    assert (result.exit_code != 0) is fails, result.output
    return result.output


def test_weights_are_converted_and_described(tmp_path):
    import torch

    source, out = tmp_path / "model.bin", tmp_path / "here.safetensors"
    torch.save(biggan_file.tensors(), source)
    told = imported(source, "--out", out)
    lines = {line[:10].strip(): line[10:] for line in told.splitlines()}
    assert lines["kind"] == "biggan: size 16, z 8, classes 12, latents 5, eps 0.0001"
    assert lines["source"] == "model.bin, a torch archive"
    assert len(lines["sha256"]) == 64
    assert lines["left out"] == "nothing"
    assert f"--prior biggan --weights {out}" in lines["use"]
    assert len(load_file(out)) == len(biggan_file.tensors())


def test_a_file_that_is_refused_is_explained_without_a_traceback(tmp_path):
    page = tmp_path / "vqgan.ckpt"
    page.write_text("<html>gone</html>")
    assert "Error: vqgan.ckpt was not converted. It is a web page" in imported(page, fails=True)
    assert "There is no file" in imported(tmp_path / "none.ckpt", fails=True)
