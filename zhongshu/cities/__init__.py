"""城市包 city packs: what a pack is, its checker, its reader, its loader and the made-up demo city."""
