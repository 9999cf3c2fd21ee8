"""模板标签 the few words that templates need beyond Django's own."""
