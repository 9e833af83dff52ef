//! Merges in the schema.

use super::service::{self, Two};
use crate::district::District;
use crate::error::Result;
use crate::graphql::tree::Node;
use crate::graphql::{GlobalId, NodeType, Nullable, Time, payload, write};
use crate::organization::Organization;
use crate::person::Person;
use async_graphql::{Context, ID, InputObject, Object};
use entity::ids::MergeId;
use entity::merge::Table;
use entity::{district, merge, organization, person};

/// A merge of two rows.
#[derive(Debug)]
pub struct Merge(pub(super) Node<merge::Entity>);

/// That something was entered twice, and became one. For those who may read the history of the one that was kept.
#[Object]
impl Merge {
    /// The merge's global id, to undo it by.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Merge, self.0.row.id)
    }

    /// The id of the one that was kept.
    async fn kept_id(&self) -> ID {
        self.id_of(self.0.row.kept_id)
    }

    /// The id of the one that became part of it. It leads to what it has become.
    async fn gone_id(&self) -> ID {
        self.id_of(self.0.row.gone_id)
    }

    /// The name of the one that became part of the other; `Name withheld` once the person was erased.
    async fn gone_name(&self) -> &str {
        &self.0.row.gone_name
    }

    /// Its short name in addresses. It leads to what it has become. Null once the person was erased.
    async fn gone_slug(&self) -> Option<&str> {
        self.0.row.gone_slug.as_deref()
    }

    /// Why they are one; null once the person was erased.
    async fn reason(&self) -> Option<&str> {
        self.0.row.reason.as_deref()
    }

    /// When they were merged.
    async fn recorded_at(&self) -> Time {
        Time(self.0.row.merged_at)
    }

    /// When the merge was undone, and they became two again; null while it stands.
    async fn undone_at(&self) -> Option<Time> {
        self.0.row.undone_at.map(Time)
    }
}

impl Merge {
    fn id_of(&self, key: uuid::Uuid) -> ID {
        let node_type = match self.0.row.table_name {
            Table::Organization => NodeType::Organization,
            Table::District => NodeType::District,
            Table::Person => NodeType::Person,
        };
        GlobalId::encode(node_type, key)
    }
}

/// Which two are one. What refers to the one that goes will refer to the one that stays; what the latter lacks, it takes
/// over. Where both say the same, of an affiliation for example, it is said once.
#[derive(Debug, InputObject)]
pub(crate) struct MergeInput {
    /// The one that stays. Where both have a fact, its own stands.
    keep_id: ID,
    /// Its version as you have read it; another is refused with `STALE_VERSION`.
    keep_version: i32,
    /// The one that becomes part of it. Its id and slug will lead to the one that stays.
    gone_id: ID,
    /// Its version as you have read it; another is refused with `STALE_VERSION`.
    gone_version: i32,
    /// Why they are one, for the history.
    reason: String,
}

impl MergeInput {
    fn of(self, node_type: NodeType) -> Result<Two> {
        Ok(Two {
            keep: GlobalId::key_of(&self.keep_id, node_type)?,
            keep_version: self.keep_version,
            gone: GlobalId::key_of(&self.gone_id, node_type)?,
            gone_version: self.gone_version,
            reason: self.reason,
        })
    }
}

payload!(
    /// What came of merging two districts.
    MergeDistrictsPayload {
        /// The one that stays, as it is now; null where they were not merged.
        district: District = district::Entity
    }
);

payload!(
    /// What came of merging two organizations.
    MergeOrganizationsPayload {
        /// The one that stays, as it is now; null where they were not merged.
        organization: Organization = organization::Entity
    }
);

payload!(
    /// What came of merging two people.
    MergePeoplePayload {
        /// The one who stays, as the entry is now; null where they were not merged.
        person: Person = person::Entity
    }
);

payload!(
    /// What came of undoing a merge.
    UndoMergePayload {
        /// The merge; null where it was not undone.
        merge: Merge = merge::Entity
    }
);

/// Merges, and how they are undone.
#[derive(Debug, Default)]
pub(crate) struct MergeMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl MergeMutation {
    /// Makes one district of two. The one that goes is `UNRESOLVED`: the one that stays is what a person has found it to be. A
    /// name that the initiative's record uses stays the name. Refused with CONFLICT where both have a team at one
    /// convening.
    async fn merge_districts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which two.")] input: MergeInput,
    ) -> Nullable<MergeDistrictsPayload> {
        write(ctx, async |db, actor| service::districts(db, actor, input.of(NodeType::District)?).await).await
    }

    /// Makes one organization of two. Refused with CONFLICT where one is part of the other.
    async fn merge_organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which two.")] input: MergeInput,
    ) -> Nullable<MergeOrganizationsPayload> {
        write(ctx, async |db, actor| service::organizations(db, actor, input.of(NodeType::Organization)?).await).await
    }

    /// Makes one person of two. Names and titles on agendas stay as they were shown. Refused with CONFLICT where both sit in a
    /// team at one convening.
    async fn merge_people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which two.")] input: MergeInput,
    ) -> Nullable<MergePeoplePayload> {
        write(ctx, async |db, actor| service::people(db, actor, input.of(NodeType::Person)?).await).await
    }

    /// Makes two again of what a merge made one: what was moved moves back, and what was filled in is taken back, unless
    /// somebody has changed it since. Refused with CONFLICT where something since makes that impossible.
    async fn undo_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which merge.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: String,
    ) -> Nullable<UndoMergePayload> {
        let key = GlobalId::key_of::<MergeId>(&id, NodeType::Merge);
        write(ctx, async |db, actor| service::undo(db, actor, key?).await).await
    }
}
