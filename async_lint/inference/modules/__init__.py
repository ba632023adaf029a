"""Where a module's tables come from: the project, an installed package, the bundled knowledge.

Stands on `syntax` and `types`. Not for: what the names in a module are (`names`, `members`).
"""
