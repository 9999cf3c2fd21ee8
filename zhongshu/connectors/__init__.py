"""门 connectors: a folder each, outside formats in and out, found by manifest."""
