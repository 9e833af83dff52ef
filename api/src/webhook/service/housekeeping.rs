//! What is done for endpoints from time to time.

use super::super::secret::SigningSecret;
use crate::auth::Keyring;
use crate::error::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::WebhookEndpointId;
use entity::webhook_endpoint::{Column, Entity};
use sea_orm::{ColumnTrait as _, DatabaseConnection, DbBackend, EntityTrait as _, QueryFilter as _, Statement};
use sea_orm::{ConnectionTrait as _, QuerySelect as _};

/// How long it is known what was sent.
const KEPT: TimeDelta = TimeDelta::days(30);

const FORGET: &str = "DELETE FROM webhook_delivery WHERE created_at < $1";

/// Forgets what was sent long ago, seals secrets anew after the keys that sign were rotated, and has every endpoint looked
/// at, whatever was heard.
pub(crate) async fn put_away(db: &DatabaseConnection, keyring: &Keyring, now: DateTime<Utc>) -> Result<u64> {
    let forget = Statement::from_sql_and_values(DbBackend::Postgres, FORGET, [(now - KEPT).into()]);
    let forgotten = db.execute_raw(forget).await?.rows_affected();
    db.execute_unprepared("UPDATE webhook_progress SET heard = NULL WHERE heard IS NOT NULL").await?;
    seal_anew(db, keyring).await?;
    Ok(forgotten)
}

/// Seals anew what is sealed under a key that signs no more, while that is still there.
async fn seal_anew(db: &DatabaseConnection, keyring: &Keyring) -> Result<()> {
    type Row = (WebhookEndpointId, Vec<u8>, Option<Vec<u8>>);
    let columns = [Column::Id, Column::Secret, Column::PreviousSecret];
    let rows: Vec<Row> = Entity::find().select_only().columns(columns).into_tuple().all(db).await?;
    for (id, secret, previous) in rows {
        for (column, sealed) in [(Column::Secret, Some(secret)), (Column::PreviousSecret, previous)] {
            let Some(sealed) = sealed else { continue };
            let Some(kept) = SigningSecret::open(keyring, id, &sealed)?.filter(|kept| !kept.is_current) else {
                continue;
            };
            let anew = kept.secret.seal(keyring, id)?;
            // Where it was rotated meanwhile, it stays as it has become.
            let set = Entity::update_many().col_expr(column, sea_orm::sea_query::Expr::value(anew));
            set.filter(Column::Id.eq(id)).filter(column.eq(sealed)).exec(db).await?;
        }
    }
    Ok(())
}
