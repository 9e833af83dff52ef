//! Tells people that an endpoint of theirs was disabled.

use crate::account::Accounts;
use crate::error::Result;
use crate::mail::Letter;
use entity::account;
use entity::webhook_endpoint::{Model, Reason};
use sea_orm::EntityTrait as _;
use url::Url;

/// Sends a letter to the one whose endpoint it is, where that is a person and letters go out.
pub(super) async fn disabled(accounts: &Accounts, endpoint: &Model, why: Reason) -> Result<()> {
    let Some(account) = endpoint.account_id.filter(|_| accounts.mailer.is_on()) else { return Ok(()) };
    let account = account::Entity::find_by_id(account).one(&accounts.db).await?;
    let Some(account) = account.filter(|account| account.disabled_at.is_none()) else { return Ok(()) };
    let url = Url::parse(&endpoint.url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("an address that cannot be read");
    let letter = Letter::webhook_disabled(account.email, host, sentence(why), accounts.public_url.as_str());
    accounts.mailer.send(letter);
    Ok(())
}

fn sentence(why: Reason) -> &'static str {
    match why {
        Reason::Failing => "for more than three days nothing that was sent there was taken.",
        Reason::Gone => "the address answered that there is nothing for it any more (410 Gone).",
        Reason::Owner => "your account may have no webhooks any more.",
        Reason::Secret => "its secret cannot be read any more; give it a new one.",
    }
}
