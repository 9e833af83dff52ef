//! How people, their contact data and their affiliations are read.

use super::affiliation::Affiliation;
use super::graphql::{Contact, Person, PersonBy, PersonFilter, PersonOrder, PersonOrderField};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::database::former::{self, Former};
use crate::database::search::{Beginnings, Searched};
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::{Date, GlobalId, NodeType};
use crate::policy::{Action, Kind};
use crate::{merge, speaker};
use async_graphql::ID;
use chrono::NaiveDate;
use entity::ids::{DistrictId, OrganizationId, PersonId};
use entity::person::Column;
use entity::{affiliation, district, organization, person, person_contact};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Branch for person::Entity {
    type Object = Person;
    const TYPE: &'static str = "Person";
    const OBJECT: fn(Node<Self>) -> Person = Person;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "contact" => Edge::extension::<person_contact::Entity>(),
            "affiliations" => affiliations_of(affiliation::Column::PersonId, field)?,
            "appearances" => speaker::of_person(field)?,
            "merges" => merge::of_row(field)?,
            _ => return Ok(None),
        }))
    }
}

impl Searched for person::Entity {
    const BEGINNINGS: Option<Beginnings> = Some(Beginnings { table: "person_beginning", key: "person_id" });
}

impl Branch for person_contact::Entity {
    type Object = Contact;
    const TYPE: &'static str = "Contact";
    const OBJECT: fn(Node<Self>) -> Contact = Contact;
    const KEY: &'static str = "person_id";

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "email" => Edge::value::<String>(email),
            "phone" => Edge::value::<String>(phone),
            _ => return Ok(None),
        }))
    }
}

/// The e-mail address of a contact as the viewer may see it.
pub(super) fn email(viewer: &Viewer, rows: &Alias) -> Expr {
    shown(viewer, rows, person_contact::Column::Email, "left($1, 1) || '***@***'")
}

/// The telephone number of a contact as the viewer may see it.
pub(super) fn phone(viewer: &Viewer, rows: &Alias) -> Expr {
    shown(viewer, rows, person_contact::Column::Phone, "'***' || right($1, 2)")
}

/// An address in full for whoever may use it, masked for whoever may only know of it.
fn shown(viewer: &Viewer, rows: &Alias, column: person_contact::Column, masked: &'static str) -> Expr {
    let full = viewer.allowed_with::<person_contact::Entity>(Kind::Contact, Action::Read, rows);
    let masked = Expr::cust_with_exprs(masked, [rows.col(column)]);
    Expr::cust_with_exprs("CASE WHEN $1 THEN $2 ELSE $3 END", [full, rows.col(column), masked])
}

impl Branch for affiliation::Entity {
    type Object = Affiliation;
    const TYPE: &'static str = "Affiliation";
    const OBJECT: fn(Node<Self>) -> Affiliation = Affiliation;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // An affiliation is seen with its person.
            "person" => Edge::one::<person::Entity>(affiliation::Column::PersonId).implied(),
            "organization" => Edge::one::<organization::Entity>(affiliation::Column::OrganizationId),
            "district" => Edge::one::<district::Entity>(affiliation::Column::DistrictId),
            _ => return Ok(None),
        }))
    }
}

/// The affiliations of a person, organization or district, by the page.
pub(crate) fn affiliations_of(column: affiliation::Column, field: &Field<'_>) -> Result<Edge> {
    let as_of: Option<Date> = field.argument("asOf")?;
    let listing = Listing::new(Order::by("affiliations", vec![since()]))
        .filter_some(as_of, |rows, day| in_force(rows, day.0))
        .paged(field)?;
    Ok(Edge::many::<affiliation::Entity>(column, listing))
}

/// From when an affiliation is known.
pub(super) fn since() -> Key {
    Key::new(KeyKind::Date, |rows| {
        Expr::cust_with_exprs(
            "coalesce($1, $2, '9999-12-31')",
            [rows.col(affiliation::Column::StartsOn), rows.col(affiliation::Column::StatedOn)],
        )
    })
}

