"""Work that is scheduled: which calls schedule it, and who holds the task."""
