"""The answer that a rule gets: a kind, the callee's name and label, and the evidence in words.

Stands on `project`. Not for: whether that is reported.
"""
