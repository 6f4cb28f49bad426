"""One board for a team: its events as journals in git, each store writing its own and no other."""
