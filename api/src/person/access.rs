//! Who is public, and whose a person is.

use crate::database::{Alias, always, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::person::Column;
use entity::{affiliation, convening, person, person_contact, session, speaker, team, team_member};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for person::Entity {
    const KIND: Kind = Kind::Person;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            // Who was put on an agenda and not released yet is not public by it.
            Reach::Published => rows.col(Column::IsPublic).or(is_shown_to_speak(&rows.as_released())),
            Reach::OwnOrganization => rows.exists::<affiliation::Entity>(|affiliation| {
                let theirs = affiliation.col(affiliation::Column::PersonId).eq(rows.col(Column::Id));
                theirs.and(any_of(
                    affiliation.col(affiliation::Column::OrganizationId),
                    scopes.organizations.iter().copied(),
                ))
            }),
            Reach::OwnDistrict => sits(rows, |team| team::Entity::reached(reach, scopes, team)),
            Reach::OwnConvening => {
                speaks(&rows.as_worked_on(), |convening| convening::Entity::reached(reach, scopes, convening))
                    .or(sits(rows, |team| team::Entity::reached(reach, scopes, team)))
            }
            Reach::Entered => any_of(rows.col(Column::EnteredBy), scopes.account),
            Reach::OwnAccount | Reach::OwnCredential => never(),
        }
    }
}

/// Speaks on an agenda that is published, as it was released.
fn is_shown_to_speak(rows: &Alias) -> Expr {
    rows.exists::<speaker::Entity>(|speaker| {
        speaker.col(speaker::Column::PersonId).eq(rows.col(Column::Id)).and(speaker.computed("shown"))
    })
}

/// Speaks at a convening that the condition holds for, as its agenda is worked on.
fn speaks(rows: &Alias, condition: impl FnOnce(&Alias) -> Expr) -> Expr {
    rows.exists::<speaker::Entity>(|speaker| {
        let theirs = speaker.col(speaker::Column::PersonId).eq(rows.col(Column::Id));
        theirs.and(speaker.refers_to::<session::Entity>(speaker::Column::SessionId, |session| {
            session.refers_to::<convening::Entity>(session::Column::ConveningId, condition)
        }))
    })
}

/// Sits in a team that the condition holds for: whoever sees a roster sees the people in it.
fn sits(rows: &Alias, condition: impl FnOnce(&Alias) -> Expr) -> Expr {
    rows.exists::<team_member::Entity>(|member| {
        let theirs = member.col(team_member::Column::PersonId).eq(rows.col(Column::Id));
        theirs.and(member.refers_to::<team::Entity>(team_member::Column::TeamId, condition))
    })
}

/// Seen by whoever may know that the person can be reached; the address itself is for fewer.
impl Resource for person_contact::Entity {
    const KIND: Kind = Kind::MaskedContact;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<person::Entity>(person_contact::Column::PersonId, |person| {
            person::Entity::reached(reach, scopes, person)
        })
    }
}

/// An affiliation is seen with its person.
impl Resource for affiliation::Entity {
    const KIND: Kind = Kind::Person;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<person::Entity>(affiliation::Column::PersonId, |person| {
            person::Entity::reached(reach, scopes, person)
        })
    }
}
