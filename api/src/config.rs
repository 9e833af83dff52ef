//! Every setting: a flag of the command line and an environment variable for each.

use crate::auth::provider::Issuer;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where the data is, for every command.
#[derive(Args, Clone, Debug)]
pub struct DatabaseSettings {
    /// A PostgreSQL database (version 14 or later) to use instead of a private one
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL", global = true)]
    pub database_url: Option<String>,

    /// The folder in which a private PostgreSQL keeps its data
    #[arg(long, env = "LMI_DATA_DIR", default_value = ".lmi", value_name = "FOLDER", global = true)]
    pub data_dir: PathBuf,

    /// The folder of the PostgreSQL programs that a private server is run with; found by itself where not given
    #[arg(long, env = "LMI_POSTGRES_BIN", value_name = "FOLDER", global = true)]
    pub postgres_bin: Option<PathBuf>,
}

/// What is written to standard error, for every command.
#[derive(Args, Clone, Debug)]
pub struct LogSettings {
    /// Which events are logged, as `level` or `target=level,…`
    #[arg(long = "log", env = "LMI_LOG", default_value = "warn,lmi=info", value_name = "FILTER", global = true)]
    pub log: String,
}

/// How the service answers.
#[derive(Args, Clone, Debug)]
pub struct ServeSettings {
    /// The address and port to serve on
    #[arg(long, env = "LMI_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Turn off introspection, suggestions and GraphiQL for callers who have not signed in
    #[arg(long, env = "LMI_PRODUCTION", default_value_t = false, action = clap::ArgAction::Set,
          value_parser = clap::builder::BoolishValueParser::new(), value_name = "BOOLEAN",
          num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub production: bool,
    /// Identity providers whose tokens are accepted: their `issuer` URLs with a comma between two. A provider that may vouch for its people's addresses has their domains behind it, as in `https://login.example.org=example.org+example.com`
    #[arg(long, env = "LMI_OIDC_ISSUERS", value_name = "URL[=DOMAIN]", value_delimiter = ',')]
    pub oidc_issuers: Vec<Issuer>,

    /// The name by which identity providers know this service, which their tokens carry as `aud`; several with a comma between two. Needed with `LMI_OIDC_ISSUERS`
    #[arg(long, env = "LMI_OIDC_AUDIENCE", value_name = "NAME", value_delimiter = ',')]
    pub oidc_audience: Vec<String>,
}
