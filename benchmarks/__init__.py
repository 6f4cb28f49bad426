"""How fast the board is, as ratios against bare scripts that do the same work."""
