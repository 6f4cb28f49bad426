"""All that a person sees in a terminal: the dashboard and the ``pitboard`` command."""
