//! The one who asks, and what they were granted.

use chrono::{DateTime, Utc};
use entity::ids::{AccountId, ApiKeyId, ConveningId, DistrictId, OrganizationId, RegionId, TokenFamilyId};
use uuid::Uuid;

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

impl Grant {
    /// A role within a scope.
    pub const fn new(role: Role, scope: Scope) -> Self {
        Self { role, scope }
    }
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

    /// The row that it is, by its key.
    pub(crate) fn row(self) -> Option<Uuid> {
        match self {
            Self::Account(id) => Some(id.0),
            Self::Key(id) => Some(id.0),
            Self::Nobody | Self::CommandLine => None,
        }
    }

    /// The key, where it is one.
    pub fn key(self) -> Option<ApiKeyId> {
        match self {
            Self::Key(id) => Some(id),
            Self::Nobody | Self::Account(_) | Self::CommandLine => None,
        }
    }
}

/// The one who asks. Without a grant: the public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    identity: Identity,
    grants: Vec<Grant>,
    /// When a grant ends, of those that do.
    ends: Vec<(Grant, DateTime<Utc>)>,
    read_only: bool,
    signed_in_by: Option<TokenFamilyId>,
    /// When what was shown is over.
    until: Option<DateTime<Utc>>,
}

impl Viewer {
    /// Somebody about whom nothing is known.
    pub fn public() -> Self {
        Self::default()
    }

    /// Somebody who showed who they are, with these grants, all of them in force.
    pub fn new(identity: Identity, grants: Vec<Grant>) -> Self {
        Self { identity, grants, ..Self::default() }
    }

    /// Whoever can run the program beside the database may do everything with it.
    pub fn command_line() -> Self {
        Self::new(Identity::CommandLine, vec![Grant::new(Role::Admin, Scope::Everything)])
    }

    /// The same, who may read and change nothing, whatever the grants say.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// The same, by the sign-in whose token was shown.
    #[must_use]
    pub(crate) fn signed_in_by(self, family: TokenFamilyId) -> Self {
        Self { signed_in_by: Some(family), ..self }
    }

    /// The same, of whose grants some end.
    #[must_use]
    pub(crate) fn ending(self, ends: Vec<(Grant, DateTime<Utc>)>) -> Self {
        Self { ends, ..self }
    }

    /// The same, by what is good until then.
    #[must_use]
    pub(crate) fn until(self, end: Option<DateTime<Utc>>) -> Self {
        Self { until: end, ..self }
    }

    /// The same with those grants alone that last until then: nobody hands on more than they hold.
    #[must_use]
    pub(crate) fn lasting(&self, until: Option<DateTime<Utc>>) -> Self {
        let end = |grant: &Grant| self.ends.iter().find(|(ending, _)| ending == grant).map(|(_, end)| *end);
        let lasts = |grant: &Grant| end(grant).is_none_or(|end| until.is_some_and(|until| end >= until));
        let grants = self.grants.iter().copied().filter(lasts).collect();
        Self { grants, ..self.clone() }
    }

    /// Who it is.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// The sign-in whose token was shown.
    pub(crate) fn sign_in(&self) -> Option<TokenFamilyId> {
        self.signed_in_by
    }

    /// When what was shown is over, where that is known.
    pub(crate) fn end(&self) -> Option<DateTime<Utc>> {
        self.until
    }

    /// When the first of the grants ends, of those that do.
    pub(crate) fn first_end_of_a_grant(&self) -> Option<DateTime<Utc>> {
        self.ends.iter().map(|(_, end)| *end).min()
    }

    /// Whether it is who another is, with all that the other was granted.
    pub(crate) fn is_still(&self, other: &Self) -> bool {
        self.identity == other.identity && other.grants.iter().all(|grant| self.grants.contains(grant))
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
