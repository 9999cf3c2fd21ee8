"""示范城市 the demo city: real names and outlines of divisions, the rest made up from a seed."""
