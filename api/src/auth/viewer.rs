//! The one who asks, and what they were granted.

use entity::ids::{AccountId, ApiKeyId, ConveningId, DistrictId, OrganizationId, RegionId};

/// A role that an account or a key can hold. Everybody, signed in or not, may do what the public may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A partner organization's site or staff.
    Partner,
    /// Leads a district's team.
    TeamLead,
    /// Runs convenings of a region or organization.
    Organizer,
    /// Evaluates convenings.
    Evaluator,
    /// The initiative's staff.
    Staff,
    /// Reads everything, changes nothing.
    Auditor,
    /// Runs the service.
    Admin,
}

/// How far a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole dataset.
    Everything,
    /// What belongs to one organization.
    Organization(OrganizationId),
    /// What belongs to one district.
    District(DistrictId),
    /// One convening.
    Convening(ConveningId),
    /// The convenings of one region.
    Region(RegionId),
}

/// A role within a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What may be done.
    pub role: Role,
    /// Where.
    pub scope: Scope,
}

/// What somebody showed to say who they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Identity {
    /// Nothing.
    #[default]
    Nobody,
    /// A person's account, by signing in.
    Account(AccountId),
    /// A machine's key.
    Key(ApiKeyId),
    /// The program itself was run beside the database.
    CommandLine,
}

impl Identity {
    /// The account, where it is one.
    pub fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(id) => Some(id),
            Self::Nobody | Self::Key(_) | Self::CommandLine => None,
        }
    }
}

/// The one who asks. Without a grant: the public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    identity: Identity,
    grants: Vec<Grant>,
    read_only: bool,
}

impl Viewer {
    /// Somebody about whom nothing is known.
    pub fn public() -> Self {
        Self::default()
    }

    /// Somebody who showed who they are, with these grants, all of them in force.
    pub fn new(identity: Identity, grants: Vec<Grant>) -> Self {
        Self { identity, grants, read_only: false }
    }

    /// Whoever can run the program beside the database may do everything with it.
    pub fn command_line() -> Self {
        Self::new(Identity::CommandLine, vec![Grant { role: Role::Admin, scope: Scope::Everything }])
    }

    /// The same, who may read and change nothing, whatever the grants say.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// Who it is.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// What the viewer was granted.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Whether the credential is good for reading alone.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }
}
