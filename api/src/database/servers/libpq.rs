//! A server's address as PostgreSQL's own programs take it: in variables of their environment. Whoever lists processes sees the
//! arguments of each, and so no address stands there.

use super::address::options;
use sea_orm::SqlxError;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::ffi::OsString;
use std::net::IpAddr;
use url::Url;

/// The variables that lead PostgreSQL's programs to a server and its database. What the address does not say, they find where
/// they always look: a password in `PGPASSWORD` or the file that `PGPASSFILE` names.
pub(crate) fn environment(address: &str) -> Result<Vec<(&'static str, OsString)>, SqlxError> {
    let known = options(address)?;
    let url = Url::parse(address).map_err(|_| SqlxError::Configuration("no address".into()))?;
    let mut variables: Vec<(&'static str, OsString)> = vec![
        ("PGHOST", host(&known, &url)),
        ("PGPORT", known.get_port().to_string().into()),
        ("PGUSER", known.get_username().into()),
        ("PGSSLMODE", word(known.get_ssl_mode()).into()),
        ("PGAPPNAME", "lmi".into()),
    ];
    variables.extend(known.get_database().map(|name| ("PGDATABASE", name.into())));
    variables.extend(known.get_options().map(|options| ("PGOPTIONS", options.into())));
    variables.extend(password(&url).map(|password| ("PGPASSWORD", password.into())));
    let named = |names: [&str; 3]| {
        let mut pairs = url.query_pairs();
        pairs.find(|(name, _)| names.contains(&name.as_ref())).map(|(_, value)| OsString::from(value.as_ref()))
    };
    for (variable, names) in [
        ("PGSSLROOTCERT", ["sslrootcert", "ssl-root-cert", "ssl-ca"]),
        ("PGSSLCERT", ["sslcert", "ssl-cert", ""]),
        ("PGSSLKEY", ["sslkey", "ssl-key", ""]),
    ] {
        variables.extend(named(names).map(|value| (variable, value)));
    }
    Ok(variables)
}

/// The folder of the socket, or the machine. An address of version 6 stands in brackets there, and without them here.
fn host(known: &PgConnectOptions, url: &Url) -> OsString {
    if let Some(socket) = known.get_socket() {
        return socket.into();
    }
    let bare = known.get_host().trim_start_matches('[').trim_end_matches(']');
    let is_address = bare.parse::<IpAddr>().is_ok() && url.host().is_some();
    if is_address { bare.into() } else { known.get_host().into() }
}

/// The password that an address holds; the last that is said counts.
fn password(url: &Url) -> Option<String> {
    let asked = url.query_pairs().filter(|(name, _)| name == "password").last();
    asked.map(|(_, value)| value.into_owned()).or_else(|| decoded(url.password()?))
}

/// A part of an address as it is meant. It is read like the value of a form, in which a plus would be a space.
fn decoded(part: &str) -> Option<String> {
    let form = format!("part={}", part.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(form.as_bytes()).next().map(|(_, value)| value.into_owned())
}

fn word(mode: PgSslMode) -> &'static str {
    match mode {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str, variable: &str) -> Option<String> {
        let found = environment(address).unwrap_or_default().into_iter().find(|(name, _)| *name == variable);
        found.and_then(|(_, value)| value.into_string().ok())
    }

    #[test]
    fn an_address_becomes_variables() {
        let address =
            "postgres://lmi:p%40ss+w%26rd@db.example.org:5433/lmi?sslmode=verify-full&sslrootcert=/etc/ca.pem";
        for (variable, value) in [
            ("PGHOST", "db.example.org"),
            ("PGPORT", "5433"),
            ("PGUSER", "lmi"),
            ("PGDATABASE", "lmi"),
            ("PGPASSWORD", "p@ss+w&rd"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "/etc/ca.pem"),
        ] {
            assert_eq!(of(address, variable).as_deref(), Some(value), "{variable}");
        }
        assert_eq!(of("postgres://lmi@[::1]/lmi", "PGHOST").as_deref(), Some("::1"));
        assert_eq!(of("postgres://lmi@localhost/lmi?host=%2Frun%2Flmi", "PGHOST").as_deref(), Some("/run/lmi"));
        assert_eq!(of("postgres://lmi@localhost/lmi", "PGPASSWORD"), None);
        assert_eq!(of("postgres://lmi@localhost/lmi?password=other", "PGPASSWORD").as_deref(), Some("other"));
    }
}
