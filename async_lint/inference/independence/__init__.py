"""Whether awaits that stand one after another could run together: what orders them, and what speaks for it."""
