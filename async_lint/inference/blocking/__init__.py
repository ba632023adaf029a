"""Which calls keep a thread until something outside it happens, and which functions of the project lead to one.

`table.py` says what is known of libraries, `direct.py` whether a call is such a one, `words.py` which names are worth a
look, `steps.py` what one function calls, and `paths.py` how a call leads on to what blocks. Not for: whether that is
wrong where it stands. That is the rule's to say.
"""
