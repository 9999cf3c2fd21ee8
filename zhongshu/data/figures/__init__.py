"""口径 figures: every number of the evaluation, counted by versioned formulas, and the cases behind it."""
