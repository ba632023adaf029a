"""What makes two processes find the same in the same files, in a short text."""

from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from async_lint.cache.tool import tool

if TYPE_CHECKING:
    from async_lint.project import Project


def key(*parts: object) -> str:
    """Return a short text that stands for all of the parts, which tell by their `repr` what they are."""
    text = "\0".join(map(repr, parts))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def world(project: "Project") -> str:
    """Return what stands for a project with its settings."""
    # A baseline keeps back what was found; it is another file's business.
    config = replace(project.config, baseline=None)
    codes = [rule.code for rule in project.rules]
    return key(tool(), config, codes, sorted(project.settings.items()), project.extent, project.site_packages)
