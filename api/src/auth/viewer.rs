//! The one who asks, and what they were granted.

use entity::ids::{ConveningId, DistrictId, OrganizationId, RegionId};

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

/// The one who asks. Without a grant: the public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    grants: Vec<Grant>,
}

impl Viewer {
    /// Somebody about whom nothing is known.
    pub fn public() -> Self {
        Self::default()
    }

    /// Somebody with these grants, all of them in force.
    pub fn with_grants(grants: Vec<Grant>) -> Self {
        Self { grants }
    }

    /// Whoever can run the program beside the database may do everything with it.
    pub fn command_line() -> Self {
        Self::with_grants(vec![Grant { role: Role::Admin, scope: Scope::Everything }])
    }

    /// What the viewer was granted.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }
}
