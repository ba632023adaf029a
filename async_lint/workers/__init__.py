"""Several processes that check files side by side."""
