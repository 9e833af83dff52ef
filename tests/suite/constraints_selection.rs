//! What the database itself refuses of selections and of decisions that are published.

/// A selection with one outcome at the one convening, and one at the other, beside the rows of the other fixtures.
pub(crate) const FIXTURE: &str = "
INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S1, #c1, 1, 'lottery-1', 'a', 1, NULL, '[]', '[]', now());
INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S2, #c2, 1, 'lottery-1', 'a', 1, NULL, '[]', '[]', now());
INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S3, #S1, #c1, #m1, 'one', 'high', 10, true, false, repeat('a', 64), 1, 'waitlisted', 1, 'no_place', 'No.');
";

/// What is refused, and by which rule.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    (
        "selection_convening_fkey",
        "INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S9, #c9, 9, 'lottery-1', 'a', 1, NULL, '[]', '[]', now())",
    ),
    (
        "selection_number_range",
        "INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S9, #c1, 0, 'lottery-1', 'a', 1, NULL, '[]', '[]', now())",
    ),
    (
        "selection_method_known",
        "INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S9, #c1, 9, 'dice', 'a', 1, NULL, '[]', '[]', now())",
    ),
    (
        "selection_seed_length",
        "INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S9, #c1, 9, 'lottery-1', '', 1, NULL, '[]', '[]', now())",
    ),
    (
        "selection_capacity_range",
        "INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S9, #c1, 9, 'lottery-1', 'a', 0, NULL, '[]', '[]', now())",
    ),
    (
        "selection_waitlist_size_range",
        "INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S9, #c1, 9, 'lottery-1', 'a', 1, -1, '[]', '[]', now())",
    ),
    (
        "selection_quotas_form",
        "INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S9, #c1, 9, 'lottery-1', 'a', 1, NULL, '{}', '[]', now())",
    ),
    (
        "selection_shortfalls_form",
        "INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S9, #c1, 9, 'lottery-1', 'a', 1, NULL, '[]', '{}', now())",
    ),
    (
        "selection_number_once",
        "INSERT INTO selection (id, convening_id, number, method, seed, capacity, waitlist_size, quotas, shortfalls, created_at) VALUES (#S9, #c1, 1, 'lottery-1', 'a', 1, NULL, '[]', '[]', now())",
    ),
    (
        "selection_outcome_code_length",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, '', 'high', 10, true, false, repeat('b', 64), 2, 'waitlisted', 1, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_kind_known",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'tall', 10, true, false, repeat('b', 64), 2, 'waitlisted', 1, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_enrollment_range",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', -1, true, false, repeat('b', 64), 2, 'waitlisted', 1, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_draw_form",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, '17', 2, 'waitlisted', 1, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_lottery_place_range",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 0, 'waitlisted', 1, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_status_known",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'offered', 1, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_waitlist_position_range",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'waitlisted', 0, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_reason_code_known",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'waitlisted', 1, 'mood', 'No.')",
    ),
    (
        "selection_outcome_reason_length",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'waitlisted', 1, 'no_place', '')",
    ),
    (
        "selection_outcome_selection_fkey",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S2, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'waitlisted', 1, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_team_fkey",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m3, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'waitlisted', 7, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_once",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m1, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'waitlisted', 1, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_lottery_place_once",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 1, 'waitlisted', 1, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_waitlisted_in_place",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'waitlisted', NULL, 'no_place', 'No.')",
    ),
    (
        "selection_outcome_waitlisted_in_place",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'selected', 1, 'no_place', 'No.')",
    ),
    (
        "decision_publication_convening_fkey",
        "INSERT INTO decision_publication (convening_id, selection_id, published_at, answer_due_at, answer_hours) VALUES (#c9, NULL, now(), now() + interval '1 day', 48)",
    ),
    (
        "decision_publication_selection_fkey",
        "INSERT INTO decision_publication (convening_id, selection_id, published_at, answer_due_at, answer_hours) VALUES (#c2, #S1, now(), now() + interval '1 day', 48)",
    ),
    (
        "decision_publication_answer_hours_range",
        "INSERT INTO decision_publication (convening_id, selection_id, published_at, answer_due_at, answer_hours) VALUES (#c2, NULL, now(), now() + interval '1 day', 0)",
    ),
    (
        "decision_publication_in_time",
        "INSERT INTO decision_publication (convening_id, selection_id, published_at, answer_due_at, answer_hours) VALUES (#c2, NULL, now(), now(), 48)",
    ),
    (
        "selection_outcome_waitlist_once",
        "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'waitlisted', 1, 'no_place', 'No.')",
    ),
    (
        "decision_publication_selection_once",
        "ALTER TABLE decision_publication DROP CONSTRAINT decision_publication_pkey; INSERT INTO decision_publication (convening_id, selection_id, published_at, answer_due_at, answer_hours) VALUES (#c2, #S2, now(), now() + interval '1 day', 48); INSERT INTO decision_publication (convening_id, selection_id, published_at, answer_due_at, answer_hours) VALUES (#c2, #S2, now(), now() + interval '1 day', 48)",
    ),
];

/// What looks alike and is in order.
pub(crate) const ACCEPTED: &[&str] = &[
    "INSERT INTO selection_outcome (id, selection_id, convening_id, team_id, code, kind, enrollment, first_time, kept, draw, lottery_place, status, waitlist_position, reason_code, reason) VALUES (#S9, #S1, #c1, #m2, 'two', 'high', 10, true, false, repeat('b', 64), 2, 'selected', NULL, 'no_place', 'No.')",
    "INSERT INTO decision_publication (convening_id, selection_id, published_at, answer_due_at, answer_hours) VALUES (#c2, #S2, now(), now() + interval '1 day', 48)",
];

#[test]
fn what_was_selected_and_published_stays_as_it_is() {
    tests::with_fixture(async |service, _| {
        for sql in [
            "UPDATE selection SET seed = 'another'",
            "DELETE FROM selection_outcome",
            "UPDATE decision_publication SET answer_hours = 1",
        ] {
            let refused = sea_orm::ConnectionTrait::execute_unprepared(&service.db, sql).await.map(drop);
            let told = refused.expect_err(sql).to_string();
            assert!(told.contains("what was selected and published stays as it is"), "{sql}: {told}");
        }
    });
}
