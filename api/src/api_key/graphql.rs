//! API keys in the schema.

use super::loader;
use super::service::{self, NewApiKey};
use crate::auth::{Actor, NewKey};
use crate::error::{Error, Result};
use crate::grant::Role;
use crate::graphql::tree::{self, Edited, Node};
use crate::graphql::{
    Connection, ContextExt as _, FieldResult, GlobalId, NodeType, Nullable, One, Payload, Time, UserError, act_whole,
    changed, payload, write,
};
use crate::organization::Organization;
use crate::policy::{Action, Kind, authorize_some};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::api_key;
use entity::ids::ApiKeyId;

/// A machine's credential.
#[derive(Debug)]
pub struct ApiKey(pub(super) Node<api_key::Entity>);

/// The credential of a partner's site or a dashboard. Its secret is shown once, when it is made, and never again.
#[Object]
impl ApiKey {
    /// The key's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::ApiKey, self.0.row.id)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// What stands in the key behind `lmi_`: it tells one key from another and is no secret.
    async fn prefix(&self) -> &str {
        &self.0.row.prefix
    }

    /// What it may do beyond reading what everybody reads; null where that is nothing.
    async fn role(&self) -> Option<Role> {
        self.0.row.role.map(Role::from)
    }

    /// The organization that it is of; null for one without a role.
    async fn organization(&self, ctx: &Context<'_>) -> Nullable<One<&Organization>> {
        self.0.one(ctx)
    }

    /// Whether it changes nothing, whatever its role allows.
    async fn read_only(&self) -> bool {
        self.0.row.read_only
    }

    /// Until when it is good; null where nothing says that it ends.
    async fn expires_at(&self) -> Option<Time> {
        self.0.row.expires_at.map(Time)
    }

    /// Until when the secret before the last rotation is good, too; null where there is none.
    async fn previous_secret_until(&self) -> Option<Time> {
        self.0.row.previous_until.map(Time)
    }

    /// When it was last used, to the minute; null where it was not.
    async fn last_used_at(&self) -> Option<Time> {
        self.0.row.last_used_at.map(Time)
    }

    /// When it was revoked; null where it was not.
    async fn revoked_at(&self) -> Option<Time> {
        self.0.row.revoked_at.map(Time)
    }

    /// When it was made.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }
}

/// A key to make.
#[derive(Debug, InputObject)]
pub(crate) struct CreateApiKeyInput {
    /// What it is called, at most 300 letters: whose it is and what for.
    name: String,
    /// What it may do: PARTNER, or nothing beyond reading what everybody reads.
    role: Option<Role>,
    /// For which organization; with PARTNER.
    organization_id: Option<ID>,
    /// Whether it changes nothing, whatever its role allows. Where absent, that is so for a key without a role.
    read_only: Option<bool>,
    /// Until when it is good. Where absent, nothing ends it.
    expires_at: Option<Time>,
}

impl TryFrom<CreateApiKeyInput> for NewApiKey {
    type Error = Error;

    fn try_from(input: CreateApiKeyInput) -> Result<Self> {
        Ok(Self {
            name: input.name,
            role: input.role.map(Into::into),
            organization: input.organization_id.map(|id| GlobalId::key_of(&id, NodeType::Organization)).transpose()?,
            read_only: input.read_only.unwrap_or(input.role.is_none()),
            expires_at: input.expires_at.map(|until| until.0),
        })
    }
}

/// Declares the payload of a mutation that shows a key.
macro_rules! key_payload {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// The key's entry; null where it was not done.
            api_key: Option<ApiKey>,
            /// The key itself, as `Authorization: Bearer …` takes it. Keep it now: it is never shown again.
            key: Option<String>,
            /// What stands in the way, all at once; empty where it was done.
            user_errors: Vec<UserError>,
        }

        impl Payload for $name {
            type Row = api_key::Entity;
            const TYPE: &'static str = stringify!($name);
            const FIELD: &'static str = "api_key";

            fn of(api_key: Option<ApiKey>, user_errors: Vec<UserError>) -> Self {
                Self { api_key, key: None, user_errors }
            }
        }

        impl ShowsKey for $name {
            fn with(self, key: String) -> Self {
                Self { key: Some(key), ..self }
            }
        }
    };
}

/// A payload that shows a key.
trait ShowsKey: Payload {
    fn with(self, key: String) -> Self;
}

key_payload!(
    /// What came of making a key.
    CreateApiKeyPayload
);

key_payload!(
    /// What came of giving a key a new secret.
    RotateApiKeyPayload
);

payload!(
    /// What came of revoking a key.
    RevokeApiKeyPayload {
        /// The key's entry as it is now; null where it was not revoked.
        api_key: ApiKey = api_key::Entity
    }
);

async fn shown<P: ShowsKey>(
    ctx: &Context<'_>,
    made: FieldResult<Result<(api_key::Model, NewKey), Vec<UserError>>>,
) -> FieldResult<P> {
    Ok(match made? {
        Ok((row, key)) => P::of(changed::<P>(ctx, row.id.into()).await?, Vec::new()).with(key.reveal()),
        Err(user_errors) => P::of(None, user_errors),
    })
}

fn key(id: &ID) -> Result<ApiKeyId> {
    GlobalId::key_of(id, NodeType::ApiKey)
}

/// Root fields on keys.
#[derive(Debug, Default)]
pub(crate) struct ApiKeyQuery;

#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl ApiKeyQuery {
    /// The keys that you may see, by name: all for ADMIN and AUDITOR, those of the own organization for PARTNER, an error
    /// for others.
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<ApiKey>> {
        if let Err(refusal) = authorize_some(ctx.viewer(), Kind::Key, Action::Read) {
            return Some(Err(refusal.into()));
        }
        tree::connection::<api_key::Entity>(ctx, |_| Ok(loader::listing())).await
    }
}

/// Changes of keys.
#[derive(Debug, Default)]
pub(crate) struct ApiKeyMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl ApiKeyMutation {
    /// Makes a key. It is shown in the answer, and never again.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is to be.")] input: CreateApiKeyInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CreateApiKeyPayload> {
        let made = act_whole(ctx, async |db, actor| service::create(db, actor, input.try_into()?).await).await;
        Some(shown(ctx, made).await)
    }

    /// Gives a key a new secret, which is shown in the answer and never again. The secret before is good for some hours
    /// more, so that nothing stands still until the new one is in its place.
    async fn rotate_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which key.")] id: ID,
        #[graphql(desc = "For how many hours the secret before is still good: 0 to 168.", default = 24)]
        overlap_hours: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RotateApiKeyPayload> {
        let rotate = async |db: &_, actor: Actor<'_>| service::rotate(db, actor, key(&id)?, overlap_hours).await;
        let made = act_whole(ctx, rotate).await;
        Some(shown(ctx, made).await)
    }

    /// Revokes a key; it is good for nothing from the next request on.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which key.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RevokeApiKeyPayload> {
        write(ctx, async |db, actor| Ok(service::revoke(db, actor, key(&id)?).await?.id)).await
    }
}
