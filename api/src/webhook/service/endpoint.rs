//! Making endpoints, changing them, and giving them new secrets.

use super::super::address::Network;
use super::super::secret::SigningSecret;
use super::super::validate;
use crate::auth::{Actor, Identity, Keyring, Viewer};
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::feed::{self, Feeds, Place};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::Violations;
use crate::writing::{Patch, at_version, find_for, insert, remove, save};
use chrono::Duration;
use entity::ids::WebhookEndpointId;
use entity::webhook_endpoint::{Column, Entity, Model, Status};
use entity::webhook_progress;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, Statement,
};
use std::sync::Arc;

/// Endpoints of one account or key at most, and of all together.
const MOST: u64 = 20;
const MOST_OF_ALL: u64 = 1000;
/// Endpoints are counted by one at a time.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(hashtext('webhook endpoints'))";

/// An endpoint to make.
#[derive(Clone, Debug)]
pub(crate) struct NewEndpoint {
    pub url: String,
    pub description: Option<String>,
    pub types: Vec<String>,
    pub actions: Vec<String>,
}

/// What is to change of an endpoint.
#[derive(Clone, Debug)]
pub(crate) struct EndpointPatch {
    pub url: Patch<String>,
    pub description: Patch<String>,
    pub types: Patch<Vec<String>>,
    pub actions: Patch<Vec<String>>,
}

/// What an endpoint is made with besides what its input says.
pub(crate) struct Sealed<'a> {
    /// Where it may be.
    pub network: Network,
    /// What its secret is sealed with.
    pub keyring: &'a Keyring,
}

/// Where the feed of whoever asks stands, for those who may make an endpoint: it is told of what comes after.
pub(crate) async fn place(feeds: &Arc<Feeds>, viewer: &Viewer) -> Result<Place> {
    authorize_some(viewer, Kind::Webhook, Action::Create)?;
    feed::now(feeds, viewer).await
}

/// Makes an endpoint that is told of changes from a place in the feed on. Its secret is shown now and never again.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (sealed, place): (Sealed<'_>, Place),
    new: NewEndpoint,
) -> Result<(WebhookEndpointId, SigningSecret)> {
    authorize_some(actor.viewer, Kind::Webhook, Action::Create)?;
    let (id, secret) = (WebhookEndpointId::new(), SigningSecret::new()?);
    let identity = actor.viewer.identity();
    let row = Model {
        id,
        account_id: identity.account(),
        api_key_id: identity.key(),
        url: new.url,
        description: new.description,
        types: new.types,
        actions: new.actions,
        status: Status::Active,
        status_since: actor.now,
        disabled_because: None,
        secret: secret.seal(sealed.keyring, id)?,
        previous_secret: None,
        previous_until: None,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    let mut violations = Violations::default();
    validate::endpoint(&mut violations, &row, sealed.network);
    violations.finish()?;
    has_room(db, identity).await?;
    insert::<Entity>(db, actor, row, &[]).await?;
    let progress = webhook_progress::Model {
        endpoint_id: id,
        audience: place.audience,
        number: place.number,
        restart_id: None,
        failures: 0,
        failing_since: None,
        next_attempt_at: None,
    };
    progress.into_active_model().reset_all().insert(db).await?;
    Ok((id, secret))
}

/// Refuses one endpoint more where there are too many.
async fn has_room(db: &impl ConnectionTrait, identity: Identity) -> Result<()> {
    db.query_one_raw(Statement::from_string(DbBackend::Postgres, ONE_AT_A_TIME)).await?;
    let own = match (identity.account(), identity.key()) {
        (Some(account), _) => Entity::find().filter(Column::AccountId.eq(account)),
        (None, Some(key)) => Entity::find().filter(Column::ApiKeyId.eq(key)),
        (None, None) => return Err(Error::Forbidden),
    };
    let full =
        |message: &str| Err(Error::Invalid(vec![Violation::new("url", ViolationCode::CapacityExceeded, message)]));
    if own.count(db).await? >= MOST {
        return full("You have 20 endpoints. Take one away first.");
    }
    if Entity::find().count(db).await? >= MOST_OF_ALL {
        return full("There are as many endpoints as the service tells of changes. Ask an administrator.");
    }
    Ok(())
}

/// Changes an endpoint. What it was to be told goes to the new address.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (WebhookEndpointId, i32),
    (network, patch): (Network, EndpointPatch),
) -> Result<WebhookEndpointId> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let (mut row, mut violations) = (before.clone(), Violations::default());
    patch.url.apply_required("url", &mut row.url, &mut violations);
    patch.description.apply(&mut row.description);
    patch.types.apply_or_default(&mut row.types);
    patch.actions.apply_or_default(&mut row.actions);
    validate::endpoint(&mut violations, &row, network);
    violations.finish()?;
    Ok(save::<Entity>(db, actor, before, row, &[]).await?.id)
}

