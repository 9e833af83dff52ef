//! A district as clients see it.

use crate::geography::County;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{Connection, Date, FieldResult, GlobalId, NodeType, Nullable, One, Source, Time, Url, Walk};
use crate::interest::Interest;
use crate::merge::Merge;
use crate::partnership::Partnership;
use crate::person::Affiliation;
use crate::resource::Resource;
use crate::team::Team;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entity::{district, district_candidate};

/// A school district or county office of education.
#[derive(Debug)]
pub struct District(pub(in crate::district) Node<district::Entity>);

/// A California school district or county office of education.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl District {
    /// The district's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::District, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// Its short name in addresses, unique among districts; it never changes.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Its name: the initiative's own spelling where its record names the district, else the state directory's.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// Other spellings that sources use. Searches find it by them too.
    async fn alternate_names(&self) -> &[String] {
        &self.0.row.alternate_names
    }

    /// The Department of Education's 14 digits for it; null while it is `UNRESOLVED`.
    async fn cds_code(&self) -> Option<&str> {
        self.0.row.cds_code.as_deref()
    }

    /// The National Center for Education Statistics' 7 digits for it; null where no source gives them.
    async fn nces_id(&self) -> Option<&str> {
        self.0.row.nces_id.as_deref()
    }

    /// Which grades it serves, by its form; null while it is `UNRESOLVED`.
    async fn kind(&self) -> Option<DistrictKind> {
        self.0.row.kind.map(Into::into)
    }

    /// Where it stands in the state's directory.
    async fn status(&self) -> DistrictStatus {
        self.0.row.status.into()
    }

    /// What an `UNRESOLVED` district may be in the state's directory, by code; empty for any other.
    async fn candidates(&self, ctx: &Context<'_>) -> FieldResult<Walk<&DistrictCandidate>> {
        self.0.list(ctx)
    }

    /// Its county; null while it is `UNRESOLVED`.
    async fn county(&self, ctx: &Context<'_>) -> Nullable<One<&County>> {
        self.0.one(ctx)
    }

    /// The city of its office; null where no source gives it.
    async fn city(&self) -> Option<&str> {
        self.0.row.city.as_deref()
    }

    /// Its site; null where no source gives one.
    async fn website(&self) -> Option<Url> {
        self.0.row.website.clone().map(Url)
    }

    /// How many pupils its schools had on the last census day; null where no source says.
    async fn enrollment(&self) -> Option<i32> {
        self.0.row.enrollment
    }

    /// Where its office is; null where no source says.
    async fn location(&self) -> Option<GeoPoint> {
        let (latitude, longitude) = self.0.row.latitude.zip(self.0.row.longitude)?;
        Some(GeoPoint { latitude, longitude })
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

    /// Its partnerships with unions, by the union's name.
    async fn partnerships(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Partnership>> {
        self.0.list(ctx)
    }

    /// Its teams at convenings, the latest convening first. The public sees those that take or took part, once
    /// decisions are published.
    async fn teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<Team>>> {
        self.0.page(ctx)
    }

    /// Its path through the years: its teams that attended, the earliest convening first, as far as you may see them.
    async fn participations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what the record said by the end of this day.")] as_of: Option<Date>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<Team>>> {
        self.0.page(ctx)
    }

    /// What it would like to take part in, in the order in which that was offered; null for everybody but its own team
    /// leads and staff.
    async fn interests(&self, ctx: &Context<'_>) -> Nullable<Walk<&Interest>> {
        self.0.list_or_null(ctx)
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
}

/// What an unresolved district may be.
#[derive(Debug)]
pub(crate) struct DistrictCandidate(pub(in crate::district) Node<district_candidate::Entity>);

/// A district of the state's directory that an `UNRESOLVED` one may be.
#[Object]
impl DistrictCandidate {
    /// The Department of Education's 14 digits for it.
    async fn cds_code(&self) -> &str {
        &self.0.row.cds_code
    }

    /// Its name in the state's directory.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// Its county.
    async fn county(&self, ctx: &Context<'_>) -> FieldResult<One<&County>> {
        self.0.always(ctx)
    }
}

/// A place on the map, in degrees of the World Geodetic System of 1984.
#[derive(Debug, SimpleObject)]
pub(crate) struct GeoPoint {
    /// Degrees north of the equator.
    latitude: f64,
    /// Degrees east of Greenwich; negative in California.
    longitude: f64,
}

/// Which grades a district serves, by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "district::Kind")]
pub enum DistrictKind {
    /// From kindergarten to grade 12.
    Unified,
    /// The elementary grades.
    Elementary,
    /// The high school grades.
    High,
    /// A county office of education.
    CountyOffice,
    /// None of these.
    Other,
}

/// Where a district stands in the state's directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "district::Status")]
pub enum DistrictStatus {
    /// It is open.
    Active,
    /// It is closed, or no longer in the directory.
    Closed,
    /// It became part of another.
    Merged,
    /// It is about to open.
    Pending,
    /// A source names it, and it is not matched to the state's directory: see `candidates`.
    Unresolved,
}
