//! What the database itself refuses of feeds.

/// Two audiences, what one of them was told, and what became of it.
pub(crate) const FIXTURE: &str = "
INSERT INTO audience (id, fingerprint, told, last_number, used_at, checked_at) VALUES
  (#a8, sha256('one'), pg_current_snapshot(), 4, now(), now()), (#a9, sha256('two'), pg_current_snapshot(), 0, now(), now());
INSERT INTO audience_row (id, audience_id, node_type, row_id, number, recorded_at, version) VALUES
  (#x1, #a8, 1, #o1, 1, now(), 1), (#x2, #a8, 6, #p1, 2, now(), 1);
INSERT INTO audience_change (id, audience_id, number, action, node_type, row_id, recorded_at) VALUES
  (#x3, #a8, 3, 'updated', 1, #o1, now()), (#x4, #a8, 4, 'deleted', 6, #p2, now());
";

/// What is refused, and by which rule.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    // Whoever sees the same makes one audience, which has one feed.
    ("audience_fingerprint_key", "UPDATE audience SET fingerprint = sha256('one') WHERE id = #a9"),
    ("audience_fingerprint_length", "UPDATE audience SET fingerprint = 'short' WHERE id = #a9"),
    // Nothing is forgotten that was not told.
    ("audience_forgotten_range", "UPDATE audience SET forgotten = 5 WHERE id = #a8"),
    ("audience_row_once", "UPDATE audience_row SET node_type = 1, row_id = #o1 WHERE id = #x2"),
    ("audience_row_number_once", "UPDATE audience_row SET number = 1 WHERE id = #x2"),
    ("audience_change_number_once", "UPDATE audience_change SET number = 3 WHERE id = #x4"),
    // There is one secret.
    ("feed_seal_one", "UPDATE feed_seal SET is_made = false"),
    ("feed_seal_secret_length", "UPDATE feed_seal SET secret = 'short'"),
];

/// What looks alike and is in order.
pub(crate) const ACCEPTED: &[&str] = &[
    // A feed goes whole.
    "DELETE FROM audience WHERE id = #a8",
    "UPDATE audience SET forgotten = 4 WHERE id = #a8",
];
