"""The concrete syntax of the functions that could matter, with the place of each node and its `ast` counterpart."""
