//! Every setting: a flag of the command line and an environment variable for each.

use crate::account::PublicUrl;
use crate::auth::provider::Issuer;
use crate::database::Servers;
use crate::http::{Limits, Origin};
use crate::observe::Format;
use clap::Args;
use ipnet::IpNet;
use std::fmt::Display;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use url::Url;

/// Where the data is, for every command.
#[derive(Args, Clone, Debug)]
pub struct DatabaseSettings {
    /// A PostgreSQL database (version 14 or later) to use instead of a private one. Where several servers have it, of which
    /// one takes writes and others can take over from it, all their addresses, separated by commas; `file:` and a path where a
    /// file holds them
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URLS", value_parser = secret::<Servers>, global = true)]
    pub database_url: Option<Servers>,

    /// Where `DATABASE_URL` leads to `PgBouncer` or another pooler: the addresses of the servers behind it, separated by
    /// commas, for what a pooler cannot pass on; or `file:` and a path
    #[arg(
        long,
        env = "DATABASE_DIRECT_URL",
        hide_env_values = true,
        value_name = "URLS",
        value_parser = secret::<Servers>,
        global = true,
        requires = "database_url"
    )]
    pub database_direct_url: Option<Servers>,

    /// The same database as its owner, as whom it is brought up to date and commands are run; `DATABASE_URL` is then another
    /// role, which owns nothing and is given what the service needs. `file:` and a path where a file holds it. Without it
    /// everything is done as one role
    #[arg(
        long,
        env = "DATABASE_OWNER_URL",
        hide_env_values = true,
        value_name = "URLS",
        value_parser = secret::<Servers>,
        global = true,
        requires = "database_url"
    )]
    pub database_owner_url: Option<Servers>,

    /// The same database as a third role, which is given nothing but what is public: what is asked by people who have not
    /// signed in is read as this one. `file:` and a path where a file holds it
    #[arg(
        long,
        env = "DATABASE_PUBLIC_URL",
        hide_env_values = true,
        value_name = "URLS",
        value_parser = secret::<Servers>,
        global = true,
        requires = "database_url"
    )]
    pub database_public_url: Option<Servers>,

    /// The folder in which a private PostgreSQL keeps its data, and the service the key that it signs with
    #[arg(long, env = "LMI_DATA_DIR", default_value = ".lmi", value_name = "FOLDER", global = true)]
    pub data_dir: PathBuf,

    /// The folder of the PostgreSQL programs that a private server is run with; found by itself where not given
    #[arg(long, env = "LMI_POSTGRES_BIN", value_name = "FOLDER", global = true)]
    pub postgres_bin: Option<PathBuf>,
}

/// Who the service is to others, for every command.
#[derive(Args, Clone, Debug)]
pub struct AccessSettings {
    /// Where the service is reached from outside: the issuer of its tokens, and where links lead; `http://` and the
    /// address that is served on where not given
    #[arg(long, env = "LMI_PUBLIC_URL", value_name = "URL", value_parser = PublicUrl::parse, global = true)]
    pub public_url: Option<PublicUrl>,

    /// A PEM file with the keys that sign access tokens (PKCS#8, Ed25519 or P-256; the first signs, all verify); made in
    /// the data folder where not given. Instances of one service have the same
    #[arg(long, env = "LMI_SIGNING_KEY", value_name = "FILE", global = true)]
    pub signing_key: Option<PathBuf>,
}

/// What is written to standard error, for every command.
#[derive(Args, Clone, Debug)]
pub struct LogSettings {
    /// Which events are logged, as `level` or `target=level,…`
    #[arg(long = "log", env = "LMI_LOG", default_value = "warn,lmi=info", value_name = "FILTER", global = true)]
    pub log: String,

    /// How the log is written: for people, or as a JSON object for each line
    #[arg(long, env = "LMI_LOG_FORMAT", value_enum, default_value_t = Format::Text, value_name = "FORMAT", global = true)]
    pub log_format: Format,
}

/// More points in a minute than anybody could spend.
const MOST_POINTS: u64 = 1_000_000_000;

/// How the service answers.
#[derive(Args, Clone, Debug)]
pub struct ServeSettings {
    /// Servers that follow the database and are read from, as far as they have what whoever asks must see: their addresses,
    /// separated by commas, each of one server; or `file:` and a path
    #[arg(long, env = "DATABASE_READ_URLS", hide_env_values = true, value_name = "URLS", value_parser = secret::<Servers>)]
    pub database_read_urls: Option<Servers>,

    /// The address and port to serve on
    #[arg(long, env = "LMI_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// The address and port to answer `/metrics` on, and nowhere else; it is answered beside everything else where not given
    #[arg(long, env = "LMI_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,

