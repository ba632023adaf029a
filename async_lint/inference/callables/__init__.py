"""What becomes of a callable, or of any argument, that a function of the project is given.

Stands on `effects` and `project`. Not for: consumers of libraries, which a table of the rules names.
"""
