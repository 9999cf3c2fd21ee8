"""口径 figures: every number of the evaluation, counted from the ledger by versioned formulas, and the cases behind it."""
