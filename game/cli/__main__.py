"""`python -m game.cli` is `paintoff`, for where the console script is not on the path."""

from game.cli import main

main(prog_name="paintoff")
