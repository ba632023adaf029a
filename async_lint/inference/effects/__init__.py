"""What one run of a body changes that another run could see, and what it waits for.

Stands on `project`. `effect.py` is the answer, `effects.py` the entry, `reading.py` goes through a body, and the others
each read one kind of statement. Not for: deciding whether a loop may be changed; that is the rule's.
"""
