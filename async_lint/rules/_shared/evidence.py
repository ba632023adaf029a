"""How messages give what a finding rests on."""

from async_lint.inference.face import Answer, cited


def grounds(answer: Answer) -> str:
    """Return the callee and what is known of it: "`Client.send` is a coroutine function (client.py:41)"."""
    known = answer.label or answer.name
    label = f"`{known}`" if known else "the callee"
    evidence = answer.evidence
    if evidence is None:
        article = "an" if answer.kind.value[0] in "aeiou" else "a"
        return f"{label} returns {article} {answer.kind.value}"
    place = cited(evidence.path, evidence.line) if evidence.line else evidence.path
    return f"{label} {evidence.text} ({place})"
