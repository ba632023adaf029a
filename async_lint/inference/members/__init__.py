"""What an attribute is, through the method resolution order; what awaiting, entering and iterating give.

Stands on `calls`. Not for: who else sets or reads it in the project (`project`).
"""
