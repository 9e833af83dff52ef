//! Signing in and out, and passwords, in the schema.

use super::viewer::Viewer;
use crate::account::service::{self, Acceptance, Attempt, Change, SignedIn};
use crate::error::{Error, Result};
use crate::graphql::{ContextExt as _, FieldResult, Nullable, Time, UserError};
use async_graphql::{Context, InputObject, Object, SimpleObject};

/// What somebody signs in with.
#[derive(InputObject)]
pub(crate) struct SignInInput {
    /// The address of the account.
    email: String,
    /// The password.
    password: String,
}

/// What a sign-in is continued with.
#[derive(InputObject)]
pub(crate) struct RefreshTokenInput {
    /// The refresh token that was given last. It is good once; used twice, it ends the sign-in.
    refresh_token: String,
}

/// Which sign-in is to end.
#[derive(InputObject)]
pub(crate) struct SignOutInput {
    /// A refresh token of it.
    refresh_token: String,
}

/// A password and the one that is to take its place.
#[derive(InputObject)]
pub(crate) struct ChangePasswordInput {
    /// The password as it is.
    current_password: String,
    /// The password as it is to be: 12 to 200 letters that nobody guesses: not common, nor made of what is known of you.
    new_password: String,
}

/// Whose password was forgotten.
#[derive(InputObject)]
pub(crate) struct RequestPasswordResetInput {
    /// The address of the account.
    email: String,
}

/// A new password, and the link that allows it.
#[derive(InputObject)]
pub(crate) struct ResetPasswordInput {
    /// What stands in the link behind the number sign.
    token: String,
    /// The password as it is to be: 12 to 200 letters that nobody guesses: not common, nor made of what is known of you.
    new_password: String,
}

/// What somebody brings who accepts an invitation.
#[derive(InputObject)]
pub(crate) struct AcceptInvitationInput {
    /// What stands in the link behind the number sign.
    token: String,
    /// The password to sign in with from now on: 12 to 200 letters that nobody guesses: not common, nor made of what is known of you.
    password: String,
    /// What you want to be called; as the invitation says where absent.
    display_name: Option<String>,
}

/// What came of signing in, or of going on with a sign-in.
#[derive(Default, SimpleObject)]
pub(crate) struct SignInPayload {
    /// What is sent with requests, as `Authorization: Bearer …`; null where nobody was signed in.
    access_token: Option<String>,
    /// What the next access token is got for, once, within 30 days; null where nobody was signed in.
    refresh_token: Option<String>,
    /// Until when the access token is good; null where nobody was signed in.
    expires_at: Option<Time>,
    /// Who was signed in; null where nobody was.
    viewer: Option<Viewer>,
    /// What stands in the way; empty where somebody was signed in.
    user_errors: Vec<UserError>,
}

/// What came of signing out.
#[derive(SimpleObject)]
pub(crate) struct SignOutPayload {
    /// Always empty: what is no token of anybody's ends nothing.
    user_errors: Vec<UserError>,
}

/// What came of changing a password.
#[derive(SimpleObject)]
pub(crate) struct ChangePasswordPayload {
    /// What stands in the way, all at once; empty where it was done.
    user_errors: Vec<UserError>,
}

/// What came of asking for a new password.
#[derive(SimpleObject)]
pub(crate) struct RequestPasswordResetPayload {
    /// Always empty: whether the address has an account is not told.
    user_errors: Vec<UserError>,
}

/// What came of setting a new password.
#[derive(SimpleObject)]
pub(crate) struct ResetPasswordPayload {
    /// What stands in the way, all at once; empty where it was done.
    user_errors: Vec<UserError>,
}

impl From<SignedIn> for SignInPayload {
    fn from(SignedIn { viewer, access, refresh }: SignedIn) -> Self {
        Self {
            access_token: Some(access.text),
            refresh_token: Some(refresh.reveal().to_owned()),
            expires_at: Some(Time(access.expires_at)),
            viewer: Some(Viewer(viewer)),
            user_errors: Vec::new(),
        }
    }
}

