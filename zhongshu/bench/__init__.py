"""实测 bench: every claim of speed or accuracy as a command."""
