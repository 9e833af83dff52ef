#!/usr/bin/env python3
"""Draws how many districts took part, by county and year, as an SVG.

    python3 participation.py http://127.0.0.1:8080 participation.svg

Nothing but Python's own library is needed. In a notebook, `rows(address)` is the table to go on with.
"""

import json
import sys
import urllib.request
from html import escape
from pathlib import Path

QUERY = (Path(__file__).parent / "participation.graphql").read_text()
COLORS = ["#1f5a8a", "#c8781f", "#4a8a4f", "#8a4a7d", "#6b6b6b", "#b0463c"]
ROW, BAR, LEFT, WIDTH = 26, 9, 190, 760


def ask(address, query, variables=None):
    """The data of an answer; what was refused is raised with the codes of its errors."""
    request = urllib.request.Request(
        f"{address}/graphql",
        data=json.dumps({"query": query, "variables": variables or {}}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer = json.load(response)
    if answer.get("errors"):
        raise RuntimeError("; ".join(f"{e['extensions']['code']}: {e['message']}" for e in answer["errors"]))
    return answer["data"]


def rows(address):
    """County, year and number of districts, a line for each."""
    found = ask(address, QUERY)["participation"]
    return [((row["county"] or {}).get("name", "not stated"), row["year"], row["districts"]) for row in found]


def draw(table):
    """Bars for each county, one for each year."""
    years = sorted({year for _, year, _ in table})
    counties = sorted({county for county, _, _ in table})
    most = max(districts for _, _, districts in table)
    height = ROW + sum(ROW // 2 + BAR * len(years) for _ in counties)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="12">']
    for i, year in enumerate(years):
        color = COLORS[i % len(COLORS)]
        out.append(f'<text x="{LEFT + 70 * i}" y="14" fill="{color}">{year}</text>')
    top = ROW
    for county in counties:
        out.append(f'<text x="{LEFT - 8}" y="{top + 10}" text-anchor="end">{escape(county)}</text>')
        for i, year in enumerate(years):
            districts = sum(count for name, when, count in table if (name, when) == (county, year))
            if districts:
                width = round((WIDTH - LEFT - 40) * districts / most)
                y = top + BAR * i
                out.append(f'<rect x="{LEFT}" y="{y}" width="{width}" height="{BAR - 2}" fill="{COLORS[i % len(COLORS)]}"/>')
                out.append(f'<text x="{LEFT + width + 4}" y="{y + 7}" font-size="9">{districts}</text>')
        top += ROW // 2 + BAR * len(years)
    return "\n".join(out + ["</svg>", ""])


def main():
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
    target = Path(sys.argv[2] if len(sys.argv) > 2 else "participation.svg")
    table = rows(address)
    if not table:
        sys.exit("Nobody took part, so far as this service tells.")
    target.write_text(draw(table))
    print(f"{target}: {len(table)} bars")


if __name__ == "__main__":
    main()
