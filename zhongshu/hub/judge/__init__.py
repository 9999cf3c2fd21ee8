"""研判 judge: classify, locate, merge duplicates, grade urgency and special need."""
