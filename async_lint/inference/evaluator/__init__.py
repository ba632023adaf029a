"""Where the rooms below meet: an expression goes to the file that knows its kind, and the answer is kept.

Stands on `members`, `calls` and `names`. Not for: rules of its own; a new idea gets a file in one of those rooms.
"""
