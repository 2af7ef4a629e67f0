"""Pages from templates: ``{{name}}`` is replaced by a part, in one pass."""

from __future__ import annotations

import json
from collections.abc import Mapping


def fill(template: str, parts: Mapping[str, str]) -> str:
    """The template with its parts; no part is searched for the names of others."""
    head, *pieces = template.split("{{")
    filled = [parts[name] + rest for name, _, rest in (piece.partition("}}") for piece in pieces)]
    return "".join([head, *filled])


def json_in_html(data: object) -> str:
    """Compact JSON that is safe inside a script element."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
