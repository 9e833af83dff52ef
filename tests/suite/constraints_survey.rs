//! What the database itself refuses of surveys and of what was answered.

/// Surveys with items, answers and results, beside the rows of the other fixtures.
pub(crate) const FIXTURE: &str = "
INSERT INTO survey (id, convening_id, kind, title, introduction, audience, status, opens_at, closes_at) VALUES
  (#x1, #c1, 'poll', 'One', 'Of one.', 'participants', 'open', '2027-03-01', '2027-03-02'),
  (#x2, NULL, 'poll', 'Two', NULL, 'public_link', 'draft', NULL, NULL);
INSERT INTO survey_item (id, survey_id, position, kind, prompt, options, minimum, maximum) VALUES
  (#a1, #x1, 1, 'single_choice', 'Which?', '{A,B}', NULL, NULL), (#a2, #x1, 2, 'number', 'How many?', '{}', 0, 9),
  (#a3, #x1, 3, 'open_text', 'Why?', '{}', NULL, NULL);
INSERT INTO submission_marker (survey_id, holder, token_hash)
VALUES (#x1, sha256('ada'), sha256('one')), (#x1, sha256('ben'), sha256('two'));
INSERT INTO ballot (hash, survey_id) VALUES (sha256('ballot'), #x1);
INSERT INTO response (id, survey_id) VALUES (#b8, #x1), (#b9, #x1);
INSERT INTO answer (response_id, item_id, chosen) VALUES (#b8, #a1, '{1}');
INSERT INTO written_answer (id, item_id, text) VALUES (#a9, #a3, 'Because.');
INSERT INTO published_result (id, survey_id, number, status, note, responses, tables, full_tables, created_at) VALUES
  (#r8, #x1, 1, 'preliminary', NULL, 12, '[]', '[]', now());
";

/// What is refused, and by which rule.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    ("survey_window", "UPDATE survey SET closes_at = opens_at WHERE id = #x1"),
    ("survey_introduction_length", "UPDATE survey SET introduction = '' WHERE id = #x1"),
    ("survey_audience_somewhere", "UPDATE survey SET audience = 'one_per_team' WHERE id = #x2"),
    ("survey_item_position_once", "UPDATE survey_item SET position = 1 WHERE id = #a2"),
    ("survey_item_options_of_choices", "UPDATE survey_item SET options = '{A}' WHERE id = #a1"),
    ("survey_item_options_of_choices", "UPDATE survey_item SET options = '{A,B}' WHERE id = #a2"),
    ("survey_item_bounds_of_numbers", "UPDATE survey_item SET minimum = 9 WHERE id = #a2"),
    ("survey_item_bounds_of_numbers", "UPDATE survey_item SET maximum = NULL WHERE id = #a2"),
    ("survey_item_bounds_of_numbers", "UPDATE survey_item SET maximum = 9 WHERE id = #a1"),
    ("submission_marker_holder_length", "UPDATE submission_marker SET holder = 'ada' WHERE holder = sha256('ada')"),
    (
        "submission_marker_token_hash_length",
        "UPDATE submission_marker SET token_hash = 'one' WHERE holder = sha256('ada')",
    ),
    (
        "submission_marker_token_hash_key",
        "UPDATE submission_marker SET token_hash = sha256('two') WHERE holder = sha256('ada')",
    ),
    ("ballot_hash_length", "UPDATE ballot SET hash = 'ballot'"),
    ("answer_item_once", "INSERT INTO answer (response_id, item_id, chosen) VALUES (#b8, #a1, '{2}')"),
    ("written_answer_text_length", "UPDATE written_answer SET text = '' WHERE id = #a9"),
    (
        "published_result_number_once",
        "INSERT INTO published_result (id, survey_id, number, status, tables, full_tables, created_at)
         VALUES (#r9, #x1, 1, 'final', '[]', '[]', now())",
    ),
    (
        "published_result_number_range",
        "INSERT INTO published_result (id, survey_id, number, status, tables, full_tables, created_at)
         VALUES (#r9, #x1, 0, 'final', '[]', '[]', now())",
    ),
    (
        "published_result_status_known",
        "INSERT INTO published_result (id, survey_id, number, status, tables, full_tables, created_at)
         VALUES (#r9, #x1, 2, 'guessed', '[]', '[]', now())",
    ),
    (
        "published_result_responses_range",
        "INSERT INTO published_result (id, survey_id, number, status, responses, tables, full_tables, created_at)
         VALUES (#r9, #x1, 2, 'final', 9, '[]', '[]', now())",
    ),
    (
        "published_result_survey_fkey",
        "INSERT INTO published_result (id, survey_id, number, status, tables, full_tables, created_at)
         VALUES (#r9, #x9, 2, 'final', '[]', '[]', now())",
    ),
    (
        "published_result_note_of_correction",
        "INSERT INTO published_result (id, survey_id, number, status, note, tables, full_tables, created_at)
         VALUES (#r9, #x1, 2, 'final', 'Wrong.', '[]', '[]', now())",
    ),
    (
        "published_result_note_length",
        "INSERT INTO published_result (id, survey_id, number, status, note, tables, full_tables, created_at)
         VALUES (#r9, #x1, 2, 'corrected', '', '[]', '[]', now())",
    ),
    ("results are only ever added to", "UPDATE published_result SET responses = 13"),
    ("results are only ever added to", "DELETE FROM published_result"),
    ("results are only ever added to", "TRUNCATE published_result"),
];

/// What looks alike and is in order.
pub(crate) const ACCEPTED: &[&str] = &[
    "SELECT shuffle_answers(#x1)",
    "UPDATE submission_marker SET used = true WHERE survey_id = #x1",
    "INSERT INTO answer (response_id, item_id, chosen) VALUES (#b9, #a1, '{2}'), (#b9, #a2, '{7}')",
];
