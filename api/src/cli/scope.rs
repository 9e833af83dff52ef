//! Roles and their scopes at the command line.

use crate::grant::GivenScope;
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use entity::role_grant;
use entity::{convening, district, organization, region};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, QueryFilter as _};

/// A role, as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Role {
    /// Speaks for a partner organization
    Partner,
    /// Leads a district's team
    TeamLead,
    /// Runs convenings
    Organizer,
    /// Evaluates convenings
    Evaluator,
    /// Is of the initiative's staff
    Staff,
    /// Reads everything and changes nothing
    Auditor,
    /// Runs the service
    Admin,
}

impl From<Role> for role_grant::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Partner => Self::Partner,
            Role::TeamLead => Self::TeamLead,
            Role::Organizer => Self::Organizer,
            Role::Evaluator => Self::Evaluator,
            Role::Staff => Self::Staff,
            Role::Auditor => Self::Auditor,
            Role::Admin => Self::Admin,
        }
    }
}

/// The word for a role.
pub(super) fn word(role: role_grant::Role) -> &'static str {
    match role {
        role_grant::Role::Partner => "PARTNER",
        role_grant::Role::TeamLead => "TEAM_LEAD",
        role_grant::Role::Organizer => "ORGANIZER",
        role_grant::Role::Evaluator => "EVALUATOR",
        role_grant::Role::Staff => "STAFF",
        role_grant::Role::Auditor => "AUDITOR",
        role_grant::Role::Admin => "ADMIN",
    }
}

/// Where a role is granted, by names that people know.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Scope {
    /// The organization, by its slug (PARTNER, ORGANIZER)
    #[arg(long, value_name = "SLUG")]
    organization: Option<String>,
    /// The district, by its 14-digit code or its slug (`TEAM_LEAD`)
    #[arg(long, value_name = "CDS")]
    district: Option<String>,
    /// The convening, by its slug (ORGANIZER)
    #[arg(long, value_name = "SLUG")]
    convening: Option<String>,
    /// The region, by its number (ORGANIZER)
    #[arg(long, value_name = "NUMBER")]
    region: Option<i32>,
}

impl Scope {
    /// Whether nothing is given.
    pub(super) fn is_empty(&self) -> bool {
        self.organization.is_none() && self.district.is_none() && self.convening.is_none() && self.region.is_none()
    }

    /// The rows that are meant.
    pub(super) async fn find(&self, db: &impl ConnectionTrait) -> anyhow::Result<GivenScope> {
        let mut scope = GivenScope::default();
        if let Some(slug) = &self.organization {
            let row = organization::Entity::find().filter(organization::Column::Slug.eq(slug)).one(db).await?;
            scope.organization = Some(row.with_context(|| format!("there is no organization `{slug}`"))?.id);
        }
        if let Some(name) = &self.district {
            let by = district::Column::CdsCode.eq(name).or(district::Column::Slug.eq(name));
            let row = district::Entity::find().filter(by).one(db).await?;
            scope.district = Some(row.with_context(|| format!("there is no district `{name}`"))?.id);
        }
        if let Some(slug) = &self.convening {
            let row = convening::Entity::find().filter(convening::Column::Slug.eq(slug)).one(db).await?;
            scope.convening = Some(row.with_context(|| format!("there is no convening `{slug}`"))?.id);
        }
        if let Some(number) = self.region {
            let row = region::Entity::find().filter(region::Column::Number.eq(number)).one(db).await?;
            scope.region = Some(row.with_context(|| format!("there is no region {number}"))?.id);
        }
        Ok(scope)
    }
}
