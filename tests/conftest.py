"""What every test shares: no environment but its own."""

import pytest

# Some of them are named like tests, for rules that treat tests apart.
collect_ignore_glob = ["fixtures/*"]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # The packages of whoever runs the tests would be looked at by inference.
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
