//! What the database itself refuses of accounts, grants, keys and tokens.

/// An account with all that can hang on one, beside the rows of the other fixture.
pub(crate) const FIXTURE: &str = "
INSERT INTO account (id, email, display_name, password_hash)
VALUES (#a1, 'ada@example.org', 'Ada Example', '$argon2id$example'), (#a2, 'ben@example.org', 'Ben Sample', NULL);
INSERT INTO identity (id, account_id, issuer, subject)
VALUES (#i1, #a1, 'https://id.example.org', 'ada'), (#i2, #a2, 'https://id.example.org', 'ben');
INSERT INTO role_grant (id, account_id, role, organization_id, district_id, convening_id, region_id, granted_by) VALUES
  (#j1, #a1, 'partner', #o1, NULL, NULL, NULL, #a2), (#j2, #a1, 'team_lead', NULL, #d1, NULL, NULL, #a2),
  (#j3, #a1, 'organizer', NULL, NULL, #c1, NULL, #a2),
  (#j4, #a1, 'organizer', NULL, NULL, NULL, (SELECT id FROM region WHERE number = 1), #a2),
  (#j5, #a1, 'staff', NULL, NULL, NULL, NULL, #a2), (#j6, #a2, 'staff', NULL, NULL, NULL, NULL, #a2);
INSERT INTO api_key (id, name, prefix, secret_hash, previous_hash, previous_until, role, organization_id, read_only, created_by)
VALUES (#l1, 'One', '0123456789ab', sha256('1'), sha256('0'), now(), 'partner', #o1, false, #a1),
  (#l2, 'Two', '0123456789ac', sha256('2'), NULL, NULL, NULL, NULL, true, #a1);
INSERT INTO token_family (id, account_id, revoked_at, reason) VALUES (#q1, #a1, now(), 'signed_out');
INSERT INTO refresh_token (hash, family_id, issued_at, expires_at) VALUES (sha256('r'), #q1, now(), now());
INSERT INTO one_time_token (hash, purpose, account_id, created_at, expires_at)
VALUES (sha256('o'), 'invitation', #a1, now(), now());
INSERT INTO sign_in_failure (key, failures, forgotten_at) VALUES (sha256('f'), 1, now());
";

/// What is refused, and by which rule.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    // One account for an address, however it is written.
    ("account_email_key", "UPDATE account SET email = 'ADA@example.org' WHERE id = #a2"),
    ("account_email_form", "UPDATE account SET email = 'ada at example.org' WHERE id = #a1"),
    ("account_email_form", "UPDATE account SET email = 'ada@ben@example.org' WHERE id = #a1"),
    ("account_email_form", "UPDATE account SET email = 'adä@example.org' WHERE id = #a1"),
    ("account_email_form", "UPDATE account SET email = repeat('a', 255) || '@example.org' WHERE id = #a1"),
    ("account_password_hash_form", "UPDATE account SET password_hash = 'correct horse' WHERE id = #a1"),
    ("identity_once", "UPDATE identity SET subject = 'ada' WHERE id = #i2"),
    ("identity_one_of_issuer", "UPDATE identity SET account_id = #a1 WHERE id = #i2"),
    ("identity_issuer_length", "UPDATE identity SET issuer = '' WHERE id = #i1"),
    ("identity_subject_length", "UPDATE identity SET subject = repeat('a', 256) WHERE id = #i1"),
    // A role has the scope that it takes, and is held there once.
    ("role_grant_scope", "UPDATE role_grant SET organization_id = NULL WHERE id = #j1"),
    ("role_grant_scope", "UPDATE role_grant SET convening_id = #c1 WHERE id = #j1"),
    ("role_grant_scope", "UPDATE role_grant SET organization_id = NULL, district_id = #d1 WHERE id = #j1"),
    ("role_grant_scope", "UPDATE role_grant SET district_id = NULL, convening_id = #c1 WHERE id = #j2"),
    ("role_grant_scope", "UPDATE role_grant SET convening_id = NULL, district_id = #d1 WHERE id = #j3"),
    ("role_grant_scope", "UPDATE role_grant SET organization_id = #o1 WHERE id = #j5"),
    ("role_grant_once", "UPDATE role_grant SET account_id = #a1 WHERE id = #j6"),
    (
        "role_grant_once",
        "UPDATE role_grant SET convening_id = NULL, region_id = (SELECT region_id FROM role_grant WHERE id = #j4) WHERE id = #j3",
    ),
    // A key is of an organization or only reads.
    ("api_key_prefix_key", "UPDATE api_key SET prefix = '0123456789ab' WHERE id = #l2"),
    ("api_key_prefix_form", "UPDATE api_key SET prefix = '0123456789' WHERE id = #l2"),
    ("api_key_secret_hash_length", "UPDATE api_key SET secret_hash = 'short' WHERE id = #l1"),
    ("api_key_previous_hash_length", "UPDATE api_key SET previous_hash = 'short' WHERE id = #l1"),
    ("api_key_previous_whole", "UPDATE api_key SET previous_until = NULL WHERE id = #l1"),
    ("api_key_role_of_organization", "UPDATE api_key SET organization_id = NULL WHERE id = #l1"),
    ("api_key_role_of_organization", "UPDATE api_key SET role = NULL, read_only = true WHERE id = #l1"),
    ("api_key_without_role_reads", "UPDATE api_key SET read_only = false WHERE id = #l2"),
    // Of what is secret, a hash is kept.
    ("token_family_revoked_for_a_reason", "UPDATE token_family SET reason = NULL"),
    ("refresh_token_hash_length", "UPDATE refresh_token SET hash = 'short'"),
    ("one_time_token_hash_length", "UPDATE one_time_token SET hash = 'short'"),
    ("sign_in_failure_key_length", "UPDATE sign_in_failure SET key = 'short'"),
];

/// What looks alike and is in order.
pub(crate) const ACCEPTED: &[&str] = &[
    // Revoked, a role can be granted anew.
    "UPDATE role_grant SET revoked_at = now() WHERE id = #j5; UPDATE role_grant SET account_id = #a1 WHERE id = #j6",
    "UPDATE role_grant SET convening_id = NULL, organization_id = #o1 WHERE id = #j3",
    // Nor is what was unlinked in anybody's way.
    "UPDATE identity SET unlinked_at = now() WHERE id = #i1; UPDATE identity SET account_id = #a1 WHERE id = #i2",
    "UPDATE account SET email = 'Ada@example.org' WHERE id = #a1",
];
