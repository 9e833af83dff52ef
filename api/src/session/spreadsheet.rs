//! Sessions as a spreadsheet.

use super::loader;
use super::service::{self, NewSession, SessionPatch};
use crate::auth::Actor;
use crate::database::{Alias, always};
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::graphql::NodeType;
use crate::spreadsheet::{
    self, Cells, Sheet, Word, date, flag, number, sources, stored, text, text_of, texts, texts_of, time, value, word,
};
use entity::ids::ConveningId;
use entity::session::{Column, Entity, Format};
use entity::{convening, session_block, session_relation, strand};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{DatabaseTransaction, EntityTrait};
use uuid::Uuid;

/// What a row says.
#[derive(Default)]
pub(crate) struct Draft {
    convening: Option<ConveningId>,
    slug: Option<String>,
    patch: SessionPatch,
}

/// Its columns. Strands and blocks stand there by their places, and by their titles beside them.
pub(crate) fn sheet() -> Sheet<Draft> {
    let sheet = Sheet::of::<Entity>(NodeType::Session, loader::by_date())
        .of_convening(Column::ConveningId)
        .takes_once(stored("conveningId", Column::ConveningId), |draft: &mut Draft, id| draft.convening = id)
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .takes_once(text("slug", Column::Slug), |draft, slug| draft.slug = slug)
        .takes(number("number", Column::Number), |draft, number| draft.patch.number = number)
        .needs(text("title", Column::Title), |draft, title| draft.patch.title = title)
        .needs(word("format", Column::Format), |draft, format| {
            draft.patch.format = format.map(|Word(format): Word<Format>| format);
        })
        .takes(place::<strand::Entity>("strand", Column::StrandId), |draft, place| draft.patch.strand = place)
        .tells(text_of::<strand::Entity>("strandTitle", Column::StrandId, "title"))
        .takes(place::<session_block::Entity>("block", Column::BlockId), |draft, place| draft.patch.block = place)
        .tells(text_of::<session_block::Entity>("blockTitle", Column::BlockId, "title"));
    told_of(sheet)
        .tells(texts_of::<Entity>("relatedSessions", ("slug", "slug"), is_related))
        .takes(sources(), |draft, sources| draft.patch.sources = sources)
        .keeps(time("createdAt", Column::CreatedAt))
        .keeps(time("updatedAt", Column::UpdatedAt))
}

/// What is said of a session.
fn told_of(sheet: Sheet<Draft>) -> Sheet<Draft> {
    sheet
        .takes(text("abstract", Column::Abstract), |draft, text| draft.patch.r#abstract = text)
        .takes(number("durationMinutes", Column::DurationMinutes), |draft, all| draft.patch.duration_minutes = all)
        .takes(date("date", Column::Date), |draft, date| draft.patch.date = date)
        .takes(texts("questions", Column::Questions), |draft, questions| draft.patch.questions = questions)
        .takes(flag("speakersComplete", Column::SpeakersComplete), |draft, all| draft.patch.speakers_complete = all)
}

/// The place that what a column refers to has in its convening.
fn place<E: EntityTrait>(name: &'static str, column: Column) -> Cells<i32> {
    value(name, move |_, rows| rows.referred::<E>(column, |_| always(), |other| other.computed("position")))
}

fn is_related(related: &Alias, rows: &Alias) -> Expr {
    related.exists::<session_relation::Entity>(|relation| {
        let this = relation.col(session_relation::Column::SessionId).eq(rows.col(Column::Id));
        this.and(relation.col(session_relation::Column::RelatedId).eq(related.col(Column::Id)))
    })
}

impl spreadsheet::Draft for Draft {
    async fn create(self, db: &DatabaseTransaction, actor: Actor<'_>, convening: Option<ConveningId>) -> Result<Uuid> {
        let Self { convening: own, slug, patch } = self;
        let new = NewSession {
            convening: one_convening(own, convening)?,
            slug,
            number: patch.number.into_value(),
            title: patch.title.into_value().unwrap_or_default(),
            format: patch.format.into_value().unwrap_or(Format::Unstructured),
            strand: patch.strand.into_value(),
            block: patch.block.into_value(),
            r#abstract: patch.r#abstract.into_value(),
            duration_minutes: patch.duration_minutes.into_value(),
            date: patch.date.into_value(),
            questions: patch.questions.into_value().unwrap_or_default(),
            speakers_complete: patch.speakers_complete.into_value().unwrap_or(true),
            sources: patch.sources.into_value().unwrap_or_default(),
        };
        Ok(service::create(db, actor, new).await?.id.into())
    }

    async fn update(self, db: &DatabaseTransaction, actor: Actor<'_>, key: Uuid, version: i32) -> Result<()> {
        service::update(db, actor, key.into(), version, self.patch).await.map(drop)
    }
}

/// The convening of a new session: that of its row, or of the whole file.
fn one_convening(own: Option<ConveningId>, of_file: Option<ConveningId>) -> Result<ConveningId> {
    let refused = |code, message| Err(Error::Invalid(vec![Violation::new("conveningId", code, message)]));
    match (own, of_file) {
        (Some(own), Some(of_file)) if own != of_file => {
            refused(ViolationCode::Conflict, "The file is imported for another convening.")
        }
        (None, None) => refused(ViolationCode::Required, "Say which convening it is of, here or for the whole file."),
        (own, of_file) => own.or(of_file).ok_or_else(|| Error::internal("neither was there")),
    }
}
