"""Whether awaits that stand one after another could run together: what orders them, and what speaks for it.

It answers for a loop, a comprehension or a run of statements (`independence.py`), with a verdict that carries its
grounds, or the first reason against (`verdict.py`). It stands on the evaluator, on the project's heirs, and on the
tables of what libraries do. It is no proof: what could not be followed is unknown, and says nothing. Whether everything
that a loop calls was read and changes nothing is the question of `effects`, which is asked where the grounds are weak.
"""
