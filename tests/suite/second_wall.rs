//! The second wall: what the roles of the database may not do and are not shown, whatever the service asks of it.

use crate::expectations::viewers;
use crate::leaks::assert_hides;
use lmi::database::roles;
use migration::rights::{self, Roles};
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, RuntimeErr};
use std::borrow::Cow;
use std::collections::BTreeSet;
use tests::fixtures::Row;
use tests::{Service, texts, with_empty, with_fixture};

/// PostgreSQL's code for what a role may not do.
const REFUSED: &str = "42501";

const ROLES: Roles<'_> = Roles { service: roles::SERVICE, public: Some(roles::PUBLIC) };

/// Where the rows stand that a node is made of to whoever has not signed in. How many members a team has is public, so that they
/// are counted, and nothing is told of any of them.
const TABLES: [(&str, &str); 36] = [
    ("Organization", "organization"),
    ("District", "district"),
    ("County", "county"),
    ("Region", "region"),
    ("Partnership", "partnership"),
    ("Person", "person"),
    ("Affiliation", "affiliation"),
    ("Convening", "convening"),
    ("Delegation", "delegation"),
    ("Sponsorship", "sponsorship"),
    ("Metric", "metric"),
    ("Offering", "offering"),
    ("Session", "released_session"),
    ("Slot", "released_slot"),
    ("Room", "released_room"),
    ("Speaker", "released_speaker"),
    ("Resource", "resource"),
    ("Team", "team"),
    ("Account", "account"),
    ("RoleGrant", "role_grant"),
    ("ApiKey", "api_key"),
    ("LinkedIdentity", "identity"),
    ("Merge", "merge"),
    ("Change", "change"),
    ("AgendaRelease", "agenda_release"),
    ("WebhookEndpoint", "webhook_endpoint"),
    ("WebhookDelivery", "webhook_delivery"),
    ("SeatAssignment", "seat_assignment"),
    ("Survey", "survey"),
    ("SurveyItem", "survey_item"),
    ("PublishedResult", "published_result"),
    ("WrittenAnswer", "written_answer"),
    ("ExperienceLevel", "experience_level"),
    ("FocusQuestion", "focus_question"),
    ("TeamNote", "team_note"),
    ("Interest", "interest"),
];

/// What no role of the service may do.
const FORBIDDEN: &[&str] = &[
    "DROP TABLE person",
    "TRUNCATE person",
    "TRUNCATE change",
    "ALTER TABLE person ADD COLUMN remark text",
    "ALTER TABLE change DISABLE TRIGGER ALL",
    "ALTER TABLE change DISABLE ROW LEVEL SECURITY",
    "ALTER FUNCTION password_of(uuid) SECURITY INVOKER",
    "CREATE TABLE public.loose (id uuid)",
    "CREATE TEMPORARY TABLE person (id uuid)",
    "CREATE FUNCTION public.loose() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA loose",
    "CREATE RULE loose AS ON SELECT TO person DO INSTEAD NOTHING",
    "CREATE TRIGGER loose BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()",
    "CREATE POLICY loose ON account USING (true)",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica",
    "COPY person TO PROGRAM 'true'",
    "UPDATE change SET reason = 'another'",
    "DELETE FROM change",
    "INSERT INTO change (action, table_name, row_id, subject_id, after, origin)
     VALUES ('created', 'person', gen_random_uuid(), gen_random_uuid(), '{}', 'service')",
    "UPDATE alias SET target_id = old_id",
    "DELETE FROM merge",
    "DELETE FROM agenda_release",
    "UPDATE published_result SET tables = '[]'",
    "UPDATE selection SET seed = 'another'",
    "DELETE FROM selection_outcome",
    "DELETE FROM decision_publication",
    "UPDATE feed_seal SET secret = secret",
    "DELETE FROM role_grant",
    "DELETE FROM account",
    "INSERT INTO region (id, number, name) VALUES (gen_random_uuid(), 99, 'Nowhere')",
    "SELECT password_hash FROM account",
    "SELECT * FROM account",
    "UPDATE account SET password_hash = NULL",
    "UPDATE account SET display_name = password_hash",
    "SELECT id FROM account WHERE password_hash LIKE '$argon2id$%'",
    "SELECT secret_hash FROM api_key",
    "SELECT previous_hash FROM api_key",
    "SELECT hash FROM refresh_token",
    "SELECT hash FROM one_time_token",
    "SELECT record_change()",
];

