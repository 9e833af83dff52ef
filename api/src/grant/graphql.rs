//! Role grants in the schema.

use super::service::{self, GivenScope, Wanted, Whom};
use crate::account::Account;
use crate::auth::Actor;
use crate::convening::Convening;
use crate::district::District;
use crate::error::Result;
use crate::geography::Region;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{GlobalId, NodeType, Nullable, One, Time, payload, write};
use crate::organization::Organization;
use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::ids::RoleGrantId;
use entity::role_grant;

/// What an account may do, and where.
#[derive(Debug)]
pub struct RoleGrant(pub(super) Node<role_grant::Entity>);

/// A role that an account holds, where, and until when.
#[Object]
impl RoleGrant {
    /// The grant's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::RoleGrant, self.0.row.id)
    }

    /// What may be done.
    async fn role(&self) -> Role {
        self.0.row.role.into()
    }

    /// The account that holds it; null for those who may not see that account.
    async fn account(&self, ctx: &Context<'_>) -> Nullable<One<&Account>> {
        self.0.one(ctx)
    }

    /// The organization that it is granted for; null where it is not for one.
    async fn organization(&self, ctx: &Context<'_>) -> Nullable<One<&Organization>> {
        self.0.one(ctx)
    }

    /// The district that it is granted for; null where it is not for one.
    async fn district(&self, ctx: &Context<'_>) -> Nullable<One<&District>> {
        self.0.one(ctx)
    }

    /// The convening that it is granted for; null where it is not for one.
    async fn convening(&self, ctx: &Context<'_>) -> Nullable<One<&Convening>> {
        self.0.one(ctx)
    }

    /// The region that it is granted for; null where it is not for one.
    async fn region(&self, ctx: &Context<'_>) -> Nullable<One<&Region>> {
        self.0.one(ctx)
    }

    /// Until when it is held; null where nothing says that it ends.
    async fn expires_at(&self) -> Option<Time> {
        self.0.row.expires_at.map(Time)
    }

    /// When it was granted.
    async fn granted_at(&self) -> Time {
        Time(self.0.row.granted_at)
    }

    /// When it was revoked; null where it was not.
    async fn revoked_at(&self) -> Option<Time> {
        self.0.row.revoked_at.map(Time)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }
}

/// What an account may do. Every role may also do what everybody may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "role_grant::Role")]
pub(crate) enum Role {
    /// Speaks for a partner organization; granted for that organization.
    Partner,
    /// Leads a district's team; granted for that district.
    TeamLead,
    /// Runs convenings; granted for one convening, or for all of a region or organization.
    Organizer,
    /// Evaluates convenings.
    Evaluator,
    /// Is of the initiative's staff.
    Staff,
    /// Reads everything and changes nothing.
    Auditor,
    /// Runs the service.
    Admin,
}

/// A role to grant. Exactly the scope that the role takes is given: a PARTNER's organization, a `TEAM_LEAD`'s district, an
/// ORGANIZER's convening, region or organization, and none for the others.
#[derive(Debug, InputObject)]
pub(crate) struct GrantRoleInput {
    /// Which account; or give its address.
    account_id: Option<ID>,
    /// The address of the account, for those who may read addresses. Others invite it.
    email: Option<String>,
    /// What it is to do.
    role: Role,
    /// For which organization.
    organization_id: Option<ID>,
    /// For which district.
    district_id: Option<ID>,
    /// For which convening.
    convening_id: Option<ID>,
    /// For which region.
    region_id: Option<ID>,
    /// Until when; for no longer than you hold as much yourself. Where absent, nothing ends it.
    expires_at: Option<Time>,
}

/// The scope that the ids of an input give.
pub(crate) fn scope_of(
    organization: Option<&ID>,
    district: Option<&ID>,
    convening: Option<&ID>,
    region: Option<&ID>,
) -> Result<GivenScope> {
    Ok(GivenScope {
        organization: organization.map(|id| GlobalId::key_of(id, NodeType::Organization)).transpose()?,
        district: district.map(|id| GlobalId::key_of(id, NodeType::District)).transpose()?,
        convening: convening.map(|id| GlobalId::key_of(id, NodeType::Convening)).transpose()?,
        region: region.map(|id| GlobalId::key_of(id, NodeType::Region)).transpose()?,
    })
}

impl GrantRoleInput {
    fn read(self) -> Result<(Whom, Wanted)> {
        let (organization, district) = (self.organization_id.as_ref(), self.district_id.as_ref());
        let scope = scope_of(organization, district, self.convening_id.as_ref(), self.region_id.as_ref())?;
        let account = self.account_id.map(|id| GlobalId::key_of(&id, NodeType::Account)).transpose()?;
        let wanted = Wanted { role: self.role.into(), scope, expires_at: self.expires_at.map(|until| until.0) };
        Ok((Whom { account, email: self.email }, wanted))
    }
}

payload!(
    /// What came of granting a role.
    GrantRolePayload {
        /// The new grant; null where it was not made.
        role_grant: RoleGrant = role_grant::Entity
    }
);

payload!(
    /// What came of revoking a grant.
    RevokeRolePayload {
        /// The grant as it is now; null where it was not revoked.
        role_grant: RoleGrant = role_grant::Entity
    }
);

/// Changes of what accounts may do.
#[derive(Debug, Default)]
pub(crate) struct GrantMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl GrantMutation {
    /// Grants a role to an account. Nobody grants more than they hold: not another role but for administrators, not for a
    /// wider scope, not for longer.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom, what, where and until when.")] input: GrantRoleInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<GrantRolePayload> {
        let act = async |db: &_, actor: Actor<'_>| {
            let (whom, wanted) = input.read()?;
            Ok(service::grant(db, actor, whom, wanted).await?.id)
        };
        write(ctx, act).await
    }

    /// Revokes a grant; it counts for nothing from the next request on. The last administrator stays one.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which grant.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RevokeRolePayload> {
        write(ctx, async |db, actor| {
            let key: RoleGrantId = GlobalId::key_of(&id, NodeType::RoleGrant)?;
            service::revoke(db, actor, key).await?;
            Ok(key)
        })
        .await
    }
}
