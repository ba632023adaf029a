"""What does this call return? Knows nothing of rules or of concrete syntax."""
