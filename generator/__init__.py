"""The machine that paints: a prior, an objective, cutouts and a loop, steered by any encoder.

`generate(settings, guide)` is a plain generator of iterates. It knows nothing of the game and nothing of files.
"""

from generator.checkpoint import CheckpointError
from generator.declare import SettingsError
from generator.run import Iterate, generate
from generator.settings import Settings, table
from generator.wanted import Text

__all__ = ["CheckpointError", "Iterate", "Settings", "SettingsError", "Text", "generate", "table"]
