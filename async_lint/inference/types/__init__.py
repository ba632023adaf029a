"""The values that stand for what an expression can be, and the frames in which names are looked up.

Stands on `syntax`. Not for: finding out which of them an expression is.
"""
