"""Pure functions from diagnostics to text. Each module has `render(diagnostics, sources, colour) -> str`."""