async fn code(db: &DatabaseConnection, sql: &str) -> Option<String> {
    match db.execute_unprepared(sql).await {
        Err(DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) => {
            error.as_database_error().and_then(DatabaseError::code).map(Cow::into_owned)
        }
        Err(other) => panic!("{sql}: {other}"),
        Ok(_) => None,
    }
}

async fn assert_refused(db: &DatabaseConnection, sql: &str) {
    assert_eq!(code(db, sql).await.as_deref(), Some(REFUSED), "{sql}");
}

#[test]
fn the_service_can_change_neither_what_the_tables_are_nor_what_was_written_down_and_reads_no_hash() {
    with_fixture(async |service, _| {
        service.make_account("ada@example.org", &[]).await;
        for sql in FORBIDDEN {
            assert_refused(service.served(), sql).await;
        }
        // It has what it needs: each of these is what the forbidden is like.
        for sql in [
            "UPDATE person SET biography = biography",
            "SELECT reason FROM change",
            "SELECT email FROM account",
            "SELECT password_of(id) FROM account",
            "SELECT FROM region FOR KEY SHARE",
        ] {
            assert_eq!(code(service.served(), sql).await, None, "{sql}");
        }
        // A row is held, and stays as it is.
        let renumbered = "UPDATE region SET id = gen_random_uuid()";
        assert_refused(service.served(), renumbered).await;
    });
}

#[test]
fn whoever_has_not_signed_in_is_read_for_by_a_role_that_asks_nothing_of_secrets() {
    with_fixture(async |service, _| {
        for sql in [
            "SELECT FROM public.person",
            "SELECT FROM public.account",
            "SELECT FROM public.change",
            "SELECT FROM public.team_member",
            "SELECT FROM public.session",
            "SELECT FROM token_family",
            "SELECT FROM feed_seal",
            "SELECT FROM idempotent_answer",
            "SELECT password_of(gen_random_uuid())",
            "SELECT erase_person(gen_random_uuid(), now())",
            "UPDATE person SET name = 'Nobody'",
            "DELETE FROM organization",
            "DELETE FROM lmi_shown.convening",
            "DROP VIEW lmi_shown.person",
            "CREATE TEMPORARY TABLE person (id uuid)",
            "CREATE TABLE public.loose (id uuid)",
            "CREATE TABLE lmi_shown.loose (id uuid)",
            "SET ROLE lmi_service",
        ] {
            assert_refused(service.public(), sql).await;
        }
    });
}

#[test]
fn what_the_public_is_shown_are_the_rows_that_the_policy_shows() {
    with_fixture(async |service, fixture| {
        let viewers = viewers(&fixture);
        let public = viewers.iter().find(|viewer| viewer.name == "the public").expect("the public");
        let mut all = String::new();
        for (typename, table) in TABLES {
            let rows: Vec<&Row> = fixture.rows.iter().filter(|row| row.typename == typename).collect();
            assert!(!rows.is_empty() || ["Change", "County", "Region"].contains(&typename), "{typename}");
            let keys: BTreeSet<String> = rows.iter().map(|row| row.key.to_string()).collect();
            let shown = texts(service.public(), &format!("SELECT id::text AS text FROM {table}")).await;
            let shown: BTreeSet<String> = shown.into_iter().filter(|key| keys.contains(key)).collect();
            let seen = rows.iter().filter(|row| public.sees(&row.parts)).map(|row| row.key.to_string());
            assert_eq!(shown, seen.collect(), "{typename}");
        }
        // Nor does any column of what is shown tell what is hidden.
        for table in rights::tables() {
            let rows = format!("SELECT to_jsonb(t)::text AS text FROM {table} AS t");
            if code(service.public(), &rows).await.is_none() {
                all += &texts(service.public(), &rows).await.join("\n");
            }
        }
        assert!(all.contains("facts-of-completed"), "something is shown");
        assert_hides(public, &fixture, &all, "everything that its role reads");
    });
}

