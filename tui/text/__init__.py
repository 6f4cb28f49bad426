"""Values of the record in the reader's words and language."""
