"""From what an expression is to what a rule wants to know: is it a coroutine, lazy, a task, a plain value?

Stands on `questions`. Not for: the wording of evidence (`answers`).
"""
