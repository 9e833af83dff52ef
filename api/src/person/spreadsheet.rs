//! People and their affiliations as spreadsheets.

use super::contact::ContactPatch;
use super::loader;
use super::service::{self, NewPerson, PersonPatch};
use crate::auth::{Actor, Viewer};
use crate::database::Alias;
use crate::error::Result;
use crate::graphql::NodeType;
use crate::graphql::tree::{Key, KeyKind, Order};
use crate::spreadsheet::{self, Cells, Form, Sheet, date, flag, sources, stored, text, text_of, time, value};
use entity::ids::{ConveningId, DistrictId, OrganizationId, PersonId};
use entity::{affiliation, district, organization, person, person_contact};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{DatabaseTransaction, DbErr, QueryResult};
use uuid::Uuid;

/// What a row of people says.
#[derive(Default)]
pub(crate) struct Draft {
    slug: Option<String>,
    is_namesake: bool,
    patch: PersonPatch,
}

/// The columns of people. How to reach somebody stands there as far as the viewer may see it.
pub(crate) fn sheet() -> Sheet<Draft> {
    use person::Column;
    Sheet::of::<person::Entity>(NodeType::Person, loader::order(None))
        .takes_once(text("slug", Column::Slug), |draft: &mut Draft, slug| draft.slug = slug)
        .needs(text("name", Column::Name), |draft, name| draft.patch.name = name)
        .takes(text("honorific", Column::Honorific), |draft, honorific| draft.patch.honorific = honorific)
        .takes(text("biography", Column::Biography), |draft, biography| draft.patch.biography = biography)
        .takes(flag("isPublic", Column::IsPublic), |draft, is_public| draft.patch.is_public = is_public)
        .takes(contact("email", loader::email).private(), |draft, email| {
            draft.patch.contact.email = email.map(|Whole(text)| text);
        })
        .takes(contact("phone", loader::phone).private(), |draft, phone| {
            draft.patch.contact.phone = phone.map(|Whole(text)| text);
        })
        .takes(sources(), |draft, sources| draft.patch.sources = sources)
        .keeps(time("createdAt", Column::CreatedAt))
        .keeps(time("updatedAt", Column::UpdatedAt))
        .asks("isNamesake", |draft, is_namesake: Option<bool>| draft.is_namesake = is_namesake.unwrap_or_default())
}

impl spreadsheet::Draft for Draft {
    async fn create(self, db: &DatabaseTransaction, actor: Actor<'_>, _: Option<ConveningId>) -> Result<Uuid> {
        let Self { slug, is_namesake, patch } = self;
        let ContactPatch { email, phone } = patch.contact;
        let new = NewPerson {
            slug,
            name: patch.name.into_value().unwrap_or_default(),
            honorific: patch.honorific.into_value(),
            biography: patch.biography.into_value(),
            is_public: patch.is_public.into_value().unwrap_or_default(),
            contact: ContactPatch { email, phone },
            sources: patch.sources.into_value().unwrap_or_default(),
            is_namesake,
        };
        Ok(service::create(db, actor, new).await?.id.into())
    }

    async fn update(self, db: &DatabaseTransaction, actor: Actor<'_>, key: Uuid, version: i32) -> Result<()> {
        service::update(db, actor, key.into(), version, self.patch).await.map(drop)
    }
}

/// A part of somebody's contact data that is not masked: what an export hides must not come back in its place.
struct Whole(String);

impl Form for Whole {
    fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr> {
        Ok(String::get(row, column)?.map(Self))
    }

    fn write(&self) -> String {
        self.0.clone()
    }

    fn read(cell: &str) -> Result<Self, String> {
        if cell.contains("***") {
            return Err("This is masked, as it was exported. Take the column out.".to_owned());
        }
        Ok(Self(cell.to_owned()))
    }
}

/// A part of a person's contact data, whole, masked or not at all.
fn contact(name: &'static str, shown: fn(&Viewer, &Alias) -> Expr) -> Cells<Whole> {
    value(name, move |viewer, rows| {
        let contact = rows.with_suffix("r");
        let mut select = contact.select_from::<person_contact::Entity>();
        select
            .expr(shown(viewer, &contact))
            .and_where(contact.col(person_contact::Column::PersonId).eq(rows.col(person::Column::Id)))
            .and_where(viewer.visible::<person_contact::Entity>(&contact));
        Expr::SubQuery(None, Box::new(select.into()))
    })
}

/// The columns of affiliations.
pub(crate) fn affiliations() -> Sheet {
    use affiliation::Column;
    let name = Key::via(KeyKind::Text, |person| person.computed("sort_name"));
    let order =
        Order::by("affiliations.people", vec![name, loader::since()]).through::<person::Entity>(Column::PersonId);
    Sheet::of::<affiliation::Entity>(NodeType::Affiliation, order)
        .tells(stored::<PersonId>("personId", Column::PersonId))
        .tells(text_of::<person::Entity>("person", Column::PersonId, "name"))
        .tells(stored::<OrganizationId>("organizationId", Column::OrganizationId))
        .tells(text_of::<organization::Entity>("organization", Column::OrganizationId, "name"))
        .tells(stored::<DistrictId>("districtId", Column::DistrictId))
        .tells(text_of::<district::Entity>("district", Column::DistrictId, "name"))
        .tells(text("title", Column::Title))
        .tells(date("startsOn", Column::StartsOn))
        .tells(date("endsOn", Column::EndsOn))
        .tells(date("statedOn", Column::StatedOn))
        .tells(sources())
}
