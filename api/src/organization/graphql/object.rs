//! An organization as clients see it.

use crate::graphql::tree::{Edited, Node};
use crate::graphql::{Connection, Date, FieldResult, GlobalId, NodeType, Nullable, One, Source, Time, Url, Walk};
use crate::merge::Merge;
use crate::person::Affiliation;
use crate::resource::Resource;
use crate::sponsorship::Sponsorship;
use async_graphql::{Context, Enum, ID, Object};
use entity::organization;

/// A body that takes part in the initiative's work.
#[derive(Debug)]
pub struct Organization(pub(in crate::organization) Node<organization::Entity>);

/// A body that takes part: an agency, a union, an association, a foundation, a school, a university, one of the
/// initiative's own bodies. Districts are of a type of their own.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl Organization {
    /// The organization's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Organization, self.0.row.id)
    }

    /// Its short name in addresses, unique among organizations; it never changes.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Its full name.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// The letters that it is known by, for example `CTA`; null where it has none.
    async fn acronym(&self) -> Option<&str> {
        self.0.row.acronym.as_deref()
    }

    /// Other spellings that sources use. Searches find it by them too.
    async fn alternate_names(&self) -> &[String] {
        &self.0.row.alternate_names
    }

    /// What it is.
    async fn kind(&self) -> OrganizationKind {
        self.0.row.kind.into()
    }

    /// Its site; null where no source gives one.
    async fn website(&self) -> Option<Url> {
        self.0.row.website.clone().map(Url)
    }

    /// What it is and does, in a few sentences; null where nobody wrote it.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// The organization that it is part of; null where no source says.
    async fn parent(&self, ctx: &Context<'_>) -> Nullable<One<&Organization>> {
        self.0.one(ctx)
    }

    /// Who held which title there, by the day from which it is known.
    async fn affiliations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those in force on this day.")] as_of: Option<Date>,
    ) -> FieldResult<One<&Connection<Affiliation>>> {
        self.0.page(ctx)
    }

    /// Its part in convenings, the latest first.
    async fn sponsorships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<Sponsorship>>> {
        self.0.page(ctx)
    }

    /// Pages, documents and recordings about it, by title.
    async fn resources(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Resource>> {
        self.0.list(ctx)
    }

    /// What was merged into it, the latest first, merges that were undone included; null for those who may not read its
    /// history.
    async fn merges(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<One<&Connection<Merge>>> {
        self.0.one(ctx)
    }

    /// Where these facts come from.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.0.row.sources)
    }

    /// Counts the changes of this row, from 1. Give it back with a change, so that nobody overwrites what they did
    /// not see.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// When it was entered here.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// When it was last changed here.
    async fn updated_at(&self) -> Time {
        Time(self.0.row.updated_at)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }
}

/// What an organization is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "organization::Kind")]
pub enum OrganizationKind {
    /// An agency of the state.
    StateAgency,
    /// A union of the whole state.
    StateUnion,
    /// A union of one district or place.
    LocalUnion,
    /// An association of people of one profession or office.
    ProfessionalAssociation,
    /// A foundation that works for a public purpose.
    NonprofitFoundation,
    /// A foundation or body that gives money.
    Funder,
    /// A university or one of its schools.
    University,
    /// A firm that advises.
    Consultancy,
    /// A newspaper, journal or broadcaster.
    Media,
    /// A school.
    School,
    /// A body that advises an office.
    AdvisoryBody,
    /// The initiative itself.
    Initiative,
    /// A committee, group or team of the initiative.
    InitiativeBody,
    /// A partner from outside California.
    OutOfStatePartner,
    /// Something else, or no source says what.
    Other,
}
