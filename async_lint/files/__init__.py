"""Files of the project: found, read, written; the suppressions in them and the environment beside them."""
