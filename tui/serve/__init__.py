"""The board in a browser: the server of ``pitboard serve``, and the process behind each page."""