/// Affiliations in force on a day. One with dates is in force between them. One without holds from the day that states
/// it until a later statement on the same person and body; where not even that day is known, it holds always.
pub(crate) fn in_force(rows: &Alias, day: NaiveDate) -> Expr {
    use affiliation::Column::{DistrictId, EndsOn, OrganizationId, PersonId, StartsOn, StatedOn};
    let dated = rows.col(StartsOn).is_not_null().or(rows.col(EndsOn).is_not_null());
    let within = (rows.col(StartsOn).is_null().or(rows.col(StartsOn).lte(day)))
        .and(rows.col(EndsOn).is_null().or(rows.col(EndsOn).gte(day)));
    let restated = rows.exists::<affiliation::Entity>(|later| {
        (later.col(PersonId).eq(rows.col(PersonId)))
            .and(Expr::cust_with_exprs(
                "coalesce($1, $2) = coalesce($3, $4)",
                [later.col(OrganizationId), later.col(DistrictId), rows.col(OrganizationId), rows.col(DistrictId)],
            ))
            .and(later.col(StatedOn).gt(rows.col(StatedOn)))
            .and(later.col(StatedOn).lte(day))
    });
    let stated = rows.col(StatedOn).is_null().or(rows.col(StatedOn).lte(day).and(restated.not()));
    dated.clone().and(within).or(dated.not().and(stated))
}

/// The people that a field asks for.
pub(super) fn listing(field: &Field<'_>) -> Result<Listing> {
    let filter: Option<PersonFilter> = field.argument("filter")?;
    let listing = Listing::new(order(field.argument("orderBy")?));
    let Some(filter) = filter else { return Ok(listing) };
    let organization =
        filter.organization.map(|id| GlobalId::key_of::<OrganizationId>(&id, NodeType::Organization)).transpose()?;
    let district = filter.district.map(|id| GlobalId::key_of::<DistrictId>(&id, NodeType::District)).transpose()?;
    Ok(listing
        .search::<person::Entity>(filter.search)
        .filter_some(organization, |rows, key| {
            affiliated(rows, affiliation::Column::OrganizationId, former::current::<organization::Entity>(key))
        })
        .filter_some(district, |rows, key| {
            affiliated(rows, affiliation::Column::DistrictId, former::current::<district::Entity>(key))
        }))
}

fn affiliated(rows: &Alias, column: affiliation::Column, key: Expr) -> Expr {
    rows.exists::<affiliation::Entity>(|affiliation| {
        let theirs = affiliation.col(affiliation::Column::PersonId).eq(rows.col(Column::Id));
        theirs.and(affiliation.col(column).eq(key))
    })
}

pub(super) fn order(by: Option<PersonOrder>) -> Order {
    let order = match by.as_ref().map_or(PersonOrderField::Name, |by| by.field) {
        PersonOrderField::Name => Order::by_name("people.name"),
        PersonOrderField::UpdatedAt => {
            Order::by("people.updated", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::UpdatedAt))])
        }
    };
    by.map_or_else(Default::default, |by| by.direction).of(order)
}

/// The row that a lookup names.
pub(super) fn named(by: &PersonBy) -> Result<impl Fn(&Alias) -> Expr + Send + Sync + use<>> {
    let (column, value): (Column, sea_orm::Value) = match by {
        PersonBy::Id(id) => (Column::Id, key(id)?.into()),
        PersonBy::Slug(slug) => (Column::Slug, slug.as_str().into()),
    };
    Ok(move |rows: &Alias| rows.col(column).eq(value.clone()))
}

/// What a lookup names, where people who were merged into others may have been known by it.
pub(super) fn former(by: &PersonBy) -> Option<Former> {
    match by {
        PersonBy::Id(id) => key(id).ok().map(|key| Former::Keys(vec![key.0])),
        PersonBy::Slug(slug) => Some(Former::Slug(slug.clone())),
    }
}

fn key(id: &ID) -> Result<PersonId> {
    GlobalId::key_of(id, NodeType::Person)
}
