"""The error of wrong settings, apart from what reads them: a run with nothing changed reads none."""


class ConfigError(Exception):
    """The settings cannot be used; the message is a sentence that names the file and the key."""
