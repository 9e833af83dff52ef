//! What kinds of requests there are: few, so that each can be counted by itself.

/// What a request asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A query.
    Query,
    /// A mutation.
    Mutation,
    /// A subscription.
    Subscription,
    /// GraphQL that was refused before it was known what it does.
    Unread,
    /// A file: an agenda, a map, an export.
    File,
    /// A page, its scripts, or a description of the service.
    Page,
    /// Whether the service is well, and its figures.
    Health,
    /// A path that leads nowhere.
    #[default]
    Nowhere,
}

impl Kind {
    /// What a path is of, as the router has it.
    pub(crate) fn of_path(path: Option<&str>) -> Self {
        match path {
            None => Self::Nowhere,
            Some("/graphql") => Self::Unread,
            Some("/metrics") => Self::Health,
            Some(path) if path.starts_with("/health/") => Self::Health,
            Some("/participation.geojson") => Self::File,
            Some(path) if path.starts_with("/convenings/") || path.starts_with("/export/") => Self::File,
            Some(_) => Self::Page,
        }
    }

    /// As it is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
            Self::Unread => "unread",
            Self::File => "file",
            Self::Page => "page",
            Self::Health => "health",
            Self::Nowhere => "nowhere",
        }
    }
}

/// Which way a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Transport {
    /// As a request of its own.
    Http,
    /// Over a socket that was open.
    Socket,
}

impl Transport {
    /// As it is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Socket => "websocket",
        }
    }
}
