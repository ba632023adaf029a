"""The language server `async-lint-lsp`: findings, fixes and explanations of what stands in an editor, saved or not.

`script` starts it, `server` speaks the protocol, `session` decides what is checked when. `checker` checks, in a thread
of its own, and `warm` is what it keeps between two keystrokes. The rest translates: places and texts to the protocol's.
"""
