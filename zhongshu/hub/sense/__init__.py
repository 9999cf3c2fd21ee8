"""感知 sense: take in from every channel, normalise, make idempotent."""
