"""What a name is where it is read: its bindings, the tests on the way, and what the project is seen to put there.

Stands on `kinds`. Not for: attributes (`members`).
"""
