//! What a team writes down for itself. There is no reason to give with it: history keeps reasons, and nothing of a note.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::team_time::validate;
use crate::validation::Violations;
use crate::writing::{Patch, at_version, find_for, insert, refer, remove, save};
use entity::ids::{FocusQuestionId, TeamId, TeamNoteId};
use entity::team_note::{Entity, Model};
use entity::{experience_level, focus_question, team};
use sea_orm::{ConnectionTrait, EntityTrait as _};

/// A note to write.
#[derive(Clone, Debug)]
pub(crate) struct NewNote {
    /// The team.
    pub team: TeamId,
    /// The question that it answers, if any.
    pub question: Option<FocusQuestionId>,
    /// The note.
    pub text: String,
}

/// What is to change of a note.
#[derive(Clone, Debug, Default)]
pub(crate) struct NotePatch {
    /// The note.
    pub text: Patch<String>,
}

/// Writes a note. A question can be answered as often as a team likes, whichever level it has given itself meanwhile.
pub(crate) async fn write(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewNote) -> Result<Model> {
    authorize_some(actor.viewer, Kind::TeamNote, Action::Create)?;
    let mut violations = Violations::default();
    let team = refer::<team::Entity>(db, actor.viewer, ("teamId", Some(&mut new.team)), &mut violations).await?;
    let asked = ("questionId", new.question.as_mut());
    let question = refer::<focus_question::Entity>(db, actor.viewer, asked, &mut violations).await?;
    if let Some((team, question)) = team.as_ref().zip(question.as_ref()) {
        let level = experience_level::Entity::find_by_id(question.level_id).one(db).await?;
        if level.is_none_or(|level| level.convening_id != team.convening_id) {
            let message = "Choose one of the focus questions of the team's own convening.";
            violations.add("questionId", ViolationCode::Invalid, message);
        }
    }
    let row = Model {
        id: TeamNoteId::new(),
        team_id: new.team,
        question_id: new.question,
        question_as_asked: question.map(|question| question.text),
        text: new.text,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate::note(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, &[]).await
}

/// Changes what is named of a note.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: TeamNoteId,
    version: i32,
    patch: NotePatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.text.apply_required("text", &mut row.text, &mut violations);
    validate::note(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, &[]).await
}

/// Takes a note away.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: TeamNoteId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}