/// Sends nothing there until it is resumed; what changes meanwhile is told then.
pub(crate) async fn pause(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: WebhookEndpointId,
) -> Result<WebhookEndpointId> {
    let before = find_for::<Entity>(db, actor.viewer, id, Action::Update).await?;
    match before.status {
        Status::Paused => Ok(before.id),
        Status::Active => {
            let row = Model { status: Status::Paused, status_since: actor.now, ..before.clone() };
            Ok(save::<Entity>(db, actor, before, row, &[]).await?.id)
        }
        Status::Disabled => {
            let message =
                "The service has disabled this endpoint, and sends nothing there. Resume it once it is mended.";
            let violation = Violation::new("id", ViolationCode::IllegalTransition, message);
            Err(Error::Invalid(vec![Violation { allowed: Some(vec!["ACTIVE".to_owned()]), ..violation }]))
        }
    }
}

/// Goes on with an endpoint where it stopped, at once. One that is active goes on trying at once.
pub(crate) async fn resume(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: WebhookEndpointId,
) -> Result<WebhookEndpointId> {
    use webhook_progress::Column;
    let before = find_for::<Entity>(db, actor.viewer, id, Action::Update).await?;
    let row = match before.status {
        Status::Active => before.clone(),
        Status::Paused | Status::Disabled => {
            let (status, status_since) = (Status::Active, actor.now);
            Model { status, status_since, disabled_because: None, ..before.clone() }
        }
    };
    let anew = webhook_progress::ActiveModel {
        failures: sea_orm::ActiveValue::Set(0),
        failing_since: sea_orm::ActiveValue::Set(None),
        next_attempt_at: sea_orm::ActiveValue::Set(None),
        ..Default::default()
    };
    webhook_progress::Entity::update_many().set(anew).filter(Column::EndpointId.eq(id)).exec(db).await?;
    super::resend::wake(db, id).await?;
    Ok(save::<Entity>(db, actor, before, row, &[]).await?.id)
}

/// Gives an endpoint a new secret. The one before signs, too, for some hours, until the receiver knows the new one.
pub(crate) async fn rotate(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    keyring: &Keyring,
    (id, overlap_hours): (WebhookEndpointId, i32),
) -> Result<(WebhookEndpointId, SigningSecret)> {
    let before = find_for::<Entity>(db, actor.viewer, id, Action::Update).await?;
    let mut violations = Violations::default();
    validate::overlap(&mut violations, overlap_hours);
    violations.finish()?;
    let secret = SigningSecret::new()?;
    let until = (overlap_hours > 0).then(|| actor.now + Duration::hours(overlap_hours.into()));
    let row = Model {
        secret: secret.seal(keyring, before.id)?,
        previous_secret: until.map(|_| before.secret.clone()),
        previous_until: until,
        ..before.clone()
    };
    Ok((save::<Entity>(db, actor, before, row, &[]).await?.id, secret))
}

/// Takes an endpoint away, with all that is known of what was sent there.
pub(crate) async fn delete(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (WebhookEndpointId, i32),
) -> Result<()> {
    remove(db, at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?).await
}
