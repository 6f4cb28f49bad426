"""The read side: listing, detail, counts, occurrences, history."""
