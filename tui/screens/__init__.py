"""The screens: the board and its help."""
