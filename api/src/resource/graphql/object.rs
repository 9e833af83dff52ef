//! A resource.

use crate::graphql::tree::{Edited, Node};
use crate::graphql::{GlobalId, NodeType, Source, Url};
use async_graphql::{Enum, ID, Object};
use entity::resource;

/// A page, document or recording.
#[derive(Debug)]
pub struct Resource(pub(in crate::resource) Node<resource::Entity>);

/// A page, document or recording about a convening, a session, a district or an organization.
#[Object]
impl Resource {
    /// The resource's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Resource, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// What it is.
    async fn kind(&self) -> ResourceKind {
        self.0.row.kind.into()
    }

    /// Where it is; null where it is still to come or no source gives an address.
    async fn url(&self) -> Option<Url> {
        self.0.row.url.clone().map(Url)
    }

    /// Whether it can be had.
    async fn availability(&self) -> Availability {
        self.0.row.availability.into()
    }

    /// Whom it is owed to, as the source says it; null where nobody is named.
    async fn credit(&self) -> Option<&str> {
        self.0.row.credit.as_deref()
    }

    /// Where these facts come from.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.0.row.sources)
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

/// What a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "resource::Kind")]
pub enum ResourceKind {
    /// A page or site.
    Website,
    /// A text to read.
    Document,
    /// The slides of a talk.
    Slides,
    /// A recording.
    Video,
    /// A report.
    Report,
    /// A poll.
    Poll,
    /// A form to give feedback with.
    FeedbackForm,
    /// A portrait of a district or organization.
    Profile,
    /// Something else.
    Other,
}

/// Whether a resource can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "resource::Availability")]
pub enum Availability {
    /// Promised, not there yet.
    Forthcoming,
    /// A source gives its address.
    Available,
    /// It is at another address now.
    Moved,
    /// Its address leads nowhere.
    Broken,
    /// Kept in an archive.
    Archived,
    /// Taken back.
    Withdrawn,
}
