//! What the database itself refuses of releases of agendas.

/// A release of the one convening's agenda, beside the rows of the other fixtures.
pub(crate) const FIXTURE: &str = "SELECT release_agenda(#a1, #c1, 'New rooms.', '2027-01-02 09:00Z');";

/// What is refused, and by which rule.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    (
        "agenda_release_convening_fkey",
        "INSERT INTO agenda_release (id, convening_id, number, released_at, content) VALUES (#a9, #c9, 1, now(), '{}')",
    ),
    (
        "agenda_release_number_range",
        "INSERT INTO agenda_release (id, convening_id, number, released_at, content) VALUES (#a9, #c1, 0, now(), '{}')",
    ),
    (
        "agenda_release_once",
        "INSERT INTO agenda_release (id, convening_id, number, released_at, content) VALUES (#a9, #c1, 1, now(), '{}')",
    ),
    ("agenda_release_note_length", "SELECT release_agenda(#a9, #c1, '', now())"),
    // What everybody reads leads nowhere else than to what everybody reads, and to what stands.
    ("released_session_block_convening_fkey", "UPDATE released_session_block SET convening_id = #c9 WHERE id = #b2"),
    ("released_room_convening_fkey", "INSERT INTO released_room VALUES (#r9, #c9, 'Hall', 90, 1, now(), now())"),
    ("released_session_strand_fkey", "UPDATE released_session SET strand_id = #s3"),
    ("released_slot_session_fkey", "UPDATE released_slot SET session_id = #e3 WHERE id = #t2"),
    ("released_slot_room_fkey", "DELETE FROM released_room WHERE id = #r1"),
    ("released_speaker_session_fkey", "UPDATE released_speaker SET session_id = #e3"),
];

/// What looks alike and is in order.
pub(crate) const ACCEPTED: &[&str] =
    &["SELECT release_agenda(#a2, #c1, NULL, now()), release_agenda(#a3, #c2, NULL, now())"];
