//! How far a rule reaches.

use crate::auth::{Role, Scope, Viewer};
use uuid::Uuid;

/// The rows that a rule takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Any,
    /// Those that are shown to everybody.
    Published,
    /// Those of an organization in the grant's scope.
    OwnOrganization,
    /// Those of a district in the grant's scope.
    OwnDistrict,
    /// Those of a convening in the grant's scope: by itself, by its organizer or by its region.
    OwnConvening,
    /// Those that the viewer's account has added.
    Entered,
    /// What belongs to the account that asks.
    OwnAccount,
    /// What belongs to the account or the key that asks.
    OwnCredential,
}

/// What the grants of one role reach together.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    /// The whole dataset.
    pub everything: bool,
    /// Organizations by key.
    pub organizations: Vec<Uuid>,
    /// Districts by key.
    pub districts: Vec<Uuid>,
    /// Convenings by key.
    pub convenings: Vec<Uuid>,
    /// Regions by key.
    pub regions: Vec<Uuid>,
    /// The account that asks, where one does.
    pub account: Option<Uuid>,
    /// The key that asks, where one does.
    pub key: Option<Uuid>,
}

impl Scopes {
    /// What is the viewer's own without any role.
    pub(crate) fn without_role(viewer: &Viewer) -> Self {
        let (account, key) = (viewer.identity().account(), viewer.identity().key());
        Self { account: account.map(Into::into), key: key.map(Into::into), ..Self::default() }
    }

    /// The scopes in which the viewer holds the role.
    pub(crate) fn of(viewer: &Viewer, role: Role) -> Self {
        let mut scopes = Self::without_role(viewer);
        for grant in viewer.grants().iter().filter(|grant| grant.role == role) {
            match grant.scope {
                Scope::Everything => scopes.everything = true,
                Scope::Organization(id) => scopes.organizations.push(id.0),
                Scope::District(id) => scopes.districts.push(id.0),
                Scope::Convening(id) => scopes.convenings.push(id.0),
                Scope::Region(id) => scopes.regions.push(id.0),
            }
        }
        scopes
    }
}
