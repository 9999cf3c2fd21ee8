"""人口底册 the made-up people, houses and firms of the demo city, and what each department tells of them."""
