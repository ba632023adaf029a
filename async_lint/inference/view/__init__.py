"""What rules may ask of one file under check, by what the question is about.

Stands on every other room. Not for: working anything out, beyond whom to ask and in which order.
"""
