"""一个中枢 one hub: the road, the runner and the six rooms."""
