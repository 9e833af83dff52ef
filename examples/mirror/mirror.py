#!/usr/bin/env python3
"""Keeps a copy of the dataset in a file: the first run takes everything, each later one what has changed since.

    python3 mirror.py http://127.0.0.1:8080 copy.json [API KEY]

The copy and the cursor that it stands at are written together, so that a run that is broken off is done again by the next.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path

QUERY = (Path(__file__).parent / "changes.graphql").read_text()


class Expired(Exception):
    """The cursor is too old, or of a time when other things could be seen."""


def ask(address, key, variables):
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    body = json.dumps({"query": QUERY, "variables": variables}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{address}/graphql", body, headers), timeout=60) as response:
        answer = json.load(response)
    for error in answer.get("errors") or []:
        if error["extensions"].get("reason") == "CURSOR_EXPIRED":
            raise Expired
        raise RuntimeError(f"{error['extensions']['code']}: {error['message']}")
    return answer["data"]["changes"]


def follow(address, key, copy):
    """Brings a copy up to date, and says how many changes that took."""
    taken = 0
    while True:
        page = ask(address, key, {"after": copy["cursor"]})
        for change in page["nodes"]:
            taken += 1
            if change["node"] is None:
                # It was deleted, or cannot be seen any more.
                copy["rows"].pop(change["nodeId"], None)
            else:
                copy["rows"][change["nodeId"]] = {"type": change["typename"], **change["node"]}
        copy["cursor"] = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return taken


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    address, file = sys.argv[1], Path(sys.argv[2])
    key = sys.argv[3] if len(sys.argv) > 3 else None
    empty = {"cursor": None, "rows": {}}
    copy = json.loads(file.read_text()) if file.exists() else empty
    try:
        taken = follow(address, key, copy)
    except Expired:
        copy = {"cursor": None, "rows": {}}
        taken = follow(address, key, copy)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(copy))
    os.replace(new, file)
    print(f"{taken} changes, {len(copy['rows'])} rows")


if __name__ == "__main__":
    main()
