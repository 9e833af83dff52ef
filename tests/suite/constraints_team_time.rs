//! What the database itself refuses of team time and of what districts want.

/// Levels at two convenings, questions, what a team made of them, and an interest, beside the rows of the other fixtures.
pub(crate) const FIXTURE: &str = "
INSERT INTO experience_level (id, convening_id, position, title, description) VALUES
  (#l1, #c1, 1, 'Setting out', 'Those who begin.'), (#l2, #c1, 2, 'Under way', NULL), (#l3, #c2, 1, 'Setting out', NULL);
INSERT INTO focus_question (id, level_id, position, text)
VALUES (#q1, #l1, 1, 'Why now?'), (#q2, #l1, 2, 'Who begins?'), (#q3, #l2, 1, 'What next?');
INSERT INTO team_time (team_id, convening_id, level_id, headline) VALUES (#m1, #c1, #l1, 'They did it');
INSERT INTO team_note (id, team_id, question_id, question_as_asked, text)
VALUES (#j1, #m1, #q1, 'Why now?', 'Because.'), (#j2, #m1, NULL, NULL, 'Remember the bus.');
INSERT INTO interest (id, offering_id, district_id, note) SELECT #i1, id, #d1, 'Soon.' FROM offering WHERE position = 1;
INSERT INTO interest (id, offering_id, district_id) SELECT #i2, id, #d2 FROM offering WHERE position = 1;
UPDATE convening SET offering_id = (SELECT id FROM offering WHERE position = 1) WHERE id = #c1;
";

/// What is refused, and by which rule.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    ("experience_level_position_once", "UPDATE experience_level SET position = 1 WHERE id = #l2"),
    ("experience_level_description_length", "UPDATE experience_level SET description = '' WHERE id = #l1"),
    ("focus_question_position_once", "UPDATE focus_question SET position = 1 WHERE id = #q2"),
    ("focus_question_text_length", "UPDATE focus_question SET text = '' WHERE id = #q1"),
    (
        "experience_level_convening_fkey",
        "INSERT INTO experience_level (id, convening_id, position, title) VALUES (#l9, #l9, 1, 'Of nothing')",
    ),
    // A team gives itself a level of its own convening, and one that a team has given itself stays.
    ("team_time_level_fkey", "UPDATE team_time SET level_id = #l3 WHERE team_id = #m1"),
    ("team_time_level_fkey", "DELETE FROM experience_level WHERE id = #l1"),
    ("team_time_team_fkey", "INSERT INTO team_time (team_id, convening_id) VALUES (#m2, #c2)"),
    ("title_length", "UPDATE team_time SET headline = '' WHERE team_id = #m1"),
    ("team_note_text_length", "UPDATE team_note SET text = '' WHERE id = #j1"),
    ("team_note_question_whole", "UPDATE team_note SET question_as_asked = NULL WHERE id = #j1"),
    // A district wants an offering once.
    ("interest_once", "UPDATE interest SET district_id = #d1 WHERE id = #i2"),
    ("interest_note_length", "UPDATE interest SET note = '' WHERE id = #i1"),
    ("interest_offering_fkey", "DELETE FROM offering WHERE position = 1"),
];

/// What looks alike and is in order.
pub(crate) const ACCEPTED: &[&str] = &[
    // A level that no team has given itself goes with its questions; a question goes and leaves the answers.
    "DELETE FROM experience_level WHERE id = #l2",
    "DELETE FROM focus_question WHERE id = #q1",
    "SET CONSTRAINTS experience_level_position_once DEFERRED;
     UPDATE experience_level SET position = 3 - position WHERE convening_id = #c1",
];
