//! What the database itself refuses of merges and of what they leave behind.

/// Two merges, of which one was undone, beside the rows of the other fixtures.
pub(crate) const FIXTURE: &str = "
INSERT INTO merge (id, table_name, kept_id, gone_id, gone_name, gone_slug, gone, reason, merged_at, undone_at) VALUES
  (#z1, 'person', #p1, #z8, 'A. Example', 'a-example', '{}', 'Entered twice.', now(), NULL),
  (#z2, 'person', #p1, #z9, 'B. Example', 'b-example', NULL, 'Entered twice.', now(), now());
INSERT INTO alias (old_id, table_name, old_slug, target_id, merge_id)
VALUES (#z8, 'person', 'a-example', #p1, #z1), (#z7, 'person', 'c-example', #p1, #z1);
";

/// What is refused, and by which rule.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    ("merge_of_two", "UPDATE merge SET kept_id = gone_id WHERE id = #z1"),
    ("merge_gone_once", "UPDATE merge SET gone_id = #z8, undone_at = NULL WHERE id = #z2"),
    ("merge_reason_length", "UPDATE merge SET reason = '' WHERE id = #z1"),
    // An old slug leads to one row, and none is given it anew.
    ("alias_slug_once", "UPDATE alias SET old_slug = 'a-example' WHERE old_id = #z7"),
    ("person_slug_key", "INSERT INTO person (id, slug, name) VALUES (#p9, 'a-example', 'Another')"),
    ("person_slug_key", "UPDATE person SET slug = 'a-example' WHERE id = #p2"),
];

/// What looks alike and is in order.
pub(crate) const ACCEPTED: &[&str] = &[
    // What was merged, and undone, is merged again.
    "UPDATE merge SET gone_id = #z8 WHERE id = #z2",
    // One slug led to rows of two sorts.
    "INSERT INTO organization (id, slug, name, kind) VALUES (#o9, 'a-example', 'A. Example', 'other')",
];
