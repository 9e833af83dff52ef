//! Organizations as a spreadsheet.

use super::loader;
use super::service::{self, NewOrganization, OrganizationPatch};
use crate::auth::Actor;
use crate::error::Result;
use crate::graphql::NodeType;
use crate::spreadsheet::{self, Sheet, Word, sources, stored, text, text_of, texts, time, word};
use crate::writing::Patch;
use entity::ids::{ConveningId, OrganizationId};
use entity::organization::{Column, Entity, Kind};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// What a row says.
#[derive(Default)]
pub(crate) struct Draft {
    slug: Option<String>,
    patch: OrganizationPatch,
}

/// Its columns.
pub(crate) fn sheet() -> Sheet<Draft> {
    Sheet::of::<Entity>(NodeType::Organization, loader::order(None))
        .takes_once(text("slug", Column::Slug), |draft: &mut Draft, slug| draft.slug = slug)
        .needs(text("name", Column::Name), |draft, name| draft.patch.name = name)
        .takes(text("acronym", Column::Acronym), |draft, acronym| draft.patch.acronym = acronym)
        .needs(word("kind", Column::Kind), |draft, kind| draft.patch.kind = kind.map(|Word(kind): Word<Kind>| kind))
        .takes(texts("alternateNames", Column::AlternateNames), |draft, names| draft.patch.alternate_names = names)
        .takes(text("website", Column::Website), |draft, website| draft.patch.website = website)
        .takes(text("description", Column::Description), |draft, text| draft.patch.description = text)
        .takes(stored("parentId", Column::ParentId), |draft, id: Patch<OrganizationId>| draft.patch.parent = id)
        .tells(text_of::<Entity>("parent", Column::ParentId, "name"))
        .takes(sources(), |draft, sources| draft.patch.sources = sources)
        .keeps(time("createdAt", Column::CreatedAt))
        .keeps(time("updatedAt", Column::UpdatedAt))
}

impl spreadsheet::Draft for Draft {
    async fn create(self, db: &DatabaseTransaction, actor: Actor<'_>, _: Option<ConveningId>) -> Result<Uuid> {
        let Self { slug, patch } = self;
        let new = NewOrganization {
            slug,
            name: patch.name.into_value().unwrap_or_default(),
            acronym: patch.acronym.into_value(),
            alternate_names: patch.alternate_names.into_value().unwrap_or_default(),
            kind: patch.kind.into_value().unwrap_or(Kind::Other),
            website: patch.website.into_value(),
            description: patch.description.into_value(),
            parent: patch.parent.into_value(),
            sources: patch.sources.into_value().unwrap_or_default(),
        };
        Ok(service::create(db, actor, new).await?.id.into())
    }

    async fn update(self, db: &DatabaseTransaction, actor: Actor<'_>, key: Uuid, version: i32) -> Result<()> {
        service::update(db, actor, key.into(), version, self.patch).await.map(drop)
    }
}
