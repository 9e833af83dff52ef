//! The table and a viewer, made into a condition on rows.

use super::reach::{Reach, Scopes};
use super::resource::Resource;
use super::table::{self, Action, Kind, RULES};
use crate::auth::{Identity, Viewer};
use crate::database::{Alias, Edition, Own, always, never};
use crate::error::{Error, Result};
use sea_orm::sea_query::{Cond, Expr};
use std::borrow::Cow;

impl Viewer {
    /// The rows of `R` that the viewer may see: the condition that every read of them starts from.
    pub fn visible<R: Resource>(&self, rows: &Alias) -> Expr {
        self.allowed::<R>(Action::Read, rows)
    }

    /// The rows of `R` that the viewer may do this with.
    pub fn allowed<R: Resource>(&self, action: Action, rows: &Alias) -> Expr {
        self.allowed_with::<R>(R::KIND, action, rows)
    }

    /// The rows of `R` with whose `kind` the viewer may do this: a team may be seen and its roster not.
    pub fn allowed_with<R: Resource>(&self, kind: Kind, action: Action, rows: &Alias) -> Expr {
        let reaches = self.reaches(kind, action);
        if reaches.iter().any(|(reach, _)| *reach == Reach::Any) {
            return always();
        }
        if reaches.is_empty() {
            return never();
        }
        let none = Cond::any();
        let any = reaches.iter().fold(none, |any, (reach, scopes)| any.add(R::reached(*reach, scopes, rows)));
        match R::besides(self, action, rows) {
            Some(besides) => Cond::all().add(any).add(besides).into(),
            None => any.into(),
        }
    }

    /// A table under this name, as the viewer reads it: agendas that the viewer may see as they are worked on are read so,
    /// and others as they were last released.
    pub fn reads(&self, name: impl Into<Cow<'static, str>>) -> Alias {
        Alias::new(name).in_edition(self.edition())
    }

    fn edition(&self) -> Edition {
        let mut own = Own::default();
        for (reach, scopes) in self.reaches(Kind::Agenda, Action::Read) {
            match reach {
                Reach::Any => return Edition::Working,
                Reach::OwnConvening => {
                    own.convenings.extend(scopes.convenings);
                    own.organizations.extend(scopes.organizations);
                    own.regions.extend(scopes.regions);
                }
                _ => {}
            }
        }
        if own == Own::default() { Edition::Released } else { Edition::Own(own.into()) }
    }

    /// What the table grants the viewer by each of the roles held, each role once.
    fn reaches(&self, kind: Kind, action: Action) -> Vec<(Reach, Scopes)> {
        if self.is_read_only() && action != Action::Read {
            return Vec::new();
        }
        let Some(rule) = table::find(kind, action) else { return Vec::new() };
        let mut reaches: Vec<_> = rule.public.iter().map(|&reach| (reach, Scopes::without_role(self))).collect();
        let mut seen = Vec::new();
        for role in self.grants().iter().map(|grant| grant.role) {
            if !seen.contains(&role) {
                seen.push(role);
                let scopes = Scopes::of(self, role);
                // A grant for less than everything never reaches everything, whatever its role.
                let granted = rule.of(role).iter().filter(|reach| **reach != Reach::Any || scopes.everything);
                reaches.extend(granted.map(|&reach| (reach, scopes.clone())));
            }
        }
        // Who has no account has entered nothing by it, and nothing is theirs.
        let has_account = self.identity().account().is_some();
        let has_credential = has_account || self.identity().key().is_some();
        reaches.retain(|(reach, _)| match reach {
            Reach::OwnAccount | Reach::Entered => has_account,
            Reach::OwnCredential => has_credential,
            _ => true,
        });
        reaches
    }

    /// Whether the viewer may do this with every row of the kind.
    pub fn may_always(&self, kind: Kind, action: Action) -> bool {
        self.reaches(kind, action).iter().any(|(reach, _)| *reach == Reach::Any)
    }

    /// Whether there may be a row of the kind that the viewer may do this with.
    pub fn may_ever(&self, kind: Kind, action: Action) -> bool {
        !self.reaches(kind, action).is_empty()
    }

    /// What the viewer may do, at least with some rows, in words: `convening:update`.
    pub fn permissions(&self) -> Vec<String> {
        let granted = RULES.iter().filter(|rule| self.may_ever(rule.kind, rule.action));
        granted.map(|rule| format!("{}:{}", rule.kind.word(), rule.action.word())).collect()
    }

    /// What somebody is told who may not do something.
    pub fn refusal(&self) -> Error {
        if self.identity() == Identity::Nobody && self.grants().is_empty() {
            Error::Unauthenticated
        } else {
            Error::Forbidden
        }
    }
}

/// Lets pass whoever may do this with every row of the kind.
pub fn authorize(viewer: &Viewer, kind: Kind, action: Action) -> Result<()> {
    if viewer.may_always(kind, action) { Ok(()) } else { Err(viewer.refusal()) }
}

/// Lets pass whoever may do this with some row of the kind, before anything is looked at that could tell them more.
pub fn authorize_some(viewer: &Viewer, kind: Kind, action: Action) -> Result<()> {
    if viewer.may_ever(kind, action) { Ok(()) } else { Err(viewer.refusal()) }
}
