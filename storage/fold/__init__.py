"""Events into state: the fold, conflicts, transitions."""
