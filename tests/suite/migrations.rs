//! The steps of the database: up, down and up again.

use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tests::{Service, contents, texts, with_bare, with_empty};

/// Tables, columns, constraints, indexes, functions and types, each in words. What extensions and the list of steps
/// bring along is not ours.
const CATALOG: &str = "
    WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname = 'public'),
         theirs AS (SELECT objid FROM pg_depend WHERE deptype = 'e')
    SELECT format('column %s.%s %s%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)) AS text
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace IN (TABLE ours) AND c.relkind IN ('r', 'v', 'm') AND c.relname <> 'seaql_migrations'
    UNION ALL
    SELECT format('constraint %s on %s %s', conname, coalesce(conrelid::regclass::text, contypid::regtype::text),
                  pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace IN (TABLE ours) AND conrelid::regclass::text <> 'seaql_migrations'
    UNION ALL
    SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'seaql_migrations'
    UNION ALL
    SELECT format('function %s %s', oid::regprocedure, prosrc || pg_get_function_result(oid)) FROM pg_proc
    WHERE pronamespace IN (TABLE ours) AND oid NOT IN (TABLE theirs)
    UNION ALL
    SELECT format('domain %s %s', oid::regtype, format_type(typbasetype, typtypmod)) FROM pg_type
    WHERE typnamespace IN (TABLE ours) AND typtype IN ('d', 'e') AND oid NOT IN (TABLE theirs)
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT format('extension %s', extname) FROM pg_extension
    ORDER BY 1";

async fn catalog(service: &Service) -> Vec<String> {
    texts(&service.db, CATALOG).await
}

async fn connection(service: &Service) -> DatabaseConnection {
    lmi::database::connect(&service.url, lmi::database::Purpose::Command).await.expect("a connection")
}

#[test]
fn down_leaves_nothing_and_up_again_makes_the_same() {
    with_bare(async |service| {
        let before = catalog(&service).await;
        assert_eq!(before, ["extension plpgsql"]);
        migration::up(&service.db).await.expect("up");
        let up = catalog(&service).await;
        let seats = up.iter().find(|line| line.starts_with("constraint seat_assignment_session_once"));
        let expected = "constraint seat_assignment_session_once on seat_assignment UNIQUE (member_id, session_id)";
        assert_eq!(seats.map(String::as_str), Some(expected), "the catalog is read");
        migration::down(&service.db).await.expect("down");
        assert_eq!(catalog(&service).await, before);
        migration::up(&service.db).await.expect("up again");
        assert_eq!(catalog(&service).await, up);
        assert_eq!(migration::pending(&service.db).await.expect("an answer"), Vec::<String>::new());
    });
}

#[test]
fn a_database_that_is_up_to_date_stays_as_it_is() {
    with_empty(async |service| {
        let (before, schema) = (contents(&service.db).await, catalog(&service).await);
        migration::up(&service.db).await.expect("up");
        assert!(contents(&service.db).await == before, "rows stay");
        assert_eq!(catalog(&service).await, schema);
    });
}

#[test]
fn processes_that_start_at_once_migrate_once() {
    let mut expected = Vec::new();
    with_empty(async |service| expected = catalog(&service).await);
    with_bare(async |service| {
        let processes = [connection(&service).await, connection(&service).await, connection(&service).await];
        let (one, two, three) =
            tokio::join!(migration::up(&processes[0]), migration::up(&processes[1]), migration::up(&processes[2]));
        assert_eq!([one, two, three], [Ok(()), Ok(()), Ok(())]);
        assert_eq!(catalog(&service).await, expected);
        assert_eq!(contents(&service.db).await["county"].len(), 58);
    });
}

#[test]
fn a_step_that_fails_is_not_half_made_and_can_be_tried_again() {
    let mut expected = Vec::new();
    with_empty(async |service| expected = catalog(&service).await);
    with_bare(async |service| {
        // In the way of the last table of the step on teams.
        service.db.execute_unprepared("CREATE TABLE seat_assignment ()").await.expect("a table");
        migration::up(&service.db).await.expect_err("a refusal");
        let pending = migration::pending(&service.db).await.expect("an answer");
        assert_eq!(pending.first().map(String::as_str), Some("0008_team"));
        let tables = contents(&service.db).await;
        assert!(tables.contains_key("session") && !tables.contains_key("team"), "{:?}", tables.keys());
        service.db.execute_unprepared("DROP TABLE seat_assignment").await.expect("no table");
        migration::up(&service.db).await.expect("up");
        assert_eq!(catalog(&service).await, expected);
    });
}

#[test]
fn every_constraint_and_index_has_a_name_of_ours() {
    with_empty(async |service| {
        // What PostgreSQL would call them: the columns' names in a row, then the sort.
        let columns = "
            SELECT c.conrelid::regclass || '_' || (SELECT string_agg(a.attname, '_' ORDER BY place) FROM unnest(c.conkey)
              WITH ORDINALITY AS k (attnum, place) JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum)";
        let given = format!(
            "SELECT conname::text AS text FROM pg_constraint AS c WHERE connamespace = 'public'::regnamespace
             AND conrelid <> 0 AND conrelid::regclass::text <> 'seaql_migrations' AND (
               conname !~ ('^' || conrelid::regclass || '_')
               OR (contype = 'f' AND (conname ~ '_id_fkey' OR conname !~ '_fkey$|_both_ways$'))
               OR (contype = 'p' AND conname <> conrelid::regclass || '_pkey')
               OR (contype = 'c' AND conname ~ '_check[0-9]*$')
               OR (contype = 'x' AND conname ~ '_excl[0-9]*$')
               OR (contype = 'u' AND cardinality(conkey) > 1 AND conname = ({columns}) || '_key'))"
        );
        assert_eq!(texts(&service.db, &given).await, Vec::<String>::new());
        let indexes = "
            SELECT indexname::text AS text FROM pg_indexes
            WHERE schemaname = 'public' AND tablename <> 'seaql_migrations' AND (
              indexname !~ ('^' || tablename || '_') OR indexname ~ '_idx[0-9]+$'
              OR (indexname !~ '_idx$' AND indexdef !~ 'UNIQUE' AND indexname NOT IN (SELECT conname FROM pg_constraint)))";
        assert_eq!(texts(&service.db, indexes).await, Vec::<String>::new());
        let domains = "SELECT conname::text AS text FROM pg_constraint WHERE contypid <> 0 \
                       AND connamespace = 'public'::regnamespace ORDER BY 1";
        assert_eq!(texts(&service.db, domains).await, ["slug_form", "sources_form", "title_length"]);
    });
}

#[test]
fn what_is_released_has_the_columns_of_what_is_worked_on_in_their_order() {
    with_empty(async |service| {
        // Both are read as one where somebody reads the own agenda as it is worked on and others as they were released. Whether
        // who speaks is shown is known of what was released alone, and such a statement names the columns.
        let columns = "
            SELECT table_name || ' ' || string_agg(concat_ws(' ', column_name, domain_name, udt_name, is_nullable,
              is_generated), ', ' ORDER BY ordinal_position) AS text
            FROM information_schema.columns WHERE table_schema = 'public' AND (table_name, column_name) <> ('released_speaker', 'shown')
            GROUP BY table_name ORDER BY 1";
        let tables = texts(&service.db, columns).await;
        let released: Vec<_> = tables.iter().filter_map(|table| table.strip_prefix("released_")).collect();
        assert_eq!(released.len(), 6);
        for table in released {
            assert!(tables.iter().any(|working| working == table), "no table is like released_{table}");
        }
    });
}

#[test]
fn an_agenda_that_was_published_before_there_were_releases_is_released_as_it_stands() {
    with_bare(async |service| {
        migration::up_to(&service.db, "0016_agenda_release").await.expect("up to what brings releases");
        let rows = "
            INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published, starts_on,
              ends_on) VALUES
              ('00000000-0000-7000-8000-000000000001', 'fair', 'Fair', 'institute', 'completed', true, true, true, '2027-03-01',
              '2027-03-02'), ('00000000-0000-7000-8000-000000000002', 'forum', 'Forum', 'institute', 'announced', true, false,
              false, '2027-03-01', '2027-03-02');
            INSERT INTO session (id, convening_id, slug, title, format) VALUES
              ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000001', 'one', 'One', 'plenary'),
              ('00000000-0000-7000-8000-000000000004', '00000000-0000-7000-8000-000000000002', 'two', 'Two', 'plenary')";
        service.db.execute_unprepared(rows).await.expect("rows");
        migration::up(&service.db).await.expect("up");
        let told =
            "SELECT slug || ' ' || number AS text FROM agenda_release JOIN convening ON convening.id = convening_id
                    UNION ALL SELECT slug FROM released_session";
        assert_eq!(texts(&service.db, told).await, ["fair 1", "one"]);
        let shown = service.ask("{ convenings { nodes { slug sessions { nodes { title } } } } }").await;
        let expected = serde_json::json!([
            { "slug": "fair", "sessions": { "nodes": [{ "title": "One" }] } },
            { "slug": "forum", "sessions": { "nodes": [] } },
        ]);
        assert_eq!(shown.at("/convenings/nodes"), expected);
    });
}
