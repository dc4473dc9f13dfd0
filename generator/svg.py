"""A machine's drawing as an SVG document."""

from __future__ import annotations

from typing import Any

UNIT = 16


def svg(drawing: dict[str, Any]) -> str:
    """Returns a drawing of strokes as an SVG 1.1 document; each stroke keeps its first point's radius."""
    size, palette = drawing["size"], drawing["palette"]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">',
        f'<rect width="{size}" height="{size}" fill="{palette[drawing["bg"]]}"/>',
        '<g fill="none" stroke-linecap="round" stroke-linejoin="round">',
    ]
    for op in drawing["ops"]:
        way = " ".join(f"{x / UNIT:.10g},{y / UNIT:.10g}" for x, y, _, _ in op["pts"])
        if len(op["pts"]) == 1:  # a dot: a line of no length would not be painted
            way = f"{way} {way}"
        width = 2 * op["pts"][0][2] / UNIT
        lines.append(f'<polyline stroke="{palette[op["color"]]}" stroke-width="{width:.10g}" points="{way}"/>')
    return "\n".join([*lines, "</g>", "</svg>", ""])
