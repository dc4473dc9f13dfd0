"""How the network that finds writing was made: hands, crops, training, figures; `python -m scorer.training.writing`."""
