//! How a mutation runs: one transaction, in which the act is attributed to whoever asks for it, and then its payload,
//! read as anything is read. What a person can mend becomes `userErrors`, and nothing is changed.

use super::context::ContextExt as _;
use super::error::{FieldResult, Nullable};
use super::tree::{self, Branch, Field};
use super::words::camel;
use crate::auth::Actor;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::observe::security;
use crate::writing::{Patch, attribute, because};
use async_graphql::{Context, Enum, MaybeUndefined, SimpleObject};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// Something in the way of a change that a person can mend.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub(crate) struct UserError {
    /// The path of the field that it is about, from the input or the arguments.
    field: Vec<String>,
    /// What kind of fault it is, for programs.
    code: UserErrorCode,
    /// The fault and its mend, for people.
    message: String,
    /// The states that can be reached from here; only with `ILLEGAL_TRANSITION`.
    allowed: Option<Vec<String>>,
}

/// Kinds of faults that a person can mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ViolationCode")]
pub(crate) enum UserErrorCode {
    /// Nothing was given.
    Required,
    /// It does not have the form or the range that it must have.
    Invalid,
    /// Another has it already.
    Taken,
    /// It names something that is not there, or not for you.
    NotFound,
    /// It was changed since the version that was given.
    StaleVersion,
    /// It would be in two places at once, or otherwise against something that stands.
    Conflict,
    /// There is no room for it.
    CapacityExceeded,
    /// It is not in a state from which this can be done; `allowed` names the states that can be reached.
    IllegalTransition,
    /// Something still refers to it.
    InUse,
    /// You may not do this with it; only where many rows are changed at once.
    Forbidden,
}

impl From<Violation> for UserError {
    fn from(Violation { field, code, message, allowed }: Violation) -> Self {
        Self { field, code: code.into(), message, allowed }
    }
}

impl<T> From<MaybeUndefined<T>> for Patch<T> {
    fn from(given: MaybeUndefined<T>) -> Self {
        match given {
            MaybeUndefined::Undefined => Self::Keep,
            MaybeUndefined::Null => Self::Clear,
            MaybeUndefined::Value(value) => Self::Set(value),
        }
    }
}

/// What a mutation answers: what it changed, null if it could not, and why not. Made by [`payload!`](super::payload).
pub(crate) trait Payload: Sized {
    /// The table of what it changed.
    type Row: Branch;
    /// The payload's name in the schema.
    const TYPE: &'static str;
    /// The name of the field that has what it changed, in the code's spelling.
    const FIELD: &'static str;

    /// The payload of these.
    fn of(object: Option<<Self::Row as Branch>::Object>, user_errors: Vec<UserError>) -> Self;
}

/// Declares the payload of a mutation: `payload!(/// doc … Name { field: Object = table })`.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $object:ty = $row:ty }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $name {
            $(#[$field_doc])*
            $field: Option<$object>,
            /// What stands in the way, all at once; empty where it was done.
            user_errors: Vec<$crate::graphql::UserError>,
        }

        impl $crate::graphql::Payload for $name {
            type Row = $row;
            const TYPE: &'static str = stringify!($name);
            const FIELD: &'static str = stringify!($field);

            fn of($field: Option<$object>, user_errors: Vec<$crate::graphql::UserError>) -> Self {
                Self { $field, user_errors }
            }
        }
    };
}
pub(crate) use payload;

/// Runs an act that leaves a row behind, and reads that row for the payload.
pub(crate) async fn write<P: Payload, K: Into<Uuid>>(
    ctx: &Context<'_>,
    act: impl AsyncFnOnce(&DatabaseTransaction, Actor<'_>) -> Result<K>,
) -> Nullable<P> {
    let payload = async {
        Ok(match act_whole(ctx, act).await? {
            Ok(key) => P::of(changed::<P>(ctx, key.into()).await?, Vec::new()),
            Err(user_errors) => P::of(None, user_errors),
        })
    };
    Some(payload.await)
}

/// The same of an act that leaves something to do once it is there to stay, such as letters to send.
pub(crate) async fn write_and<P: Payload, K: Into<Uuid>, T>(
    ctx: &Context<'_>,
    act: impl AsyncFnOnce(&DatabaseTransaction, Actor<'_>) -> Result<(K, T)>,
    afterwards: impl FnOnce(&Context<'_>, T),
) -> Nullable<P> {
    let payload = async {
        Ok(match act_whole(ctx, act).await? {
            Ok((key, rest)) => {
                afterwards(ctx, rest);
                P::of(changed::<P>(ctx, key.into()).await?, Vec::new())
            }
            Err(user_errors) => P::of(None, user_errors),
        })
    };
    Some(payload.await)
}

/// Runs an act that takes a row away; the payload has the row as it was.
pub(crate) async fn take_away<P: Payload>(
    ctx: &Context<'_>,
    key: Result<impl Into<Uuid>>,
    act: impl AsyncFnOnce(&DatabaseTransaction, Actor<'_>) -> Result<()>,
) -> Nullable<P> {
    let payload = async {
        let was = changed::<P>(ctx, key?.into()).await?;
        Ok(match act_whole(ctx, act).await? {
            Ok(()) => P::of(was, Vec::new()),
            Err(user_errors) => P::of(None, user_errors),
        })
    };
    Some(payload.await)
}

/// Runs an act in a transaction of its own: all of it or nothing. What a person can mend is no error. Where the mutation
/// has an argument `reason`, history has it too.
pub(crate) async fn act_whole<T>(
    ctx: &Context<'_>,
    act: impl AsyncFnOnce(&DatabaseTransaction, Actor<'_>) -> Result<T>,
) -> FieldResult<Result<T, Vec<UserError>>> {
    let actor = ctx.actor();
    // What is a part of a whole is committed with it.
    let writer = if ctx.link().is_whole() { None } else { Some(ctx.writers().place().await?) };
    let (transaction, mark) = (ctx.link().begin().await?, security::mark());
    let done = async {
        match Field::of(ctx).argument::<Option<String>>("reason")? {
            Some(reason) => because(&transaction, actor, &reason).await?,
            None => attribute(&transaction, actor).await?,
        }
        act(&transaction, actor).await
    };
    match done.await {
        Ok(done) => {
            match writer {
                Some(writer) => writer.commit(transaction, || ()).await?,
                None => transaction.commit().await.map_err(Error::from)?,
            }
            Ok(Ok(done))
        }
        Err(error) => {
            security::forget(mark);
            transaction.rollback().await.map_err(Error::from)?;
            match error {
                Error::Invalid(violations) => Ok(Err(violations.into_iter().map(UserError::from).collect())),
                other => Err(other.into()),
            }
        }
    }
}

/// What was changed, as far as the payload's selection goes and the viewer sees it.
pub(crate) async fn changed<P: Payload>(ctx: &Context<'_>, key: Uuid) -> Result<Option<<P::Row as Branch>::Object>> {
    let Some(field) = Field::of(ctx).child(P::TYPE, &camel(P::FIELD)) else { return Ok(None) };
    Ok(tree::by_keys::<P::Row>(ctx, &field, vec![key]).await?.remove(&key))
}
