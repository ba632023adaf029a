"""The rules: one file each, found by `registry.py`. Folders with an underscore hold what several rules share."""
