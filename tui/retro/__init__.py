"""What a person sees of a retro: its figures, plots, timeline and notes, as lines."""
