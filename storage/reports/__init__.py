"""Reports: the retro report, and the bug report for the vendor."""
