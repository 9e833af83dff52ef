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
        let seats = up.iter().find(|line| line.starts_with("constraint seat_assignment_round_once"));
        let expected = "constraint seat_assignment_round_once on seat_assignment UNIQUE (member_id, round)";
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
