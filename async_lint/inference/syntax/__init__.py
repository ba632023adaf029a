"""One module's source as data: definitions, bindings, and the ways that control takes through a function.

Stands on `ast` alone. Not for: what anything is; no other module is looked at here.
"""
