"""What rules of several families ask of the code around a node."""
