"""一批应用场景 a batch of scenarios: a folder each, pure, found by manifest."""
