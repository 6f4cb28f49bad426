"""Looking back over a period: its figures, computed over events, and what stands behind each."""
