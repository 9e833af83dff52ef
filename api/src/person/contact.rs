//! How to reach a person is changed with the person, and only by whoever may change that as well. No address ever
//! stands in a message: a refusal names the field and nothing more.

use super::validate;
use crate::auth::Viewer;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind};
use crate::validation::{Meaning, Violations, refused};
use crate::writing::{Patch, permit};
use entity::ids::PersonId;
use entity::person;
use entity::person_contact::{ActiveModel, Entity, Model};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _};

/// What is to change of how to reach a person.
#[derive(Clone, Default)]
pub(crate) struct ContactPatch {
    /// The e-mail address.
    pub email: Patch<String>,
    /// The telephone number.
    pub phone: Patch<String>,
}

impl ContactPatch {
    fn is_given(&self) -> bool {
        self.email.is_given() || self.phone.is_given()
    }
}

/// What the database would say of a form that the checks let pass; its own words would have the address in them.
const MEANINGS: &[Meaning] = &[
    ("person_contact_email_form", "contact.email", ViolationCode::Invalid, validate::EMAIL_FORM),
    ("person_contact_phone_length", "contact.phone", ViolationCode::Invalid, validate::PHONE_FORM),
];

/// A change of how to reach a person, settled before anything is written.
pub(super) struct ContactChange {
    before: Option<Model>,
    after: Model,
    is_asked: bool,
}

impl ContactChange {
    /// For a person about whom nothing is stored yet.
    pub(super) fn first(person: PersonId, patch: ContactPatch, violations: &mut Violations) -> Self {
        Self::of(None, person, patch, violations)
    }

    /// For a person whose row is locked.
    pub(super) async fn find(
        db: &impl ConnectionTrait,
        person: PersonId,
        patch: ContactPatch,
        violations: &mut Violations,
    ) -> Result<Self> {
        let before = if patch.is_given() { Entity::find_by_id(person).one(db).await? } else { None };
        Ok(Self::of(before, person, patch, violations))
    }

    fn of(before: Option<Model>, person: PersonId, patch: ContactPatch, violations: &mut Violations) -> Self {
        let is_asked = patch.is_given();
        let mut after = before.clone().unwrap_or(Model { person_id: person, email: None, phone: None });
        patch.email.apply(&mut after.email);
        patch.phone.apply(&mut after.phone);
        validate::contact(&after, violations);
        Self { before, after, is_asked }
    }

    /// Whether anything becomes different.
    pub(super) fn differs(&self) -> bool {
        match &self.before {
            Some(before) => *before != self.after,
            None => !self.is_empty(),
        }
    }

    fn is_empty(&self) -> bool {
        self.after.email.is_none() && self.after.phone.is_none()
    }

    /// Stores what differs. The policy is asked also where nothing does: whoever may not change an address must not learn
    /// that a guess of it was right.
    pub(super) async fn store(self, db: &impl ConnectionTrait, viewer: &Viewer) -> Result<()> {
        let key = self.after.person_id;
        if self.is_asked {
            permit::<person::Entity>(db, viewer, key, (Kind::Contact, Action::Update)).await?;
        }
        if !self.differs() {
            return Ok(());
        }
        let is_empty = self.is_empty();
        let row: ActiveModel = self.after.into_active_model();
        let stored = match self.before {
            _ if is_empty => Entity::delete_by_id(key).exec(db).await.map(drop),
            Some(_) => row.reset_all().update(db).await.map(drop),
            None => row.reset_all().insert(db).await.map(drop),
        };
        stored.map_err(|error| refused(error, MEANINGS))
    }
}
