"""共同语言 the shared language: facts, levels, places, clocks, states, access, contracts, errors.

Standard library only.
"""
