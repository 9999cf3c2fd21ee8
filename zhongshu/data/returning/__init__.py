"""数据回流 what went up, what came back, to which place and when; counts that give nobody away."""
