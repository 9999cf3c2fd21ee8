"""指挥 command: dispatch to posts over four levels, escalate."""