#[test]
fn a_table_that_nobody_decided_on_is_nobodys() {
    with_empty(async |service| {
        assert_eq!(rights::undecided(&service.db).await.expect("what is undecided"), Vec::<String>::new());
        let loose = "CREATE TABLE loose (id uuid);
            CREATE FUNCTION loosely() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'";
        service.db.execute_unprepared(loose).await.expect("a table");
        assert_eq!(rights::undecided(&service.db).await.expect("what is undecided"), ["loose", "loosely()"]);
        rights::give(&service.db, ROLES).await.expect("rights");
        for db in [service.served(), service.public()] {
            assert_refused(db, "SELECT FROM loose").await;
        }
    });
}

#[test]
fn rights_that_were_given_by_hand_do_not_last() {
    with_empty(async |service| {
        let by_hand = format!(
            "GRANT ALL ON change, account, published_result TO {service}, {public}; GRANT SELECT ON token_family TO PUBLIC;
             GRANT CREATE ON SCHEMA public TO {service}; CREATE POLICY loose ON account TO {public} USING (true)",
            service = roles::SERVICE,
            public = roles::PUBLIC,
        );
        service.db.execute_unprepared(&by_hand).await.expect("rights");
        assert_eq!(code(service.served(), "SELECT password_hash FROM account").await, None);
        for _ in 0..2 {
            rights::give(&service.db, ROLES).await.expect("rights");
        }
        for sql in FORBIDDEN {
            assert_refused(service.served(), sql).await;
        }
        for sql in ["SELECT FROM public.account", "SELECT FROM token_family", "SELECT FROM public.change"] {
            assert_refused(service.public(), sql).await;
        }
        let policies = "SELECT policyname::text AS text FROM pg_policies WHERE policyname = 'loose'";
        assert_eq!(texts(&service.db, policies).await, Vec::<String>::new());
    });
}

#[test]
fn every_table_with_private_rows_is_guarded_row_by_row_and_nothing_is_the_services_own() {
    with_empty(async |service| {
        let open = "SELECT relname::text AS text FROM pg_class WHERE relnamespace = 'public'::regnamespace
            AND relkind = 'r' AND NOT relrowsecurity ORDER BY 1";
        // What is everybody's, whole.
        let everybodys = [
            "composition_rule",
            "district",
            "district_beginning",
            "district_candidate",
            "offering",
            "organization",
            "partnership",
            "required_seat",
        ];
        assert_eq!(texts(&service.db, open).await, everybodys);
        let excessive = "SELECT format('%s: %s on %s', role, privilege, relname) AS text
            FROM pg_class, unnest(ARRAY['lmi_service', 'lmi_public']) AS role,
              unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
            WHERE relnamespace IN ('public'::regnamespace, 'lmi_shown'::regnamespace) AND relkind IN ('r', 'v')
              AND has_table_privilege(role, pg_class.oid, privilege)
            UNION ALL SELECT format('%s owns %s', rolname, relname) FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner
              WHERE rolname LIKE 'lmi%'
            UNION ALL SELECT rolname || ' may do more' FROM pg_roles WHERE rolname LIKE 'lmi%'
              AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)
            UNION ALL SELECT format('%s is unguarded', oid::regprocedure) FROM pg_proc WHERE prosecdef
              AND (proconfig IS NULL OR NOT proconfig::text LIKE '%search_path=%pg_temp%')";
        assert_eq!(texts(&service.db, excessive).await, Vec::<String>::new());
    });
}

/// What these tests are about is how every other test runs: the service of each works as a role that owns nothing.
#[test]
fn the_tests_themselves_run_behind_the_wall() {
    with_empty(async |service: Service| {
        let who = "SELECT current_user::text AS text";
        assert_eq!(texts(service.served(), who).await, [roles::SERVICE]);
        assert_eq!(texts(service.public(), who).await, [roles::PUBLIC]);
    });
}
