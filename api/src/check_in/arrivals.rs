//! Who came in at a convening since it was looked last: for whoever watches the door.

use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::{Error, Result};
use crate::policy::{Action, Kind, authorize_some};
use chrono::{DateTime, Utc};
use entity::ids::{ConveningId, TeamMemberId};
use entity::{convening, team_member};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Those who are known to be there, and since when.
#[derive(Debug)]
pub(super) struct Arrivals {
    convening: ConveningId,
    known: HashMap<TeamMemberId, DateTime<Utc>>,
}

impl Arrivals {
    /// Those who come from now on, for whoever checks people in there.
    pub(super) async fn from_now(db: &impl ConnectionTrait, viewer: &Viewer, key: ConveningId) -> Result<Self> {
        authorize_some(viewer, Kind::CheckIn, Action::Update)?;
        let mut arrivals = Self { convening: key, known: HashMap::new() };
        arrivals.allow(db, viewer).await?;
        arrivals.since(db).await?;
        Ok(arrivals)
    }

    /// The convening whose door it is.
    pub(super) fn convening(&self) -> Uuid {
        self.convening.0
    }

    /// Lets pass whoever checks people in there.
    pub(super) async fn allow(&self, db: &impl ConnectionTrait, viewer: &Viewer) -> Result<()> {
        let rows = Alias::new("t0");
        let mut select = rows.select_from::<convening::Entity>();
        select
            .expr(viewer.allowed_with::<convening::Entity>(Kind::CheckIn, Action::Update, &rows))
            .and_where(rows.col(convening::Column::Id).eq(self.convening))
            .and_where(viewer.visible::<convening::Entity>(&rows));
        let Some(row) = db.query_one(&select).await? else { return Err(Error::NotFound("convening")) };
        // What is not known of a convening, such as its region, is nobody's own.
        if row.try_get_by_index::<Option<bool>>(0)? == Some(true) { Ok(()) } else { Err(viewer.refusal()) }
    }

    /// Those who came since it was asked last, in their order. Whose check-in was taken back may come again.
    pub(super) async fn since(&mut self, db: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
        use team_member::Column::{CheckedInAt, ConveningId, Id};
        let members = team_member::Entity::find().filter(ConveningId.eq(self.convening));
        let there = members.filter(CheckedInAt.is_not_null()).order_by_asc(CheckedInAt).order_by_asc(Id);
        let there: Vec<(TeamMemberId, DateTime<Utc>)> =
            there.select_only().columns([Id, CheckedInAt]).into_tuple().all(db).await?;
        let came = there.iter().filter(|(member, moment)| self.known.get(member) != Some(moment));
        let came = came.map(|(member, _)| member.0).collect();
        self.known = there.into_iter().collect();
        Ok(came)
    }
}
