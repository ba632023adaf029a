"""What becomes of a coroutine from the call that makes it on."""
