DROP FUNCTION shut_out_opener(uuid, uuid, timestamptz);
DROP TABLE sign_in_failure;
DROP TABLE one_time_token;
DROP TABLE refresh_token;
DROP TABLE token_family;
DROP TABLE api_key;
DROP TABLE role_grant;
DROP TABLE identity;
DROP TABLE account;
