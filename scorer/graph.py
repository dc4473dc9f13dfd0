"""An image tower as an ONNX graph that ONNX Runtime computes: an option for judges on a CPU.

ONNX Runtime folds norms into convolutions and chooses layouts once for the whole graph.  Measured on one core of an AMD
EPYC of 2024: embedded:main took 0.35, 0.53 and 0.72 of torch's time for 1, 8 and 32 pictures, ViT-B-32, whose matrices
`scorer.packing` already lays out, 0.99, 1.05 and 1.08: it pays for convolutional towers.  OpenVINO was as fast, but
tells its makers of every import.

Needs the extra [onnx].
"""

from __future__ import annotations

import copy
import logging
import threading
import warnings
from typing import Any

import torch
from torch import Tensor, nn

from scorer import products
from scorer.encoder import Encoder, ScorerError
from scorer.packing import with_children

CLOSE = 1e-4  # as a cosine


class GraphTower(nn.Module):
    """An image tower for inference on a CPU, computed by ONNX Runtime on as many threads as torch has."""

    def __init__(self, visual: nn.Module, side: int) -> None:
        super().__init__()
        self._session = _session(_exported(visual, side))
        self._turn = threading.Lock()  # its threads are all cores already

    def forward(self, pixels: Tensor) -> Tensor:
        """Return what the tower does (n, d) for pictures (n, 3, side, side)."""
        with self._turn:
            (rows,) = self._session.run(None, {"pixels": pixels.float().contiguous().numpy()})
        return torch.from_numpy(rows)


def as_graph(encoder: Encoder) -> Encoder:
    """Return an encoder that sees the same by ONNX Runtime, without gradients; texts are read as before.

    Takes some seconds, and the tower's size in memory once more.  Raises ScorerError, with what to do, where the extra
    is missing, the encoder is not on the CPU, or the graph would see something else.
    """
    if encoder.device.type != "cpu":
        raise ScorerError(f"ONNX Runtime serves the CPU, and {encoder.name} is on {encoder.device}: choose torch there")
    try:
        tower = GraphTower(encoder.model.visual, encoder.size)
    except ImportError as error:
        raise ScorerError(
            f"the engine onnx is not installed ({error}): pip install -r requirements-onnx.lock"
        ) from error
    except Exception as error:  # torch's exporter and ONNX Runtime raise errors of many kinds
        raise ScorerError(f"{encoder.name} cannot be made an ONNX graph ({error}): choose the engine torch") from error
    other = copy.copy(encoder)
    other.model = with_children(encoder.model, {"visual": tower})
    probe = torch.rand(2, 3, encoder.size, encoder.size, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        nearest = float((other.encode_images(probe) * encoder.encode_images(probe)).sum(-1).min())
    if nearest < 1 - CLOSE:
        raise ScorerError(f"{encoder.name} would see something else as an ONNX graph: choose the engine torch")
    return other


def _exported(visual: nn.Module, side: int) -> bytes:
    plain = products.plainly(copy.deepcopy(visual)).eval()
    example = torch.zeros(2, 3, side, side)
    level = logging.getLogger("torch.onnx").level
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program: Any = torch.onnx.export(
                plain, (example,), dynamo=True, dynamic_shapes=({0: torch.export.Dim.DYNAMIC},),
                input_names=["pixels"], output_names=["rows"], verbose=False,
            )  # fmt: skip
    finally:
        logging.getLogger("torch.onnx").setLevel(level)
    written: bytes = program.model_proto.SerializeToString()
    return written


def _session(graph: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
