"""城市生命体征 vital signs: what is measured of the city, its limits, its history, and when a sign turns."""
