"""The reverse questions, which imports cannot answer: who calls, inherits, overrides, awaits or reads this?

Stands on `evaluator`. A search for bytes picks the files, so that only those are parsed. Not for: what a call gives.
"""
