"""The page around its parts: no address in it is fetched, and no script but its own can run."""

from base64 import b64encode
from hashlib import sha256


def document(body: str, style: str, script: str) -> str:
    """Return the page in ASCII, for whoever writes it may choose an encoding that it does not name."""
    policy = f"default-src 'none'; base-uri 'none'; style-src {_hash(style)}; script-src {_hash(script)}"
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>async-lint</title>
<style>{style}</style>
</head>
<body>
<main>
{body}</main>
<script>{script}</script>
</body>
</html>
"""
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _hash(content: str) -> str:
    # https://www.w3.org/TR/CSP3/#framework-directive-source-list
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
