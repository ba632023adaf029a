"""Which waits have no limit of their own, and which deadline is in force."""
