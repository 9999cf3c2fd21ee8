"""登记 registers: people, houses, organisations; which records mean the same one, what each value rests on, blocks."""
