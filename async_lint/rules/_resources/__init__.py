"""What is opened and has to be closed: what opens it, what becomes of it, and which ways leave it open."""
