"""目录 the catalogue of data resources: what there is, whose it is, where its rows are, and how to read them."""
