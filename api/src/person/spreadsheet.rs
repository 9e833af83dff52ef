//! People and their affiliations as spreadsheets.

use super::loader;
use crate::auth::Viewer;
use crate::database::Alias;
use crate::graphql::NodeType;
use crate::graphql::tree::{Key, KeyKind, Order};
use crate::spreadsheet::{Cells, Sheet, date, sources, stored, text, text_of, time, value};
use entity::ids::{DistrictId, OrganizationId, PersonId};
use entity::{affiliation, district, organization, person, person_contact};
use sea_orm::sea_query::{Expr, ExprTrait as _};

/// The columns of people. How to reach somebody stands there as far as the viewer may see it.
pub(crate) fn sheet() -> Sheet {
    use person::Column;
    Sheet::of::<person::Entity>(NodeType::Person, loader::order(None))
        .tells(text("slug", Column::Slug))
        .tells(text("name", Column::Name))
        .tells(text("honorific", Column::Honorific))
        .tells(text("biography", Column::Biography))
        .tells(contact("email", loader::email))
        .tells(contact("phone", loader::phone))
        .tells(sources())
        .tells(time("createdAt", Column::CreatedAt))
        .tells(time("updatedAt", Column::UpdatedAt))
}

/// A part of a person's contact data, whole, masked or not at all.
fn contact(name: &'static str, shown: fn(&Viewer, &Alias) -> Expr) -> Cells<String> {
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
