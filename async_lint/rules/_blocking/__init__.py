"""Where blocking keeps other tasks from running, how it is told, and how it is moved into a thread."""