/// Tells what a person can mend apart from what is an error. Whoever has to wait is told in the headers for how long.
fn mended<T>(ctx: &Context<'_>, done: Result<T>) -> FieldResult<Result<T, Vec<UserError>>> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(Error::Invalid(violations)) => Ok(Err(violations.into_iter().map(UserError::from).collect())),
        Err(error) => {
            if let Error::RateLimited(seconds) = error {
                ctx.insert_http_header("retry-after", seconds.to_string());
            }
            Err(error.into())
        }
    }
}

fn signed_in(ctx: &Context<'_>, done: Result<SignedIn>) -> FieldResult<SignInPayload> {
    let refused = |user_errors| SignInPayload { user_errors, ..SignInPayload::default() };
    Ok(mended(ctx, done)?.map_or_else(refused, SignInPayload::from))
}

/// The faults of an act that answers nothing else.
fn faults(ctx: &Context<'_>, done: Result<()>) -> FieldResult<Vec<UserError>> {
    Ok(mended(ctx, done)?.err().unwrap_or_default())
}

/// Signing in and out, and passwords.
#[derive(Debug, Default)]
pub(crate) struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs in with an address and a password. Ten attempts that fail bring `RATE_LIMITED`, and a wait that doubles.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address and the password.")] input: SignInInput,
    ) -> Nullable<SignInPayload> {
        let attempt = Attempt { email: &input.email, password: &input.password, from: ctx.client().address };
        Some(signed_in(ctx, service::sign_in(ctx.accounts(), attempt).await))
    }

    /// Goes on with a sign-in: a new access token and a new refresh token, for the one before.
    async fn refresh_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: RefreshTokenInput,
    ) -> Nullable<SignInPayload> {
        Some(signed_in(ctx, service::refresh(ctx.accounts(), &input.refresh_token).await))
    }

    /// Ends a sign-in. Its access tokens are good for nothing from the next request on.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sign-in.")] input: SignOutInput,
    ) -> Nullable<SignOutPayload> {
        let done = service::sign_out(ctx.accounts(), &input.refresh_token).await;
        Some(faults(ctx, done).map(|user_errors| SignOutPayload { user_errors }))
    }

    /// Changes your password. Your other sign-ins end.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password as it is and as it is to be.")] input: ChangePasswordInput,
    ) -> Nullable<ChangePasswordPayload> {
        let change = Change { current: &input.current_password, new: &input.new_password };
        let done = service::change(ctx.accounts(), ctx.viewer(), change).await;
        Some(faults(ctx, done).map(|user_errors| ChangePasswordPayload { user_errors }))
    }

    /// Sends a link for a new password to an address, if it has an account. Where the service sends no letters, an
    /// administrator hands the link over.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] input: RequestPasswordResetInput,
    ) -> Nullable<RequestPasswordResetPayload> {
        let done = service::request_reset(ctx.accounts(), &input.email).await;
        Some(faults(ctx, done).map(|user_errors| RequestPasswordResetPayload { user_errors }))
    }

    /// Sets a new password by a link. Every sign-in of the account ends; sign in with the new password.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token and the new password.")] input: ResetPasswordInput,
    ) -> Nullable<ResetPasswordPayload> {
        let done = service::reset(ctx.accounts(), &input.token, &input.new_password).await;
        Some(faults(ctx, done).map(|user_errors| ResetPasswordPayload { user_errors }))
    }

    /// Accepts an invitation by its link: sets the account's first password, and signs in.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token and the password.")] input: AcceptInvitationInput,
    ) -> Nullable<SignInPayload> {
        let (password, display_name) = (input.password.as_str(), input.display_name.as_deref());
        let acceptance = Acceptance { token: &input.token, password, display_name };
        Some(signed_in(ctx, service::accept(ctx.accounts(), acceptance).await))
    }
}
