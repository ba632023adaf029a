"""What makes two processes find the same in the same files, in a short text."""

from dataclasses import replace
from typing import TYPE_CHECKING

from async_lint.cache.tool import tool
from async_lint.cache.trace import digest_of_text

if TYPE_CHECKING:
    from async_lint.project import Project


def key(*parts: object) -> str:
    """Return a short text that stands for all of the parts, which tell by their `repr` what they are."""
    return digest_of_text("\0".join(map(repr, parts)))


def world(project: "Project") -> str:
    """Return what stands for a project with its settings."""
    # A baseline keeps back what was found; it is another file's business.
    config = replace(project.config, baseline=None)
    codes = [rule.code for rule in project.rules]
    return key(tool(), config, codes, sorted(project.settings.items()), project.extent, project.site_packages)
