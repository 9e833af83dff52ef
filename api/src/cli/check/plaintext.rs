//! Ways to other machines on which others could read along, or answer in another's place.

use super::finding::Findings;
use crate::cli::serve::Settings;
use crate::database::{Servers, options};
use sea_orm::sqlx::postgres::PgSslMode;
use std::net::IpAddr;
use url::Url;

/// A setting that leads to another machine on an open way, and how to close it. No address is in it, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct OpenWay {
    pub(in crate::cli) setting: &'static str,
    pub(in crate::cli) mend: &'static str,
    /// Whether what goes there is encrypted, though not for whom it is meant alone.
    is_encrypted: bool,
}

const DATABASE: &str = "it leads to another machine, and may do so without encryption: passwords and all data can be read on the way; \
                        add sslmode=verify-full to the address, and sslrootcert where the certificate is of your own authority";
const DATABASE_UNVERIFIED: &str = "the connection to another machine is encrypted, and nobody looks whom it is with; write \
                                   sslmode=verify-full instead of sslmode=require";
const MAIL: &str = "it leads to another machine, and may do so without encryption: the links in letters can be read on the way; write \
                    smtps://, or add ?tls=required";

/// Says of each setting whether others can read along.
pub(super) fn check(settings: Settings<'_>, findings: &mut Findings) {
    for OpenWay { setting, mend, is_encrypted } in open_ways(settings) {
        if settings.serve.production && !is_encrypted {
            findings.wrong(setting, mend);
        } else {
            findings.note(setting, mend);
        }
    }
}

/// Every setting that leads to another machine on an open way.
pub(in crate::cli) fn open_ways(settings: Settings<'_>) -> Vec<OpenWay> {
    let (database, serve) = (settings.database, settings.serve);
    let mut ways = Vec::new();
    for (setting, servers) in [
        ("DATABASE_URL", &database.database_url),
        ("DATABASE_DIRECT_URL", &database.database_direct_url),
        ("DATABASE_READ_URLS", &serve.database_read_urls),
    ] {
        ways.extend(servers.as_ref().and_then(|servers| to_database(setting, servers)));
    }
    if serve.smtp_url.as_deref().is_some_and(is_open_mail) {
        ways.push(OpenWay { setting: "LMI_SMTP_URL", mend: MAIL, is_encrypted: false });
    }
    ways
}

/// How open the most open way to these servers is.
fn to_database(setting: &'static str, servers: &Servers) -> Option<OpenWay> {
    let modes = servers.addresses().iter().filter_map(|address| {
        let options = options(address).ok()?;
        let is_elsewhere = options.get_socket().is_none() && is_elsewhere(options.get_host());
        is_elsewhere.then_some(options.get_ssl_mode())
    });
    let modes: Vec<PgSslMode> = modes.collect();
    let any = |which: fn(&PgSslMode) -> bool| modes.iter().any(which);
    if any(|mode| matches!(mode, PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer)) {
        Some(OpenWay { setting, mend: DATABASE, is_encrypted: false })
    } else if any(|mode| matches!(mode, PgSslMode::Require)) {
        Some(OpenWay { setting, mend: DATABASE_UNVERIFIED, is_encrypted: true })
    } else {
        None
    }
}

fn is_open_mail(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let is_encrypted =
        url.scheme() == "smtps" || url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    !is_encrypted && url.host_str().is_some_and(is_elsewhere)
}

/// Whether a host is another machine than this, as far as its name tells. A folder is a socket's.
fn is_elsewhere(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    !host.starts_with('/') && host != "localhost" && !address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(addresses: &str) -> Option<(&'static str, bool)> {
        let servers = addresses.parse::<Servers>().ok()?;
        to_database("DATABASE_URL", &servers).map(|way| (way.mend, way.is_encrypted))
    }

    #[test]
    fn a_database_elsewhere_is_to_be_reached_encrypted_and_known() {
        let (open, unverified) = (Some((DATABASE, false)), Some((DATABASE_UNVERIFIED, true)));
        for (addresses, expected) in [
            ("postgres://lmi:s3cret@db.example.org/lmi", open),
            ("postgres://lmi@db.example.org/lmi?sslmode=disable", open),
            ("postgres://lmi@db.example.org/lmi?sslmode=allow", open),
            ("postgres://lmi@10.0.0.7/lmi?sslmode=prefer", open),
            ("postgres://lmi@[2001:db8::7]/lmi", open),
            ("postgres://lmi@db.example.org/lmi?sslmode=require", unverified),
            ("postgres://lmi@a.example/lmi?sslmode=verify-full,postgres://lmi@b.example/lmi?sslmode=prefer", open),
            ("postgres://lmi@a.example/lmi?sslmode=verify-full,postgres://lmi@b.example/lmi?sslmode=verify-ca", None),
            ("postgres://lmi@localhost/lmi", None),
            ("postgres://lmi@127.0.0.1:5433/lmi?sslmode=disable", None),
            ("postgres://lmi@[::1]/lmi", None),
            ("postgres://lmi@localhost/lmi?host=%2Frun%2Fpostgresql", None),
        ] {
            assert_eq!(database(addresses), expected, "{addresses}");
        }
    }

    #[test]
    fn mail_goes_out_encrypted() {
        for (address, is_open) in [
            ("smtp://user:s3cret@mail.example.org", true),
            ("smtp://mail.example.org:587?tls=opportunistic", true),
            ("smtp://mail.example.org:587?tls=required", false),
            ("smtps://mail.example.org", false),
            ("smtp://localhost:2525", false),
            ("smtp://127.0.0.1:2525", false),
        ] {
            assert_eq!(is_open_mail(address), is_open, "{address}");
        }
    }
}
