"""示范城市 the demo city: real names and outlines of divisions, everything below made up from a seed, truths planted."""
