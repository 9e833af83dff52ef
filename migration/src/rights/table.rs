//! Every table, with what the service may do with its rows and what of it is shown to the public. A table that is not here is
//! nobody's but its owner's, and a test fails.
//!
//! What the public is shown says in SQL, and on purpose once more, what the policy of the service says of a viewer who has not
//! signed in: each of the two holds where the other has a fault. `t` is the row.

/// What the service may do with the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// Read, add, change and take away.
    Edit,
    /// Read, add and change.
    Keep,
    /// Read and add: what was written stays as it is.
    Add,
    /// Read, and hold a row as it is until a transaction ends.
    Hold,
    /// Read.
    Read,
}

/// What of a table is shown to whoever has not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// It is not even named to them.
    Nothing,
    /// Statements name it, and find no row.
    NoRow,
    /// Everything.
    All,
    /// Rows that a condition holds for.
    Where(&'static str),
}

/// A table or view, and who may do what with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) service: May,
    /// Columns that the service may write in a new row, and never read or change.
    pub(super) secret: &'static [&'static str],
    pub(super) public: Shown,
    /// Columns that are empty to the public in the rows that it is shown.
    pub(super) hidden: &'static [&'static str],
}

const fn table(name: &'static str, service: May, public: Shown) -> Table {
    Table { name, service, secret: &[], public, hidden: &[] }
}

impl Table {
    const fn keeping(self, secret: &'static [&'static str]) -> Self {
        Self { secret, ..self }
    }

    const fn hiding(self, hidden: &'static [&'static str]) -> Self {
        Self { hidden, ..self }
    }
}

const ANNOUNCED: Shown =
    Shown::Where("EXISTS (SELECT FROM convening AS c WHERE c.id = t.convening_id AND c.announced)");
/// Asked of each row by itself: joined, a page of an agenda would come out of order, and the whole of a large one be put in order.
const ON_AGENDA: Shown =
    Shown::Where("EXISTS (SELECT FROM convening AS c WHERE c.id = t.convening_id AND c.agenda_published OFFSET 0)");
const OF_SESSION: Shown = Shown::Where(
    "EXISTS (SELECT FROM released_session AS s JOIN convening AS c ON c.id = s.convening_id \
     WHERE s.id = t.session_id AND c.agenda_published)",
);
const TEAM: &str = "t.status IN ('confirmed', 'attended', 'no_show') \
    AND EXISTS (SELECT FROM convening AS c WHERE c.id = t.convening_id AND c.decisions_published)";
const OF_TEAM: Shown = Shown::Where(
    "EXISTS (SELECT FROM team JOIN convening AS c ON c.id = team.convening_id WHERE team.id = t.team_id \
     AND team.status IN ('confirmed', 'attended', 'no_show') AND c.decisions_published)",
);
const PERSON: &str =
    "t.is_public OR EXISTS (SELECT FROM released_speaker AS r WHERE r.person_id = t.id AND r.shown OFFSET 0)";
const OF_PERSON: &str = "EXISTS (SELECT FROM person WHERE person.id = t.person_id AND (person.is_public \
    OR EXISTS (SELECT FROM released_speaker AS r WHERE r.person_id = person.id AND r.shown OFFSET 0)) OFFSET 0)";
const SURVEY: &str = "t.status <> 'draft' AND (t.convening_id IS NULL \
    OR EXISTS (SELECT FROM convening AS c WHERE c.id = t.convening_id AND c.announced OFFSET 0))";
const OF_SURVEY: &str = "EXISTS (SELECT FROM survey AS v LEFT JOIN convening AS c ON c.id = v.convening_id WHERE v.id = t.survey_id \
    AND v.status <> 'draft' AND (v.convening_id IS NULL OR c.announced))";
const RESULT: &str = "EXISTS (SELECT FROM survey AS v LEFT JOIN convening AS c ON c.id = v.convening_id WHERE v.id = t.survey_id \
    AND v.status <> 'draft' AND (v.convening_id IS NULL OR c.announced) AND (t.status = 'preliminary' OR v.status = 'published'))";
const APPROVED: &str = "t.counted AND t.moderation = 'approved' AND EXISTS (SELECT FROM survey_item AS i \
    JOIN survey AS v ON v.id = i.survey_id LEFT JOIN convening AS c ON c.id = v.convening_id WHERE i.id = t.item_id \
    AND v.status <> 'draft' AND (v.convening_id IS NULL OR c.announced))";
