//! What a convening consists of beside its own row: its strands, and what goes with it when it goes.

use crate::error::{Result, ViolationCode};
use crate::validation::{Meaning, refused};
use entity::ids::{ConveningId, StrandId};
use entity::{delegation, metric, sponsorship, strand};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    ModelTrait as _, QueryFilter as _, QueryOrder as _,
};

const MEANINGS: &[Meaning] = &[
    (
        "session_strand_fkey",
        "strands",
        ViolationCode::InUse,
        "Sessions belong to a strand that would go. Give them another first.",
    ),
    (
        "released_session_strand_fkey",
        "strands",
        ViolationCode::InUse,
        "Sessions of the agenda as it was last released belong to a strand that would go. Release the agenda first.",
    ),
];

/// Gives a convening these strands. A strand is known by its position: its sessions stay with it when it is called
/// otherwise, and one that sessions belong to cannot go. Says whether
/// anything differs from before.
pub(super) async fn set_strands(
    db: &impl ConnectionTrait,
    convening: ConveningId,
    titles: Vec<String>,
) -> Result<bool> {
    let standing = strand::Entity::find().filter(strand::Column::ConveningId.eq(convening));
    let mut standing = standing.order_by_asc(strand::Column::Position).all(db).await?.into_iter();
    let mut changed = false;
    for (position, title) in (1..).zip(titles) {
        match standing.next() {
            Some(row) if row.title == title && row.position == position => {}
            Some(row) => {
                changed = true;
                let mut row = row.into_active_model();
                (row.title, row.position) = (Set(title), Set(position));
                row.update(db).await?;
            }
            None => {
                changed = true;
                let row = strand::Model { id: StrandId::new(), convening_id: convening, position, title };
                row.into_active_model().reset_all().insert(db).await?;
            }
        }
    }
    for row in standing {
        changed = true;
        row.delete(db).await.map_err(|error| refused(error, MEANINGS))?;
    }
    Ok(changed)
}

/// Takes away what is part of a convening and of nothing else: who stands behind it, who was represented, what was
/// reported. Its strands and blocks go with its row.
pub(super) async fn remove_all(db: &impl ConnectionTrait, convening: ConveningId) -> Result<()> {
    sponsorship::Entity::delete_many().filter(sponsorship::Column::ConveningId.eq(convening)).exec(db).await?;
    delegation::Entity::delete_many().filter(delegation::Column::ConveningId.eq(convening)).exec(db).await?;
    metric::Entity::delete_many().filter(metric::Column::ConveningId.eq(convening)).exec(db).await?;
    Ok(())
}
