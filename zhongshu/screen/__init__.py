"""一套可视化 one visual system: HTTP API, desks of the four levels, cockpit, resident pages."""
