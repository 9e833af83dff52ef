//! Who applies, with what the method looks at.

use crate::auth::Viewer;
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::selection::method::Candidate;
use crate::team::first_time;
use crate::team::moves::DECIDABLE;
use entity::ids::{ConveningId, TeamId};
use entity::team::Status;
use entity::{county, district, region, team};
use sea_orm::sea_query::{Expr, ExprTrait as _, JoinType};
use sea_orm::{ActiveEnum as _, ConnectionTrait};

/// A team that applies.
#[derive(Clone, Debug)]
pub(super) struct Applicant {
    /// Which team.
    pub(super) team: TeamId,
    /// As the method sees it.
    pub(super) candidate: Candidate,
}

/// All teams that a convening's places can go to. `keep` says whether those that are selected keep theirs.
pub(super) async fn of_convening(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: ConveningId,
    keep: bool,
) -> Result<Vec<Applicant>> {
    let [team, district, county, region] = ["t", "d", "k", "r"].map(Alias::new);
    let mut select = team.select_from::<team::Entity>();
    let left = JoinType::LeftJoin;
    select
        .join_as(
            JoinType::InnerJoin,
            district::Entity,
            &district,
            district.col(district::Column::Id).eq(team.col(team::Column::DistrictId)),
        )
        .join_as(
            left,
            county::Entity,
            &county,
            county.col(county::Column::Id).eq(district.col(district::Column::CountyId)),
        )
        .join_as(left, region::Entity, &region, region.col(region::Column::Id).eq(county.col(county::Column::RegionId)))
        .expr(team.col(team::Column::Id))
        .expr(team.col(team::Column::Status))
        .expr_as(
            Expr::cust_with_exprs(
                "coalesce($1, $2)",
                [district.col(district::Column::CdsCode), district.col(district::Column::Slug)],
            ),
            "code",
        )
        .expr_as(region.col(region::Column::Number), "region")
        .expr(district.col(district::Column::Kind))
        .expr(district.col(district::Column::Enrollment))
        .expr_as(first_time(viewer, &team), "first_time")
        .and_where(team.col(team::Column::ConveningId).eq(id))
        .and_where(one_of(team.col(team::Column::Status), DECIDABLE.map(|status| status.to_value()).to_vec()));
    let mut applicants = Vec::new();
    for row in db.query_all(&select).await? {
        let status: Status = row.try_get("", "status")?;
        let candidate = Candidate {
            code: row.try_get("", "code")?,
            region: row.try_get("", "region")?,
            kind: row.try_get("", "kind")?,
            enrollment: row.try_get("", "enrollment")?,
            first_time: row.try_get("", "first_time")?,
            kept: keep && status == Status::Selected,
        };
        applicants.push(Applicant { team: row.try_get("", "id")?, candidate });
    }
    Ok(applicants)
}
