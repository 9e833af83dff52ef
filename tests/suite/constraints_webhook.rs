//! What the database itself refuses of webhooks.

/// Endpoints of an account and of a key, and what was sent there, beside the rows of the other fixtures.
pub(crate) const FIXTURE: &str = "
INSERT INTO webhook_endpoint (id, account_id, api_key_id, url, description, status, status_since, disabled_because, secret,
  previous_secret, previous_until) VALUES
  (#W1, #a1, NULL, 'https://one.example.org/hook', 'One', 'active', now(), NULL, 'sealed', 'sealed', now()),
  (#W2, NULL, #l1, 'HTTPS://two.example.org/hook', NULL, 'disabled', now(), 'failing', 'sealed', NULL, NULL);
INSERT INTO webhook_progress (endpoint_id, audience, number, failures, failing_since) VALUES (#W1, #a1, 1, 0, NULL),
  (#W2, #a1, 1, 3, now());
INSERT INTO webhook_delivery (id, endpoint_id, event_id, event, audience, number, action, node_type, node_key, occurred_at,
  asked, state, attempts, status, fault, created_at) VALUES
  (#V1, #W1, #V1, 'test', NULL, NULL, NULL, NULL, NULL, now(), true, 'failed', 1, 500, 'status', now()),
  (#V2, #W1, #V2, 'change', #a1, 1, 'created', 'Organization', #o1, now(), false, 'delivered', 1, 200, NULL, now()),
  (#V3, #W1, #V3, 'change', #a1, 2, 'created', 'Organization', #o1, now(), false, 'delivered', 1, 200, NULL, now());
";

/// What is refused, and by which rule.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    ("webhook_endpoint_url_form", "UPDATE webhook_endpoint SET url = 'ftp://one.example.org' WHERE id = #W1"),
    ("webhook_endpoint_url_form", "UPDATE webhook_endpoint SET url = url || repeat('a', 2000) WHERE id = #W1"),
    ("webhook_endpoint_description_length", "UPDATE webhook_endpoint SET description = '' WHERE id = #W1"),
    // It is of an account or of a key.
    ("webhook_endpoint_of_one", "UPDATE webhook_endpoint SET account_id = NULL WHERE id = #W1"),
    ("webhook_endpoint_of_one", "UPDATE webhook_endpoint SET api_key_id = #l1 WHERE id = #W1"),
    ("webhook_endpoint_disabled_for_a_reason", "UPDATE webhook_endpoint SET status = 'disabled' WHERE id = #W1"),
    ("webhook_endpoint_disabled_for_a_reason", "UPDATE webhook_endpoint SET status = 'active' WHERE id = #W2"),
    ("webhook_endpoint_previous_whole", "UPDATE webhook_endpoint SET previous_until = NULL WHERE id = #W1"),
    ("webhook_progress_failing_whole", "UPDATE webhook_progress SET failures = 1 WHERE endpoint_id = #W1"),
    ("webhook_progress_failing_whole", "UPDATE webhook_progress SET failures = 0 WHERE endpoint_id = #W2"),
    ("webhook_progress_failures_range", "UPDATE webhook_progress SET failures = -1 WHERE endpoint_id = #W2"),
    // An event is one delivery, unless somebody asks for it again.
    ("webhook_delivery_once", "UPDATE webhook_delivery SET event_id = #V2 WHERE id = #V3"),
    ("webhook_delivery_change_whole", "UPDATE webhook_delivery SET node_key = NULL WHERE id = #V2"),
    ("webhook_delivery_change_whole", "UPDATE webhook_delivery SET number = 1 WHERE id = #V1"),
];

/// What looks alike and is in order.
pub(crate) const ACCEPTED: &[&str] =
    &["UPDATE webhook_delivery SET event_id = #V2, asked = true WHERE id = #V3", "DELETE FROM webhook_endpoint"];
