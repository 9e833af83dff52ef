"""What schemathesis does not know by itself of this service: values that lead somewhere, how to sign in, and what is promised."""

import atexit
import json
import os
from collections import Counter
from urllib import request

import graphql
import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

URL = os.environ["FUZZ_URL"]
# What this role goes on with, if it signed in.
REFRESH = [os.environ["FUZZ_TOKEN"]] if "FUZZ_TOKEN" in os.environ else []
# Every code that an error may have, and what it takes for it to be our fault.
OURS = {"INTERNAL_SERVER_ERROR"}
PROMISED = set(
    "PERSISTED_QUERY_NOT_FOUND IDEMPOTENCY_KEY_REUSED UNAUTHENTICATED FORBIDDEN NOT_FOUND BAD_USER_INPUT GRAPHQL_PARSE_FAILED "
    "GRAPHQL_VALIDATION_FAILED QUERY_LIMIT RATE_LIMITED TIMEOUT UNAVAILABLE".split()
)
# What people type, and what people who want to see something break type.
TEXTS = ["", " ", "Alder", "ada@example.org", "2015-symposium", "' OR 1=1 --", "=1+1", "<b>", "%", "\\", "\u0000", "\u202e", "🙂" * 80, "a" * 5000]
DATES = ["2015-05-08", "2024-02-29", "0001-01-01", "9999-12-31", "2015-02-30", "-0001-01-01", "+262142-12-31", ""]
MOMENTS = ["2015-05-08T16:00:00-07:00", "2030-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2016-12-31T23:59:60Z", ""]
# Nobody lives there.
ADDRESSES = ["https://example.org/", "http://127.0.0.1:9/", "https://user:secret@example.org", "javascript:alert(1)", "https://[::1]/", ""]


def send(document, token=None):
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    asked = request.Request(URL, json.dumps({"query": document}).encode(), headers)
    with request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)


def go_on():
    """A fresh access token."""
    given = f"refreshToken: {json.dumps(REFRESH[0])}"
    answer = send(f"mutation {{ refreshToken(input: {{ {given} }}) {{ accessToken refreshToken }} }}")
    REFRESH[0] = answer["data"]["refreshToken"]["refreshToken"]
    return answer["data"]["refreshToken"]["accessToken"]


def known_ids():
    """Ids and slugs of what this role can list. Accounts are left out: none may shut out another's."""
    token = go_on() if REFRESH else None
    schema = graphql.build_client_schema(send(graphql.get_introspection_query(), token)["data"])
    found = {"ids": [], "slugs": []}
    for name, field in schema.query_type.fields.items():
        named = graphql.get_named_type(field.type)
        is_list = named.name.endswith("Connection") and not any(map(graphql.is_required_argument, field.args.values()))
        if not is_list or "Account" in named.name:
            continue
        node = graphql.get_named_type(named.fields["nodes"].type) if "nodes" in named.fields else None
        wanted = [key for key in ("id", "slug") if key in getattr(node, "fields", {})]
        if "id" not in wanted:
            continue
        answer = send(f"{{ {name}(first: 8) {{ nodes {{ {' '.join(wanted)} }} }} }}", token)
        for row in ((answer.get("data") or {}).get(name) or {}).get("nodes") or []:
            found["ids"].append(row["id"])
            found["slugs"] += [row["slug"]] if row.get("slug") else []
    return found


def string(value):
    return nodes.String(value)


KNOWN = known_ids()
LETTERS = st.characters(exclude_categories=["Cs"])
schemathesis.graphql.scalar("ID", (st.sampled_from(KNOWN["ids"]) | st.text(LETTERS, max_size=40)).map(string))
schemathesis.graphql.scalar("String", (st.sampled_from(KNOWN["slugs"] + TEXTS) | st.text(LETTERS)).map(string))
schemathesis.graphql.scalar("Int", (st.integers(0, 3) | st.integers(-(2**31), 2**31 - 1)).map(nodes.Int))
schemathesis.graphql.scalar("Date", (st.sampled_from(DATES) | st.dates().map(str)).map(string))
schemathesis.graphql.scalar("DateTime", st.sampled_from(MOMENTS).map(string))
schemathesis.graphql.scalar("URL", st.sampled_from(ADDRESSES).map(string))

if REFRESH:

    @schemathesis.auth(refresh_interval=600)
    class SignIn:
        """A token is good for a quarter of an hour."""

        def get(self, case, context):
            return go_on()

        def set(self, case, data, context):
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


COUNTS = Counter()
atexit.register(lambda: open(os.environ["FUZZ_COUNTS"], "w").write(json.dumps(COUNTS)))


@schemathesis.check
def only_what_is_promised(context, response, case):
    """An answer is JSON, each of its errors has a code that is promised, and none is our fault."""
    COUNTS["asked"] += 1
    told = response.content.decode(errors="replace")[:2000]
    try:
        errors = json.loads(response.content).get("errors") or []
    except ValueError:
        raise AssertionError(f"{response.status_code} is not JSON: {told}") from None
    codes = [(error.get("extensions") or {}).get("code") for error in errors]
    COUNTS.update(code or "no code" for code in codes)
    assert not OURS.intersection(codes), told
    assert PROMISED.issuperset(codes), f"a code that is not promised: {told}"
    assert response.status_code < 500 or {"UNAVAILABLE", "TIMEOUT"}.intersection(codes), f"{response.status_code}: {told}"
