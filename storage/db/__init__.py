"""The file: connection, schema, rows, blobs, backup."""
