"""数据质量 how good a data set is: rules in tables, one pass over its rows, and cells that look wrong."""
