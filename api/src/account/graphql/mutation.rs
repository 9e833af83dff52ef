//! How accounts are invited, shut out and let in, in the schema.

use super::object::Account;
use crate::account::service::{self, Invitation};
use crate::auth::Actor;
use crate::error::Result;
use crate::grant::{Role, Wanted, scope_of};
use crate::graphql::{
    ContextExt as _, FieldResult, GlobalId, NodeType, Nullable, Time, UserError, act_whole, payload, write,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::account;
use entity::ids::AccountId;

/// Somebody to invite, with a role. Exactly the scope that the role takes is given: a PARTNER's organization, a
/// `TEAM_LEAD`'s district, an ORGANIZER's convening, region or organization, and none for the others.
#[derive(Debug, InputObject)]
pub(crate) struct InviteAccountInput {
    /// Where they are reached.
    email: String,
    /// What they are called, at most 300 letters.
    display_name: String,
    /// What they are to do.
    role: Role,
    /// For which organization.
    organization_id: Option<ID>,
    /// For which district.
    district_id: Option<ID>,
    /// For which convening.
    convening_id: Option<ID>,
    /// For which region.
    region_id: Option<ID>,
    /// Until when they hold the role; for no longer than you hold as much yourself. Where absent, nothing ends it.
    expires_at: Option<Time>,
}

impl TryFrom<InviteAccountInput> for Invitation {
    type Error = crate::error::Error;

    fn try_from(input: InviteAccountInput) -> Result<Self> {
        let (organization, district) = (input.organization_id.as_ref(), input.district_id.as_ref());
        let scope = scope_of(organization, district, input.convening_id.as_ref(), input.region_id.as_ref())?;
        let grant = Wanted { role: input.role.into(), scope, expires_at: input.expires_at.map(|until| until.0) };
        Ok(Self { email: input.email, display_name: input.display_name, grant })
    }
}

/// What came of inviting somebody: the same whether or not the address has an account already.
#[derive(Default, SimpleObject)]
pub(crate) struct InviteAccountPayload {
    /// The link to hand over, good once; null where the service sends it by e-mail.
    link: Option<String>,
    /// Until when the invitation can be accepted; null where nobody was invited.
    expires_at: Option<Time>,
    /// What stands in the way, all at once; empty where it was done.
    user_errors: Vec<UserError>,
}

/// What came of making a link for a new password.
#[derive(Default, SimpleObject)]
pub(crate) struct CreatePasswordResetLinkPayload {
    /// The link to hand over, good once; null where none was made.
    link: Option<String>,
    /// Until when it is good; null where none was made.
    expires_at: Option<Time>,
    /// What stands in the way; empty where it was done.
    user_errors: Vec<UserError>,
}

payload!(
    /// What came of shutting an account out.
    DisableAccountPayload {
        /// The account as it is now; null where it was not shut out.
        account: Account = account::Entity
    }
);

payload!(
    /// What came of letting an account in again.
    EnableAccountPayload {
        /// The account as it is now; null where it was not let in.
        account: Account = account::Entity
    }
);

fn key(id: &ID) -> Result<AccountId> {
    GlobalId::key_of(id, NodeType::Account)
}

/// Changes of accounts by others than their owners.
#[derive(Debug, Default)]
pub(crate) struct AccountMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl AccountMutation {
    /// Invites somebody to an account with a role. Nobody grants more than they hold.
    async fn invite_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and with which role.")] input: InviteAccountInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<InviteAccountPayload> {
        let act = async |db: &_, actor: Actor<'_>| service::invite(ctx.accounts(), db, actor, input.try_into()?).await;
        let invited = act_whole(ctx, act).await;
        let payload = invited.map(|invited| match invited {
            Ok(invited) => {
                if let Some(letter) = invited.letter {
                    let mailer = ctx.accounts().mailer.clone();
                    ctx.link().afterwards(move || mailer.send(letter));
                }
                let expires_at = Some(Time(invited.expires_at));
                InviteAccountPayload { link: invited.link, expires_at, user_errors: Vec::new() }
            }
            Err(user_errors) => InviteAccountPayload { user_errors, ..Default::default() },
        });
        Some(payload)
    }

    /// Makes a link by which the owner of an account sets a new password, to be handed over by an administrator.
    async fn create_password_reset_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose password.")] account_id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CreatePasswordResetLinkPayload> {
        let act = async |db: &_, actor: Actor<'_>| {
            service::reset_link(&ctx.accounts().public_url, db, actor, key(&account_id)?).await
        };
        let payload: FieldResult<_> = act_whole(ctx, act).await.map(|made| match made {
            Ok(made) => CreatePasswordResetLinkPayload {
                link: Some(made.url),
                expires_at: Some(Time(made.expires_at)),
                user_errors: Vec::new(),
            },
            Err(user_errors) => CreatePasswordResetLinkPayload { user_errors, ..Default::default() },
        });
        Some(payload)
    }

    /// Shuts an account out: whatever credential it holds is good for nothing from the next request on. The last
    /// administrator is not shut out.
    async fn disable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: String,
    ) -> Nullable<DisableAccountPayload> {
        write(ctx, async |db, actor| Ok(service::disable(db, actor, key(&id)?, version).await?.id)).await
    }

    /// Lets an account in again. Its roles count as before; it signs in anew.
    async fn enable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<EnableAccountPayload> {
        write(ctx, async |db, actor| Ok(service::enable(db, actor, key(&id)?, version).await?.id)).await
    }
}
