"""The machine that paints: a prior, an objective, cutouts and a loop, steered by any encoder.

`generate(settings, guide)` is a plain generator of iterates. It knows nothing of the game and nothing of files.
"""

from generator.checkpoint import CheckpointError
from generator.declare import SettingsError
from generator.iterate import Iterate
from generator.run import generate
from generator.settings import Settings, table
from generator.steer import Steering
from generator.wanted import Text

__all__ = ["CheckpointError", "Iterate", "Settings", "SettingsError", "Steering", "Text", "generate", "table"]
