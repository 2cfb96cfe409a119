"""Self-contained HTML pages from the templates beside this module."""

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("clew.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.policies["json.dumps_kwargs"] = {
        "separators": (",", ":"),
        "sort_keys": False,
        "ensure_ascii": False,
    }
    found.filters["thousands"] = lambda number: f"{number:,}"
    return found


def render_page(template: str, styles: tuple[str, ...], scripts: tuple[str, ...], **values: object) -> str:
    """Return the page that *template* makes of *values*, with its styles and scripts inside.

    The page's security policy lets it load nothing, and run only these scripts (by their hash): source text
    that found a way around the escaping would still not run.
    """
    style = "".join(_read(name) for name in styles)
    body = "".join(_read(name) for name in scripts)
    script = f'(() => {{\n"use strict";\n{body}}})();\n'
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src '{_hash(script)}'"
    # Both are files of this package, not input.
    parts = {"style": Markup(style), "script": Markup(script), "policy": policy}  # noqa: S704
    return _environment().get_template(template).render(values | parts)


def _read(name: str) -> str:
    loader = _environment().loader
    assert loader is not None  # noqa: S101 (set above; the type allows None)
    return loader.get_source(_environment(), name)[0]


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
