"""How the embedded VQGAN was made, from drawings and emoji to its model card.  Needs `pip install .[training]`."""
