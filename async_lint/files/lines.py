"""A text's lines, as Python counts them."""

import io


def split_lines(text: str) -> list[str]:
    """Split a text into lines as Python's tokenizer does, their ends kept."""
    return list(io.StringIO(text, newline=""))
