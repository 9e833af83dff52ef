//! How releases are made.

use crate::auth::Actor;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::policy::Action;
use crate::validation::Violations;
use crate::writing::{at_version, find_for, touch};
use entity::convening;
use entity::ids::{AgendaReleaseId, ConveningId};
use sea_orm::sea_query::{Alias, Func, Query};
use sea_orm::{ConnectionTrait, QueryResult};

/// Letters in a note at most.
const MAX_NOTE: usize = 2000;

/// Makes the agenda of a convening, as it stands, its next release, once it is published. The convening is held
/// meanwhile, as by whoever changes its agenda: what is released is one consistent state.
pub(crate) async fn release(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ConveningId,
    version: i32,
    note: Option<String>,
) -> Result<AgendaReleaseId> {
    let convening = find_for::<convening::Entity>(db, actor.viewer, id, Action::Update).await?;
    let convening = at_version(convening, version)?;
    let mut violations = Violations::default();
    let fits = |note: &str| !note.trim().is_empty() && note.chars().count() <= MAX_NOTE;
    violations.check(
        note.as_deref().is_none_or(fits),
        "note",
        "Write 1 to 2,000 letters on what is new, or leave it out.",
    );
    violations.finish()?;
    if !convening.agenda_published {
        let message =
            "The agenda is not published. Publish it first, with publishAgenda: that makes its first release.";
        let violation = Violation::new("conveningId", ViolationCode::IllegalTransition, message);
        return Err(Error::Invalid(vec![Violation { allowed: Some(Vec::new()), ..violation }]));
    }
    let release = make(db, actor, convening.id, note).await?;
    touch::<convening::Entity>(db, actor, convening).await?;
    Ok(release)
}

/// Makes the agenda of a convening its next release, whatever state it is in. Whoever calls this holds the convening.
pub(crate) async fn make(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    convening: ConveningId,
    note: Option<String>,
) -> Result<AgendaReleaseId> {
    let id = AgendaReleaseId::new();
    let made = Func::cust(Alias::new("release_agenda")).arg(id).arg(convening).arg(note).arg(actor.now);
    let _made: Option<QueryResult> = db.query_one(Query::select().expr(made)).await?;
    Ok(id)
}
