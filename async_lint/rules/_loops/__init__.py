"""Loops whose iterations wait for one another: what orders them, and the fix."""
