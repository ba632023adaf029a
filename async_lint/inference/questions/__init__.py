"""How questions are asked: the evaluator as all others see it, arguments, and the answers that are kept.

Stands on `modules`. Not for: answers; who works them out is in the rooms above.
"""
