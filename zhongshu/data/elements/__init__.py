"""数据元与一表通: what may be collected, which forms ask for it, and what a worker is spared when it is asked once."""