    /// Milliseconds from which on an operation is slow: the log tells what took so long, with the plan of its slowest
    /// statement; 0 tells nothing
    #[arg(long, env = "LMI_SLOW_MS", default_value_t = 1000, value_name = "MILLISECONDS")]
    pub slow_ms: u64,

    /// The address of an OpenTelemetry collector that traces are sent to, by HTTP, as in `http://127.0.0.1:4318`; none are made
    /// where not given
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", hide_env_values = true, value_name = "URL", value_parser = collector)]
    pub otlp_endpoint: Option<Url>,

    /// Turn off introspection, suggestions and GraphiQL for callers who have not signed in, and send webhooks over https to
    /// public addresses alone
    #[arg(long, env = "LMI_PRODUCTION", default_value_t = false, action = clap::ArgAction::Set,
          value_parser = clap::builder::BoolishValueParser::new(), value_name = "BOOLEAN",
          num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub production: bool,

    /// Megabytes of memory for answers to the public's queries, which are kept until something changes; 0 keeps none
    #[arg(long, env = "LMI_CACHE_MB", default_value_t = 64, value_name = "MEGABYTES")]
    pub cache_mb: u32,

    /// Points that each account, each key, and all who have not signed in of a network, may spend in a minute: about one for each
    /// object that is answered; 0 counts none. docs/limits.md says what costs how much
    #[arg(long, env = "LMI_RATE_LIMIT", default_value_t = crate::http::POINTS, value_name = "POINTS",
          value_parser = clap::value_parser!(u64).range(..=MOST_POINTS))]
    pub rate_limit: u64,

    /// Other bounds of requests than usual, as in `depth=12,aliases=50`; docs/limits.md has their names
    #[arg(long, env = "LMI_LIMITS", value_name = "NAME=NUMBER,…")]
    pub limits: Option<Limits>,

    /// The mail server that letters go out by, as in `smtps://user:password@mail.example.org`, or `file:` and a path; where not
    /// given, links are handed over by hand
    #[arg(long, env = "LMI_SMTP_URL", hide_env_values = true, value_name = "URL", value_parser = secret::<String>)]
    pub smtp_url: Option<String>,

    /// Who letters are from, as in `CA LMI <lmi@example.org>`; `lmi@` and the host of `LMI_PUBLIC_URL` where not given
    #[arg(long, env = "LMI_MAIL_FROM", value_name = "SENDER")]
    pub mail_from: Option<String>,

    /// Proxies, by address or network and separated by commas, that are believed when they say in `X-Forwarded-For` whom a
    /// request comes from
    #[arg(long, env = "LMI_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Sites whose pages may send requests, by their origins and separated by commas, as in `https://partner.example.org`
    #[arg(long, env = "LMI_CORS_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<Origin>,

    /// A manifest of registered documents, which are run by their `documentId`: a JSON object with a document for each id, as
    /// Relay and code generators write it, or Apollo's manifest
    #[arg(long, env = "LMI_TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,

    /// Run nothing but the registered documents for callers who have not signed in; signing in must then be among them
    #[arg(long, env = "LMI_TRUSTED_ONLY", default_value_t = false, action = clap::ArgAction::Set,
          value_parser = clap::builder::BoolishValueParser::new(), value_name = "BOOLEAN",
          num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub trusted_only: bool,

    /// Identity providers whose tokens are accepted: their `issuer` URLs, separated by commas. One that may vouch for its
    /// people's addresses has their domains behind it, as in `https://login.example.org=example.org+example.com`
    #[arg(long, env = "LMI_OIDC_ISSUERS", value_name = "URL[=DOMAIN]", value_delimiter = ',')]
    pub oidc_issuers: Vec<Issuer>,

    /// The name by which identity providers know this service, which their tokens carry as `aud`; several names separated by
    /// commas. Needed where `LMI_OIDC_ISSUERS` is set
    #[arg(long, env = "LMI_OIDC_AUDIENCE", value_name = "NAME", value_delimiter = ',')]
    pub oidc_audience: Vec<String>,
}

/// A setting that may hold a password: as it is, or in a file, as programs that look after secrets hand them over. Whoever
/// lists the processes or the environment of this one then finds a path.
fn secret<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    let Some(path) = text.strip_prefix("file:") else { return text.parse().map_err(|fault: T::Err| fault.to_string()) };
    let held = fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
    held.trim().parse().map_err(|fault: T::Err| format!("in {path}, {fault}"))
}

/// The address of a collector.
fn collector(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or("give the address of a collector, as in http://127.0.0.1:4318")
}

/// A network, or one address as a network of its own.
fn network(text: &str) -> Result<IpNet, &'static str> {
    let text = text.trim();
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "give addresses or networks, as in 10.0.0.0/8,192.0.2.1")
}