const LAST_RELEASE: &str = "EXISTS (SELECT FROM convening AS c WHERE c.id = t.convening_id AND c.agenda_published) \
    AND NOT EXISTS (SELECT FROM agenda_release AS later WHERE later.convening_id = t.convening_id AND later.number > t.number)";
const OF_LEVEL: Shown = Shown::Where(
    "EXISTS (SELECT FROM experience_level AS l JOIN convening AS c ON c.id = l.convening_id \
     WHERE l.id = t.level_id AND c.agenda_published)",
);
/// About something that is shown, or about nothing that could be hidden.
const RESOURCE: &str = "NOT EXISTS (SELECT FROM resource_subject AS u WHERE u.resource_id = t.id \
      AND (u.convening_id IS NOT NULL OR u.session_id IS NOT NULL) OFFSET 0) \
    OR EXISTS (SELECT FROM resource_subject AS u JOIN convening AS c ON c.id = u.convening_id \
      WHERE u.resource_id = t.id AND c.announced OFFSET 0) \
    OR EXISTS (SELECT FROM resource_subject AS u JOIN released_session AS s ON s.id = u.session_id \
      JOIN convening AS c ON c.id = s.convening_id WHERE u.resource_id = t.id AND c.agenda_published OFFSET 0)";
const SUBJECT: &str = "(t.convening_id IS NULL OR EXISTS (SELECT FROM convening AS c WHERE c.id = t.convening_id AND c.announced OFFSET 0)) \
    AND (t.session_id IS NULL OR EXISTS (SELECT FROM released_session AS s JOIN convening AS c ON c.id = s.convening_id \
      WHERE s.id = t.session_id AND c.agenda_published OFFSET 0))";
const PUBLISHED_SELECTION: &str = "EXISTS (SELECT FROM decision_publication AS p JOIN convening AS c ON c.id = p.convening_id \
     WHERE p.selection_id = t.id AND c.decisions_published)";
const PUBLISHED_DECISIONS: &str =
    "EXISTS (SELECT FROM convening AS c WHERE c.id = t.convening_id AND c.decisions_published)";
/// The old slug of a person is made of the person's name.
const FORMER: &str = "t.table_name <> 'person' OR EXISTS (SELECT FROM person WHERE person.id = t.target_id AND (person.is_public \
    OR EXISTS (SELECT FROM released_speaker AS r WHERE r.person_id = person.id AND r.shown OFFSET 0)) OFFSET 0)";

