"""Reports: the page of a retro, the bug report for the vendor."""
