//! What the database itself refuses, whoever writes to it and however.

use crate::{
    constraints_access, constraints_agenda, constraints_feed, constraints_merge, constraints_selection,
    constraints_survey, constraints_team_time, constraints_webhook,
};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, RuntimeErr, SqlxError, TransactionTrait as _};
use std::collections::{BTreeMap, BTreeSet};
use tests::{Service, texts, with_record};

/// Two convenings with rooms, sessions, slots and teams. `#p1` is the key of the first person, and so on.
const FIXTURE: &str = "
INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published, starts_on, ends_on,
  venue_county_id, region_id, organizer_id, composition_rule_id, applications_open_at, applications_close_at)
SELECT #c1, 'example-fair', 'Example fair', 'institute', 'draft', false, false, false, '2027-03-01', '2027-03-02',
  county.id, county.region_id, organization.id, composition_rule.id, '2027-01-01', '2027-02-01'
FROM county, organization, composition_rule WHERE county.name = 'Alameda' AND organization.slug = 'ca-lmi';
INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published, starts_on, ends_on)
VALUES (#c2, 'example-forum', 'Example forum', 'institute', 'announced', true, false, false, '2027-05-01', '2027-05-01');
INSERT INTO room (id, convening_id, name, capacity)
VALUES (#r1, #c1, 'Hall', 90), (#r2, #c1, 'Annex', 30), (#r3, #c2, 'Hall', 90);
INSERT INTO strand (id, convening_id, position, title) VALUES (#s1, #c1, 1, 'One'), (#s2, #c1, 2, 'Two'), (#s3, #c2, 1, 'One');
INSERT INTO session_block (id, convening_id, position, title, rounds, sessions_per_participant, sessions_per_team)
VALUES (#b1, #c1, 1, 'One', 2, 2, 2), (#b2, #c1, 2, 'Two', 1, 1, 1), (#b3, #c2, 1, 'One', 1, 1, 1);
INSERT INTO session (id, convening_id, slug, number, title, format, strand_id, block_id, duration_minutes)
VALUES (#e1, #c1, 'one', 1, 'One', 'breakout', #s1, #b1, 60), (#e2, #c1, 'two', 2, 'Two', 'breakout', #s1, #b1, 60),
  (#e3, #c2, 'one', 1, 'One', 'breakout', #s3, #b3, 60);
INSERT INTO slot (id, session_id, convening_id, round, audience, room_id, starts_at, ends_at, capacity) VALUES
  (#t1, #e1, #c1, 1, NULL, #r1, '2027-03-01 09:00Z', '2027-03-01 10:00Z', 30),
  (#t2, #e1, #c1, 2, NULL, NULL, NULL, NULL, NULL),
  (#t3, #e2, #c1, 1, NULL, #r2, '2027-03-01 09:00Z', '2027-03-01 10:00Z', 30),
  (#t4, #e2, #c1, NULL, 'superintendent', NULL, NULL, NULL, NULL);
INSERT INTO person (id, slug, name, honorific)
VALUES (#p1, 'ada-example', 'Ada Example', 'Dr.'), (#p2, 'ben-sample', 'Ben Sample', NULL);
INSERT INTO person_contact (person_id, email, phone) VALUES (#p1, 'ada@example.org', '555 0100');
INSERT INTO organization (id, slug, name, acronym, kind, parent_id)
SELECT #o1, 'example-teachers', 'Example Teachers', 'EXT', 'local_union', id FROM organization WHERE slug = 'cta';
INSERT INTO district (id, slug, name, cds_code, nces_id, kind, status, county_id, enrollment, latitude, longitude)
SELECT uuid, slug, slug, cds_code, nces_id, 'unified', 'active', county.id, 10, 37, -122
FROM county, (VALUES (#d1::uuid, 'example-one', '01999990000000', '0699999'), (#d2, 'example-two', '01999980000000', '0699998'))
  AS district (uuid, slug, cds_code, nces_id) WHERE county.name = 'Alameda';
INSERT INTO partnership (id, district_id, organization_id, since_year) VALUES (#n1, #d1, #o1, 2010);
INSERT INTO affiliation (id, person_id, organization_id, district_id, title, starts_on, ends_on)
VALUES (#f1, #p1, #o1, NULL, 'President', '2014-07-01', '2016-06-30'), (#f2, #p1, NULL, #d1, 'Trustee', '2014-07-01', NULL);
INSERT INTO speaker (id, session_id, role, position, person_id, name_as_shown)
VALUES (#k1, #e1, 'panelist', 1, #p1, 'Ada Example'), (#k2, #e1, 'panelist', 2, #p2, 'Ben Sample');
INSERT INTO sponsorship (id, convening_id, organization_id, role, position) VALUES (#h1, #c1, #o1, 'host', 1);
INSERT INTO delegation (id, convening_id, organization_id) VALUES (#g1, #c1, #o1);
INSERT INTO resource (id, title, kind, url, availability)
VALUES (#u1, 'One', 'website', 'https://example.org', 'available'), (#u2, 'Two', 'website', NULL, 'forthcoming');
INSERT INTO resource_subject (id, resource_id, convening_id, session_id, district_id, organization_id)
VALUES (#v1, #u1, #c1, NULL, NULL, NULL), (#v2, #u1, NULL, #e1, NULL, NULL), (#v3, #u1, NULL, NULL, #d1, NULL),
  (#v4, #u1, NULL, NULL, NULL, #o1);
INSERT INTO team (id, district_id, convening_id, status)
VALUES (#m1, #d1, #c1, 'draft'), (#m2, #d2, #c1, 'draft'), (#m3, #d1, #c2, 'draft');
INSERT INTO team_member (id, team_id, convening_id, person_id, seat, is_lead)
VALUES (#w1, #m1, #c1, #p1, 'superintendent', true), (#w2, #m1, #c1, #p2, 'other', false);
INSERT INTO seat_assignment (id, member_id, convening_id, slot_id, session_id, round) VALUES (#y1, #w1, #c1, #t1, #e1, 1);
";

/// What is refused, and by which rule. A rule with several sides stands here once for each.
const REFUSED: &[(&str, &str)] = &[
    // History says what happened to a row, by what way and why.
    (
        "change_action_known",
        "INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
         VALUES ('moved', 'person', #p1, #p1, NULL, '{}', 'service', NULL, NULL)",
    ),
    (
        "change_origin_known",
        "INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
         VALUES ('created', 'person', #p1, #p1, NULL, '{}', 'rumour', NULL, NULL)",
    ),
    (
        "change_sides",
        "INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
         VALUES ('created', 'person', #p1, #p1, '{}', '{}', 'service', NULL, NULL)",
    ),
    (
        "change_sides",
        "INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
         VALUES ('updated', 'person', #p1, #p1, '{}', NULL, 'service', NULL, NULL)",
    ),
    (
        "change_sides",
        "INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
         VALUES ('deleted', 'person', #p1, #p1, NULL, '{}', 'service', NULL, NULL)",
    ),
    (
        "change_origin_whole",
        "INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
         VALUES ('created', 'person', #p1, #p1, NULL, '{}', 'account', NULL, NULL)",
    ),
    (
        "change_origin_whole",
        "INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
         VALUES ('created', 'person', #p1, #p1, NULL, '{}', 'service', #p1, NULL)",
    ),
    (
        "change_reason_length",
        "INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
         VALUES ('created', 'person', #p1, #p1, NULL, '{}', 'service', NULL, '')",
    ),
    ("timeline_number_positive", "INSERT INTO timeline (number) VALUES (0)"),
    // What is kept of a request under an idempotency key is hashes.
    (
        "idempotent_answer_id_length",
        "INSERT INTO idempotent_answer (id, fingerprint, created_at) VALUES ('short', sha256('a'), now())",
    ),
    (
        "idempotent_answer_fingerprint_length",
        "INSERT INTO idempotent_answer (id, fingerprint, created_at) VALUES (sha256('a'), 'short', now())",
    ),
    // One room, one session at a time.
    ("slot_room_once", "UPDATE slot SET room_id = #r1 WHERE id = #t3"),
    (
        "slot_room_once",
        "UPDATE slot SET room_id = #r1, starts_at = '2027-03-01 09:59Z', ends_at = '2027-03-01 11:00Z' WHERE id = #t3",
    ),
    ("slot_times", "UPDATE slot SET ends_at = NULL WHERE id = #t1"),
    ("slot_times", "UPDATE slot SET ends_at = starts_at WHERE id = #t1"),
    ("slot_times", "UPDATE slot SET ends_at = starts_at - interval '1 hour' WHERE id = #t1"),
    ("slot_room_fkey", "UPDATE slot SET room_id = #r3 WHERE id = #t1"),
    ("slot_session_fkey", "UPDATE slot SET session_id = #e3 WHERE id = #t2"),
    ("slot_round_key", "UPDATE slot SET round = 1 WHERE id = #t2"),
    (
        "slot_audience_key",
        "INSERT INTO slot (id, session_id, convening_id, audience) VALUES (#t9, #e2, #c1, 'superintendent')",
    ),
    ("room_name_key", "UPDATE room SET name = 'Hall' WHERE id = #r2"),
    // A district has one team at a convening, a person one place in it, a team one lead.
    ("team_once", "INSERT INTO team (id, district_id, convening_id, status) VALUES (#m9, #d1, #c1, 'draft')"),
    ("team_attended_on_a_day", "UPDATE team SET status = 'attended' WHERE id = #m1"),
    ("team_attended_on_a_day", "UPDATE team SET attended_on = '2027-03-01' WHERE id = #m1"),
    // What a team wrote, what was decided on it, and its place on the waiting list.
    ("team_statement_length", "UPDATE team SET statement = '' WHERE id = #m1"),
    ("team_statement_length", "UPDATE team SET statement = repeat('a', 10001) WHERE id = #m1"),
    ("team_submitted_in_time", "UPDATE team SET submitted_at = now() WHERE id = #m1"),
    ("team_decision_version_range", "UPDATE team SET decision_version = -1 WHERE id = #m1"),
    ("team_decision_reason_length", "UPDATE team SET decision_reason = '' WHERE id = #m1"),
    ("team_waitlist_position_range", "UPDATE team SET status = 'waitlisted', waitlist_position = 0 WHERE id = #m1"),
    ("team_waitlisted_in_place", "UPDATE team SET waitlist_position = 1 WHERE id = #m1"),
    ("team_waitlist_once", "UPDATE team SET status = 'waitlisted', waitlist_position = 1 WHERE convening_id = #c1"),
    ("team_answer_awaited", "UPDATE team SET answer_due_at = now() WHERE id = #m1"),
    ("team_status_known", "UPDATE team SET status = 'chosen' WHERE id = #m1"),
    (
        "team_member_once",
        "INSERT INTO team_member (id, team_id, convening_id, person_id, seat) VALUES (#w9, #m2, #c1, #p1, 'other')",
    ),
    (
        "team_member_once",
        "INSERT INTO team_member (id, team_id, convening_id, person_id, seat) VALUES (#w9, #m1, #c1, #p1, 'other')",
    ),
    (
        "team_member_team_fkey",
        "INSERT INTO team_member (id, team_id, convening_id, person_id, seat) VALUES (#w9, #m1, #c2, #p1, 'other')",
    ),
    ("team_member_one_lead", "UPDATE team_member SET is_lead = true WHERE id = #w2"),
    // A member is in one slot in each round, and never in the same session twice.
    ("seat_assignment_round_once", "INSERT INTO seat_assignment VALUES (#y9, #w1, #c1, #t3, #e2, 1)"),
    ("seat_assignment_session_once", "INSERT INTO seat_assignment VALUES (#y9, #w1, #c1, #t2, #e1, 2)"),
    ("seat_assignment_slot_fkey", "INSERT INTO seat_assignment VALUES (#y9, #w2, #c1, #t1, #e2, 1)"),
    ("seat_assignment_block_fkey", "UPDATE seat_assignment SET block_id = #b2 WHERE id = #y1"),
    ("seat_assignment_round_fkey", "UPDATE seat_assignment SET round = 2 WHERE id = #y1"),
    ("seat_assignment_member_fkey", "INSERT INTO seat_assignment VALUES (#y9, #w2, #c2, #t1, #e1, 1)"),
    // Somebody speaks, once in a role; a team is one of a district.
    ("speaker_somebody", "UPDATE speaker SET person_id = NULL WHERE id = #k1"),
    ("speaker_team_of_district", "UPDATE speaker SET as_team = true WHERE id = #k1"),
    ("speaker_position_key", "UPDATE speaker SET position = 1 WHERE id = #k2"),
    ("speaker_person_once", "UPDATE speaker SET person_id = #p1 WHERE id = #k2"),
    // An organization has a role at a convening once, and is represented once.
    (
        "sponsorship_once",
        "INSERT INTO sponsorship (id, convening_id, organization_id, role, position) VALUES (#h9, #c1, #o1, 'host', 2)",
    ),
    (
        "sponsorship_position_key",
        "INSERT INTO sponsorship (id, convening_id, organization_id, role, position) SELECT #h9, #c1, id, 'host', 1 FROM organization WHERE slug = 'cta'",
    ),
    ("delegation_once", "INSERT INTO delegation (id, convening_id, organization_id) VALUES (#g9, #c1, #o1)"),
    // What was made public by its state is public, in order.
    ("convening_status_known", "UPDATE convening SET status = 'planned' WHERE id = #c2"),
    ("convening_announced_by_status", "UPDATE convening SET status = 'announced' WHERE id = #c1"),
    ("convening_announced_by_status", "UPDATE convening SET status = 'draft' WHERE id = #c2"),
    ("convening_agenda_by_status", "UPDATE convening SET status = 'agenda_published' WHERE id = #c2"),
    ("convening_agenda_by_status", "UPDATE convening SET agenda_published = true WHERE id = #c2"),
    (
        "convening_public_in_order",
        "UPDATE convening SET status = 'cancelled', decisions_published = true WHERE id = #c1",
    ),
    ("convening_dates", "UPDATE convening SET ends_on = '2027-02-28' WHERE id = #c1"),
    (
        "convening_application_window",
        "UPDATE convening SET applications_close_at = applications_open_at WHERE id = #c1",
    ),
    ("convening_statements_whole", "UPDATE convening SET statements_value = 95 WHERE id = #c1"),
    (
        "convening_statements_qualifier_known",
        "UPDATE convening SET statements_value = 95, statements_qualifier = 'over' WHERE id = #c1",
    ),
    (
        "convening_statements_value_range",
        "UPDATE convening SET statements_value = -1, statements_qualifier = 'exact' WHERE id = #c1",
    ),
    ("convening_slug_key", "UPDATE convening SET slug = 'example-fair' WHERE id = #c2"),
    ("session_slug_key", "UPDATE session SET slug = 'one' WHERE id = #e2"),
    ("session_strand_fkey", "UPDATE session SET strand_id = #s3 WHERE id = #e1"),
    ("session_block_fkey", "UPDATE session SET block_id = #b3 WHERE id = #e1"),
    ("session_relation_other", "INSERT INTO session_relation VALUES (#e1, #e1)"),
    ("session_relation_both_ways", "INSERT INTO session_relation VALUES (#e1, #e2)"),
    ("strand_position_key", "UPDATE strand SET position = 1 WHERE id = #s2"),
    ("session_block_position_key", "UPDATE session_block SET position = 1 WHERE id = #b2"),
    (
        "metric_position_key",
        "INSERT INTO metric SELECT (metric).* FROM (SELECT jsonb_populate_record(metric, jsonb_build_object('id', #x1)) AS metric FROM metric LIMIT 1) AS copy",
    ),
    ("offering_position_key", "UPDATE offering SET position = 1"),
    ("composition_rule_version_key", "INSERT INTO composition_rule (id, version) VALUES (#x1, 1)"),
    ("required_seat_once", "UPDATE required_seat SET seat = 'other'"),
    ("required_seat_bounds", "UPDATE required_seat SET minimum = maximum + 1"),
    ("required_seat_bounds", "UPDATE required_seat SET minimum = 0, maximum = 0"),
    // A district is the state's or unresolved, nothing between.
    ("district_resolved", "UPDATE district SET cds_code = '19642460000000' WHERE status = 'unresolved'"),
    ("district_resolved", "UPDATE district SET kind = 'unified' WHERE status = 'unresolved'"),
    ("district_resolved", "UPDATE district SET status = 'unresolved' WHERE id = #d1"),
    ("district_resolved", "UPDATE district SET cds_code = NULL WHERE id = #d1"),
    ("district_resolved", "UPDATE district SET county_id = NULL WHERE id = #d1"),
    ("district_status_known", "UPDATE district SET status = 'open' WHERE id = #d1"),
    ("district_location_whole", "UPDATE district SET longitude = NULL WHERE id = #d1"),
    ("district_slug_key", "UPDATE district SET slug = 'example-one' WHERE id = #d2"),
    ("district_cds_code_key", "UPDATE district SET cds_code = '01999990000000' WHERE id = #d2"),
    ("district_cds_code_form", "UPDATE district SET cds_code = '01999990000001' WHERE id = #d1"),
    ("district_cds_code_form", "UPDATE district SET cds_code = '0199999' WHERE id = #d1"),
    ("district_nces_id_key", "UPDATE district SET nces_id = '0699999' WHERE id = #d2"),
    ("district_nces_id_form", "UPDATE district SET nces_id = '4199999' WHERE id = #d1"),
    ("district_candidate_once", "UPDATE district_candidate SET cds_code = '30666130000000'"),
    ("district_candidate_cds_code_form", "UPDATE district_candidate SET cds_code = '3066613'"),
    // Everything is of a convening that is there.
    ("room_convening_fkey", "UPDATE room SET convening_id = gen_random_uuid() WHERE id = #r3"),
    ("strand_convening_fkey", "UPDATE strand SET convening_id = gen_random_uuid() WHERE id = #s2"),
    ("session_block_convening_fkey", "UPDATE session_block SET convening_id = gen_random_uuid() WHERE id = #b2"),
    (
        "session_convening_fkey",
        "INSERT INTO session (id, convening_id, slug, title, format) VALUES (#e9, #e9, 'nine', 'Nine', 'break')",
    ),
    ("team_convening_fkey", "UPDATE team SET convening_id = gen_random_uuid() WHERE id = #m2"),
    // Names, codes and dates.
    ("organization_slug_key", "UPDATE organization SET slug = 'cta' WHERE id = #o1"),
    ("organization_acronym_key", "UPDATE organization SET acronym = 'cta' WHERE id = #o1"),
    ("organization_acronym_length", "UPDATE organization SET acronym = '' WHERE id = #o1"),
    ("organization_parent_other", "UPDATE organization SET parent_id = id WHERE id = #o1"),
    ("person_slug_key", "UPDATE person SET slug = 'ada-example' WHERE id = #p2"),
    ("person_honorific_length", "UPDATE person SET honorific = '' WHERE id = #p1"),
    ("person_contact_email_form", "UPDATE person_contact SET email = 'ada at example.org'"),
    ("person_contact_phone_length", "UPDATE person_contact SET phone = ''"),
    ("affiliation_one_body", "UPDATE affiliation SET district_id = #d1 WHERE id = #f1"),
    ("affiliation_one_body", "UPDATE affiliation SET organization_id = NULL WHERE id = #f1"),
    ("affiliation_period", "UPDATE affiliation SET ends_on = '2014-06-30' WHERE id = #f1"),
    (
        "affiliation_once",
        "INSERT INTO affiliation (id, person_id, organization_id, title, starts_on) VALUES (#f9, #p1, #o1, 'President', '2014-07-01')",
    ),
    ("partnership_once", "INSERT INTO partnership (id, district_id, organization_id) VALUES (#n9, #d1, #o1)"),
    ("resource_available_somewhere", "UPDATE resource SET url = NULL WHERE id = #u1"),
    ("resource_subject_one", "UPDATE resource_subject SET session_id = #e1 WHERE id = #v1"),
    ("resource_subject_one", "UPDATE resource_subject SET convening_id = NULL WHERE id = #v1"),
    ("resource_subject_once", "INSERT INTO resource_subject (id, resource_id, convening_id) VALUES (#v9, #u1, #c1)"),
    ("region_number_key", "UPDATE region SET number = 1"),
    ("county_name_key", "UPDATE county SET name = 'Alameda'"),
    ("county_cds_county_code_key", "UPDATE county SET cds_county_code = '01'"),
    ("county_cds_county_code_form", "UPDATE county SET cds_county_code = '1'"),
    ("county_fips_code_key", "UPDATE county SET fips_code = '06001'"),
    ("county_fips_code_form", "UPDATE county SET fips_code = '41001'"),
    ("slug_form", "UPDATE person SET slug = 'Ada Example' WHERE id = #p1"),
    ("slug_form", "UPDATE person SET slug = 'ada--example' WHERE id = #p1"),
    ("slug_form", "UPDATE person SET slug = repeat('a', 121) WHERE id = #p1"),
    ("title_length", "UPDATE person SET name = ' ' WHERE id = #p1"),
    ("title_length", "UPDATE person SET name = repeat('a', 301) WHERE id = #p1"),
    ("sources_form", "UPDATE person SET sources = '{}' WHERE id = #p1"),
];

/// What looks alike and is in order.
const ACCEPTED: &[&str] = &[
    // One session behind the other in a room, and two at once in two rooms.
    "UPDATE slot SET room_id = #r1, starts_at = '2027-03-01 10:00Z', ends_at = '2027-03-01 11:00Z' WHERE id = #t3",
    // The same person at another convening, and in a session of the other round.
    "INSERT INTO team_member (id, team_id, convening_id, person_id, seat) VALUES (#w9, #m3, #c2, #p1, 'other')",
    "INSERT INTO seat_assignment VALUES (#y9, #w1, #c1, #t4, #e2, NULL)",
    // One organization in two roles.
    "INSERT INTO sponsorship (id, convening_id, organization_id, role, position) VALUES (#h9, #c1, #o1, 'funder', 1)",
    // Cancelled before it was announced, and after.
    "UPDATE convening SET status = 'cancelled' WHERE id IN (#c1, #c2)",
    "INSERT INTO session_relation VALUES (#e1, #e2), (#e2, #e1)",
    // Places are exchanged in one statement.
    "SET CONSTRAINTS speaker_position_key DEFERRED; UPDATE speaker SET position = 3 - position WHERE id IN (#k1, #k2)",
];

fn all_refused() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    REFUSED.iter().chain(ELSEWHERE.iter().flat_map(|(_, refused, _)| *refused))
}

/// The rules that have a file of their own: the rows that they are tried on, what they refuse, and what they let pass.
type Rules = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
const ELSEWHERE: [Rules; 8] = [
    (constraints_access::FIXTURE, constraints_access::REFUSED, constraints_access::ACCEPTED),
    (constraints_agenda::FIXTURE, constraints_agenda::REFUSED, constraints_agenda::ACCEPTED),
    (constraints_feed::FIXTURE, constraints_feed::REFUSED, constraints_feed::ACCEPTED),
    (constraints_merge::FIXTURE, constraints_merge::REFUSED, constraints_merge::ACCEPTED),
    (constraints_survey::FIXTURE, constraints_survey::REFUSED, constraints_survey::ACCEPTED),
    (constraints_selection::FIXTURE, constraints_selection::REFUSED, constraints_selection::ACCEPTED),
    (constraints_team_time::FIXTURE, constraints_team_time::REFUSED, constraints_team_time::ACCEPTED),
    (constraints_webhook::FIXTURE, constraints_webhook::REFUSED, constraints_webhook::ACCEPTED),
];

/// A statement with the keys in the place of `#p1` and the like.
fn with_keys(sql: &str) -> String {
    let mut parts = sql.split('#');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (name, rest) = part.split_at(2);
        let key = name.bytes().fold(0_u64, |key, byte| key * 1000 + u64::from(byte));
        format!("{text}'00000000-0000-7000-8000-{key:012}'{rest}")
    })
}

/// Tries a statement and takes it back: the rule that refused it, nothing if none did.
async fn refused_by(db: &DatabaseConnection, sql: &str) -> Option<String> {
    let transaction = db.begin().await.expect("a transaction");
    let mut tried = transaction.execute_unprepared(&with_keys(sql)).await;
    if tried.is_ok() {
        tried = transaction.execute_unprepared("SET CONSTRAINTS ALL IMMEDIATE").await;
    }
    match tried {
        Ok(_) => None,
        Err(DbErr::Exec(RuntimeErr::SqlxError(error))) => match &*error {
            SqlxError::Database(refusal) => Some(refusal.constraint().unwrap_or(refusal.message()).to_owned()),
            other => panic!("{sql}: {other}"),
        },
        Err(other) => panic!("{sql}: {other}"),
    }
}

async fn fixture(service: &Service) {
    for rows in std::iter::once(FIXTURE).chain(ELSEWHERE.map(|(rows, ..)| rows)) {
        service.db.execute_unprepared(&with_keys(rows)).await.expect("a fixture that the rules allow");
    }
}

#[test]
fn every_wrong_state_is_refused_by_the_rule_for_it() {
    with_record(async |service| {
        fixture(&service).await;
        for (rule, sql) in all_refused() {
            assert_eq!(refused_by(&service.db, sql).await.as_deref(), Some(*rule), "{sql}");
        }
        for sql in ACCEPTED.iter().chain(ELSEWHERE.iter().flat_map(|(_, _, accepted)| *accepted)) {
            assert_eq!(refused_by(&service.db, sql).await, None, "{sql}");
        }
    });
}

/// Rules of a kind that one statement breaks: words that are not known, numbers out of range, keys of nothing.
const OF_A_KIND: &str = "
    SELECT conname || E'\\t' || format('UPDATE %I SET %I = %s WHERE %2$I IS NOT NULL', c.conrelid::regclass, a.attname,
      CASE WHEN contype = 'f' THEN 'gen_random_uuid()' WHEN conname ~ '_known$' THEN '''nonsense''' ELSE '-1000' END) AS text
    FROM pg_constraint AS c JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.connamespace = 'public'::regnamespace AND (contype = 'f' OR (contype = 'c' AND conname ~ '_(known|range)$'))";

/// Every rule that can be broken: all but keys, and uniqueness that a key brings already.
const RULES: &str = "
    SELECT conname::text AS text FROM pg_constraint AS c
    WHERE connamespace = 'public'::regnamespace AND contype <> 'p' AND NOT (contype = 'u' AND EXISTS (
      SELECT 1 FROM pg_constraint AS key
      WHERE key.conrelid = c.conrelid AND key.contype = 'p' AND key.conkey <@ c.conkey))
    UNION
    SELECT indexname FROM pg_indexes
    WHERE schemaname = 'public' AND indexdef ~ '^CREATE UNIQUE' AND indexname NOT IN (SELECT conname FROM pg_constraint)";

#[test]
fn no_rule_of_the_database_goes_untried() {
    with_record(async |service| {
        fixture(&service).await;
        let mut tried: BTreeSet<String> = all_refused().map(|(rule, _)| (*rule).to_owned()).collect();
        let of_a_kind = texts(&service.db, OF_A_KIND).await;
        let of_a_kind: BTreeMap<_, _> = of_a_kind.iter().filter_map(|line| line.split_once('\t')).collect();
        for (rule, sql) in of_a_kind {
            if tried.insert(rule.to_owned()) {
                let refused = refused_by(&service.db, sql).await;
                // A word that is not known has no rank either; which of the two is told first does not matter.
                let by_rank = refused.as_ref().is_some_and(|refusal| refusal.contains("_rank\""));
                assert!(refused.as_deref() == Some(rule) || by_rank, "{rule}: {sql}: {refused:?}");
            }
        }
        let rules: BTreeSet<_> = texts(&service.db, RULES).await.into_iter().collect();
        let untried: Vec<_> = rules.difference(&tried).collect();
        assert!(untried.is_empty(), "rules that nothing here breaks: {untried:?}");
        // What a trigger refuses is told in a sentence, and is no rule with a name.
        let unknown: Vec<_> = tried.difference(&rules).filter(|rule| !rule.contains(' ')).collect();
        assert!(unknown.is_empty(), "rules that are no longer there: {unknown:?}");
    });
}

#[test]
fn history_is_only_ever_added_to() {
    with_record(async |service| {
        for sql in ["UPDATE change SET reason = 'another'", "DELETE FROM change", "TRUNCATE change"] {
            let refused = service.db.execute_unprepared(sql).await.map(drop);
            let told = refused.expect_err(sql).to_string();
            assert!(told.contains("history is only ever added to"), "{sql}: {told}");
        }
    });
}
