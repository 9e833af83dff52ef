//! What is done in one transaction to restore a backup, as `psql` takes it.

use super::manifest::Manifest;

/// What a database has to forget that was put back.
pub(super) const PUT_BACK: &str = include_str!("put_back.sql");
/// Keys that were revoked since are good again; whoever does not know which revokes all.
pub(super) const REVOKE_KEYS: &str = "
    SELECT attribute_changes('command_line', NULL, 'The database was put back to an earlier state');
    UPDATE api_key SET revoked_at = statement_timestamp(), version = version + 1, updated_at = statement_timestamp()
    WHERE revoked_at IS NULL;";

/// What is said where the database is not empty, by whom there is.
const NOT_EMPTY: &str = "the database is not empty";

/// Rights are not restored, and what everybody may do by itself is to call functions. Those that run with their owner's rights
/// are nobody's until they are given.
const ONLY_OWNERS: &str = "
DO $lmi$
DECLARE
  one regprocedure;
BEGIN
  FOR one IN
    SELECT p.oid FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
  END LOOP;
END
$lmi$;";

/// It takes the time that it takes, whatever the server allows to others.
const NO_HURRY: &str = "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;";

/// Before everything: nobody brings the database up to date meanwhile, and it is empty.
pub(super) fn head() -> String {
    format!(
        "BEGIN;
{NO_HURRY}
SELECT pg_catalog.pg_advisory_xact_lock({});
DO $lmi$
BEGIN
  IF EXISTS (
    SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
  THEN RAISE EXCEPTION '{NOT_EMPTY}'; END IF;
END
$lmi$;
",
        migration::LOCK
    )
}

/// After everything: what came is what left, and nothing is promised that is not so. Settings that the dump has made are
/// taken back first.
pub(super) fn tail(manifest: &Manifest, revoke_keys: bool) -> serde_json::Result<String> {
    let counts = serde_json::to_string(&manifest.tables)?.replace('\'', "''");
    let keys = if revoke_keys { REVOKE_KEYS } else { "" };
    Ok(format!(
        "RESET ALL;
{NO_HURRY}
DO $lmi$
DECLARE
  wanted record;
  found bigint;
BEGIN
  FOR wanted IN SELECT key AS name, value::bigint AS rows FROM jsonb_each_text('{counts}') LOOP
    EXECUTE 'SELECT count(*) FROM ' || wanted.name INTO found;
    IF found <> wanted.rows THEN
      RAISE EXCEPTION '% has % rows, and the backup says %', wanted.name, found, wanted.rows;
    END IF;
  END LOOP;
END
$lmi$;
{PUT_BACK}
{ONLY_OWNERS}
-- No server has left its mark here.
DELETE FROM timeline;
{keys}
COMMIT;
"
    ))
}

/// Whether a line at the head of a dump is left out: `pg_restore` writes what its own version understands, which an older server
/// may not; and without a search path, functions of earlier steps would not find one another.
pub(super) fn is_left_out(line: &[u8], server: u32) -> bool {
    const NO_PATH: &[u8] = b"SELECT pg_catalog.set_config('search_path', '', false);\n";
    const SINCE_17: &[u8] = b"SET transaction_timeout = 0;\n";
    line == NO_PATH || (server < 17 && line == SINCE_17)
}

/// Whether a line of a dump's list, as in `17; 3256 16500 POLICY public account service owner`, names roles of another server.
pub(super) fn is_of_a_role(line: &str) -> bool {
    !line.starts_with(';') && line.split(' ').nth(3) == Some("POLICY")
}

#[cfg(test)]
mod tests {
    use super::{is_left_out, is_of_a_role};

    #[test]
    fn policies_are_told_by_their_line() {
        assert!(is_of_a_role("17; 3256 16500 POLICY public account service owner"));
        assert!(!is_of_a_role("18; 1259 16501 TABLE public policy owner"));
        assert!(!is_of_a_role("; POLICY POLICY POLICY POLICY"));
    }

    #[test]
    fn what_an_older_server_does_not_know_is_left_out() {
        assert!(is_left_out(b"SET transaction_timeout = 0;\n", 16));
        assert!(!is_left_out(b"SET transaction_timeout = 0;\n", 17));
        assert!(!is_left_out(b"SET lock_timeout = 0;\n", 16));
        assert!(is_left_out(b"SELECT pg_catalog.set_config('search_path', '', false);\n", 17));
    }
}
