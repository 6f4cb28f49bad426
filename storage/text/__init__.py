"""Text without a record: sanitising, dates, differences, labels of files."""
