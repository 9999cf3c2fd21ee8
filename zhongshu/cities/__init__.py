"""城市包 city packs: checker, loader and the made-up demo city."""
