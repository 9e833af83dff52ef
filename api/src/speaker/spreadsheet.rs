//! Speakers as a spreadsheet.

use super::loader;
use super::service::{self, NewSpeaker, SpeakerPatch};
use crate::auth::{Actor, Viewer};
use crate::database::{Alias, always};
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::graphql::NodeType;
use crate::graphql::tree::Order;
use crate::session as sessions;
use crate::spreadsheet::{self, Sheet, Word, flag, number, sources, stored, text, text_of, text_via, word};
use entity::ids::{ConveningId, PersonId, SessionId};
use entity::speaker::{Column, Entity, Role};
use entity::{convening, district, organization, person, session};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

/// What a row says.
#[derive(Default)]
pub(crate) struct Draft {
    session: Option<SessionId>,
    session_slug: Option<String>,
    position: Option<i32>,
    person: Option<PersonId>,
    patch: SpeakerPatch,
}

/// Its columns. A new row names its session by id or, in an import for one convening, by slug.
pub(crate) fn sheet() -> Sheet<Draft> {
    let mut keys = sessions::keys_through();
    keys.extend(loader::by_role());
    let order = Order::by("speakers.sessions", keys).through::<session::Entity>(Column::SessionId);
    let sheet = Sheet::of::<Entity>(NodeType::Speaker, order)
        .of_convening_where(|_, rows, convening| {
            let of = |session: &Alias| session.col(session::Column::ConveningId).eq(convening);
            rows.refers_to::<session::Entity>(Column::SessionId, of)
        })
        .led_by(|rows| rows.referred::<session::Entity>(Column::SessionId, |_| always(), convening_title))
        .tells(text_via::<session::Entity, convening::Entity>(
            "convening",
            (Column::SessionId, session::Column::ConveningId),
            "slug",
        ))
        .takes_once(stored("sessionId", Column::SessionId), |draft: &mut Draft, id| draft.session = id)
        .takes_once(text_of::<session::Entity>("session", Column::SessionId, "slug"), |draft, slug| {
            draft.session_slug = slug;
        })
        .needs(word("role", Column::Role), |draft, role| draft.patch.role = role.map(|Word(role): Word<Role>| role))
        .takes_once(number("position", Column::Position), |draft, position| draft.position = position);
    who(sheet).takes(sources(), |draft, sources| draft.patch.sources = sources)
}

/// Who speaks, and on whose behalf.
fn who(sheet: Sheet<Draft>) -> Sheet<Draft> {
    sheet
        .takes_once(stored("personId", Column::PersonId), |draft, id| draft.person = id)
        .tells(text_of::<person::Entity>("person", Column::PersonId, "name"))
        .takes(stored("organizationId", Column::OrganizationId), |draft, id| draft.patch.organization = id)
        .tells(text_of::<organization::Entity>("organization", Column::OrganizationId, "name"))
        .takes(stored("districtId", Column::DistrictId), |draft, id| draft.patch.district = id)
        .tells(text_of::<district::Entity>("district", Column::DistrictId, "name"))
        .takes(flag("asTeam", Column::AsTeam), |draft, as_team| draft.patch.as_team = as_team)
        .takes(text("nameAsShown", Column::NameAsShown), |draft, name| draft.patch.name_as_shown = name)
        .takes(text("titleAsShown", Column::TitleAsShown), |draft, title| draft.patch.title_as_shown = title)
}

fn convening_title(session: &Alias) -> Expr {
    session.referred::<convening::Entity>(
        session::Column::ConveningId,
        |_| always(),
        |convening| convening.computed("sort_title"),
    )
}

impl spreadsheet::Draft for Draft {
    async fn create(self, db: &DatabaseTransaction, actor: Actor<'_>, convening: Option<ConveningId>) -> Result<Uuid> {
        let session = self.session(db, actor.viewer, convening).await?;
        let patch = self.patch;
        let new = NewSpeaker {
            session,
            role: patch.role.into_value().unwrap_or(Role::Speaker),
            position: self.position,
            person: self.person,
            organization: patch.organization.into_value(),
            district: patch.district.into_value(),
            as_team: patch.as_team.into_value().unwrap_or_default(),
            title_as_shown: patch.title_as_shown.into_value(),
            sources: patch.sources.into_value().unwrap_or_default(),
            force: None,
        };
        let row = service::add(db, actor, new).await?;
        // A new speaker is shown by name; another that the row gives is a change of it.
        let patch = SpeakerPatch { name_as_shown: patch.name_as_shown, ..SpeakerPatch::default() };
        if patch.name_as_shown.value().is_some_and(|name| *name != row.name_as_shown) {
            service::update(db, actor, row.id, row.version, patch).await?;
        }
        Ok(row.id.into())
    }

    async fn update(self, db: &DatabaseTransaction, actor: Actor<'_>, key: Uuid, version: i32) -> Result<()> {
        service::update(db, actor, key.into(), version, self.patch).await.map(drop)
    }
}

impl Draft {
    /// The session of a new speaker: by its id, or by its slug where it is known which convening is meant.
    async fn session(
        &self,
        db: &DatabaseTransaction,
        viewer: &Viewer,
        convening: Option<ConveningId>,
    ) -> Result<SessionId> {
        let refused = |field, code, message: &str| Error::Invalid(vec![Violation::new(field, code, message)]);
        let rows = Alias::new("t0");
        let (field, named) = match (self.session, &self.session_slug, convening) {
            (Some(id), ..) => ("sessionId", rows.col(session::Column::Id).eq(id)),
            (None, Some(slug), Some(_)) => ("session", rows.col(session::Column::Slug).eq(slug.as_str())),
            (None, ..) => {
                let message = "Give the session's id; or its slug, and say which convening the whole file is of.";
                return Err(refused("sessionId", ViolationCode::Required, message));
            }
        };
        let mut select = rows.select_from::<session::Entity>();
        select.expr(rows.col(session::Column::Id)).and_where(named).and_where(viewer.visible::<session::Entity>(&rows));
        if let Some(convening) = convening {
            select.and_where(rows.col(session::Column::ConveningId).eq(convening));
        }
        let found = db.query_one(&select).await?.map(|row| row.try_get("", "id")).transpose()?;
        let missing = || match convening {
            Some(_) => {
                refused(field, ViolationCode::NotFound, "There is no such session of this convening, or not for you.")
            }
            None => refused(field, ViolationCode::NotFound, "There is no such session, or not for you."),
        };
        found.ok_or_else(missing)
    }
}
