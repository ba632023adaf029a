"""What one question from outside may cost: the questions that it asks in turn, and how deep they nest.

A rule asks what a call returns; that asks what the callee is, that what it is bound to, and so on. Each counts as one.
Whoever runs out is answered "unknown", so that no code is too strange or too large for a run to end.
"""

DEPTH = 40  # nested questions: deeper is a cycle in disguise
QUESTIONS = 600  # in real packages, no question that found something to await asked more than 350 others
# What takes more than that of the budget would take all of it from whoever asks.
MOST = QUESTIONS * 9 // 10


class Budget:
    """The questions that are `left` to ask; below zero when they were not enough."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = QUESTIONS

    def reset(self) -> None:
        self.left = QUESTIONS

    def take(self, depth: int) -> bool:
        """Pay for one question, `depth` others being open; False where it must not be asked."""
        self.left -= 1
        return depth < DEPTH and self.left >= 0
