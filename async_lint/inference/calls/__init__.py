"""What a call gives, from the callee's declaration, its body or its decorators.

Stands on `names`. Not for: what the call does beside that (`effects`).
"""