/// All of them.
pub(super) const TABLES: &[Table] = &[
    // The directory.
    table("region", May::Hold, Shown::All),
    table("county", May::Hold, Shown::All),
    table("organization", May::Edit, Shown::All),
    table("district", May::Edit, Shown::All),
    // Written by districts' rows themselves.
    table("district_beginning", May::Read, Shown::All),
    table("district_candidate", May::Edit, Shown::All),
    table("partnership", May::Edit, Shown::All),
    table("offering", May::Edit, Shown::All),
    table("person", May::Edit, Shown::Where(PERSON)).hiding(&["entered_by"]),
    // Written by people's rows themselves.
    table("person_beginning", May::Read, Shown::Where(OF_PERSON)),
    table("person_contact", May::Edit, Shown::NoRow),
    table("affiliation", May::Edit, Shown::Where(OF_PERSON)),
    // What rows were known by before they were merged: written by the merge alone.
    table("alias", May::Read, Shown::Where(FORMER)),
    table("merge", May::Hold, Shown::NoRow),
    // Convenings.
    table("composition_rule", May::Edit, Shown::All),
    table("required_seat", May::Edit, Shown::All),
    table("convening", May::Edit, Shown::Where("t.announced")),
    table("strand", May::Edit, ANNOUNCED),
    table("sponsorship", May::Edit, ANNOUNCED),
    table("delegation", May::Edit, ANNOUNCED),
    table("metric", May::Edit, ANNOUNCED),
    table("resource", May::Edit, Shown::Where(RESOURCE)),
    table("resource_subject", May::Edit, Shown::Where(SUBJECT)),
    // Agendas as they are worked on, which nobody reads who has not signed in.
    table("room", May::Edit, Shown::NoRow),
    table("session_block", May::Edit, Shown::NoRow),
    table("session", May::Edit, Shown::NoRow),
    table("session_relation", May::Edit, Shown::NoRow),
    table("slot", May::Edit, Shown::NoRow),
    table("speaker", May::Edit, Shown::NoRow),
    // Agendas as they were released.
    table("agenda_release", May::Add, Shown::Where(LAST_RELEASE)),
    table("released_room", May::Edit, ON_AGENDA),
    table("released_session_block", May::Edit, ON_AGENDA),
    table("released_session", May::Edit, ON_AGENDA),
    table("released_session_relation", May::Edit, OF_SESSION),
    table("released_slot", May::Edit, ON_AGENDA),
    table("released_speaker", May::Edit, Shown::Where("t.shown")),
    table("experience_level", May::Edit, ON_AGENDA),
    table("focus_question", May::Edit, OF_LEVEL),
    // Teams.
    table("team", May::Edit, Shown::Where(TEAM)).hiding(&[
        "statement",
        "submitted_at",
        "decision_reason",
        "waitlist_position",
        "answer_due_at",
    ]),
    // How many there are is shown, and nothing of any of them.
    table("team_member", May::Edit, OF_TEAM).hiding(&["person_id", "seat", "seat_rank", "is_lead", "checked_in_at"]),
    table("team_time", May::Edit, Shown::NoRow),
    table("team_focus_question", May::Read, Shown::NoRow),
    table("team_note", May::Edit, Shown::NoRow),
    table("interest", May::Edit, Shown::NoRow),
    table("seat_assignment", May::Edit, Shown::NoRow),
    table("covered_session", May::Read, Shown::NoRow),
    table("role_alike", May::Read, Shown::NoRow),
    table("selection", May::Add, Shown::Where(PUBLISHED_SELECTION)).hiding(&["made_by"]),
    table("selection_outcome", May::Add, Shown::NoRow),
    table("decision_publication", May::Add, Shown::Where(PUBLISHED_DECISIONS)),
    // Surveys.
    table("survey", May::Edit, Shown::Where(SURVEY)),
    table("survey_item", May::Edit, Shown::Where(OF_SURVEY)),
    table("published_result", May::Add, Shown::Where(RESULT)).hiding(&["full_tables"]),
    table("submission_marker", May::Edit, Shown::NoRow),
    table("ballot", May::Edit, Shown::NoRow),
    table("response", May::Edit, Shown::NoRow),
    table("answer", May::Edit, Shown::NoRow),
    table("written_answer", May::Edit, Shown::Where(APPROVED)),
    // Who signs in.
    table("account", May::Keep, Shown::NoRow).keeping(&["password_hash"]),
    table("identity", May::Edit, Shown::NoRow),
    table("role_grant", May::Keep, Shown::NoRow),
    table("api_key", May::Keep, Shown::NoRow).keeping(&["secret_hash", "previous_hash"]),
    table("token_family", May::Edit, Shown::Nothing),
    table("refresh_token", May::Add, Shown::Nothing).keeping(&["hash"]),
    table("one_time_token", May::Edit, Shown::Nothing).keeping(&["hash"]),
    table("sign_in_failure", May::Edit, Shown::Nothing),
    // What is told of changes. The history is written by the tables themselves.
    table("change", May::Read, Shown::NoRow),
    table("audience", May::Edit, Shown::Nothing),
    table("audience_row", May::Edit, Shown::Nothing),
    table("audience_change", May::Edit, Shown::Nothing),
    table("feed_seal", May::Read, Shown::Nothing),
    table("webhook_endpoint", May::Edit, Shown::NoRow),
    table("webhook_progress", May::Edit, Shown::NoRow),
    table("webhook_delivery", May::Edit, Shown::NoRow),
    table("idempotent_answer", May::Edit, Shown::Nothing),
    // The database itself.
    table("timeline", May::Add, Shown::Nothing),
    table("seaql_migrations", May::Read, Shown::Nothing),
];

/// What the service may ask that it cannot look up or do itself. They run with their owner's rights, and nobody else may
/// call them.
pub(super) const FUNCTIONS: &[&str] = &[
    "account_of_link",
    "erase_person",
    "family_of_token",
    "forget_secret_before",
    "hand_over_link",
    "has_password",
    "merge_rows",
    "note_opener",
    "opens_key",
    "password_of",
    "set_key_secret",
    "set_password",
    "shut_out_opener",
    "undo_merge",
    "use_link",
    "use_refresh_token",
];

/// What only tables call, by their triggers.
pub(super) const OF_TRIGGERS: &[&str] = &["keep_beginnings", "keep_district_beginnings", "record_change"];
