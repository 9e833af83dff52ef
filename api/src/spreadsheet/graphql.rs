//! Importing a spreadsheet, in the schema.

use super::import::{self, Change, File, Imported, Report};
use super::what::Importable;
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, UserError, act_whole};
use crate::history::FieldChange;
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

/// What can be imported from a spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Importable")]
pub(crate) enum ImportedKind {
    /// Organizations.
    Organizations,
    /// People, with how to reach them. Who has the name of somebody who is here already is refused, unless a column
    /// `isNamesake` says `true` in the row.
    People,
    /// Sessions. A new one names its convening in a column `conveningId`, unless the whole file is of one convening.
    Sessions,
    /// Speakers. A new one names its session in a column `sessionId` or, in a file of one convening, by its slug in a column
    /// `session`. Who speaks and the place among the others do not change by an import.
    Speakers,
}

/// A spreadsheet to import.
#[derive(Debug, InputObject)]
pub(crate) struct ImportSpreadsheetInput {
    /// What its rows are.
    what: ImportedKind,
    /// The spreadsheet as CSV, as an export has it: a row that names the columns, and then at most 5,000 rows. Columns may
    /// stand in any order, and what is left out stays as it is; an empty cell empties. Commas, semicolons and tabs
    /// are understood. A request has 1 MB and 10 seconds at most; `lmi import` takes what does not fit.
    csv: String,
    /// The convening that all rows belong to, new ones included; only for what belongs to one.
    convening_id: Option<ID>,
    /// Whether it is only tried: the answer is the same, and nothing is changed.
    #[graphql(default)]
    dry_run: bool,
}

/// What came of importing a spreadsheet.
#[derive(SimpleObject)]
pub(crate) struct ImportSpreadsheetPayload {
    /// Its rows, in their order, with what became of each; empty where it was refused.
    rows: Vec<ImportedRow>,
    /// How many were added.
    created: usize,
    /// How many were changed.
    updated: usize,
    /// How many stood so already.
    unchanged: usize,
    /// What stands in the way, of all rows at once, at most 100 of them; empty where it was done. The path ends with the
    /// line and the column, as in `["csv", "line 7", "kind"]`.
    user_errors: Vec<UserError>,
}

/// What became of a row of a spreadsheet.
#[derive(SimpleObject)]
pub(crate) struct ImportedRow {
    /// Its place in the spreadsheet, where the names of the columns are line 1.
    line: usize,
    /// What happened.
    effect: ImportEffect,
    /// Its global id; null for a new one that was only tried.
    id: Option<ID>,
    /// What it is called.
    name: String,
    /// The columns that changed; of a new row, all that hold something.
    changes: Vec<FieldChange>,
}

/// What an import does to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "import::Effect")]
pub(crate) enum ImportEffect {
    /// It is new.
    Created,
    /// Something of it changed.
    Updated,
    /// It stands as it stood.
    Unchanged,
}

impl From<Report> for ImportSpreadsheetPayload {
    fn from(report: Report) -> Self {
        let count = |effect| report.count(effect);
        Self {
            created: count(import::Effect::Created),
            updated: count(import::Effect::Updated),
            unchanged: count(import::Effect::Unchanged),
            rows: report.rows.into_iter().map(ImportedRow::from).collect(),
            user_errors: Vec::new(),
        }
    }
}

impl From<Imported> for ImportedRow {
    fn from(Imported { line, effect, id, name, changes }: Imported) -> Self {
        let change = |Change { column, before, after, .. }| FieldChange::new(column, before, after);
        let changes = changes.into_iter().map(change).collect();
        Self { line, effect: effect.into(), id: id.map(ID), name, changes }
    }
}

/// Changes by spreadsheet.
#[derive(Debug, Default)]
pub(crate) struct SpreadsheetMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl SpreadsheetMutation {
    /// Adds and changes the rows of a spreadsheet, all of them or none. A row is found by its `id`; one without is
    /// added. Where a row gives its `version`, another is refused with `STALE_VERSION`. Each row is yours to add or change
    /// or the whole is refused. What is exported at `/export` can be changed and imported again.
    async fn import_spreadsheet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The spreadsheet.")] input: ImportSpreadsheetInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ImportSpreadsheetPayload> {
        Some(run(ctx, input).await)
    }
}

async fn run(ctx: &Context<'_>, input: ImportSpreadsheetInput) -> FieldResult<ImportSpreadsheetPayload> {
    let convening = input.convening_id.as_ref().map(|id| GlobalId::key_of(id, NodeType::Convening)).transpose()?;
    let kind = Importable::from(input.what);
    let imported = act_whole(ctx, async |db, actor| {
        let file = File { text: &input.csv, convening, is_dry_run: input.dry_run };
        kind.import(db, actor, file).await
    });
    Ok(match imported.await? {
        Ok(report) => report.into(),
        Err(user_errors) => ImportSpreadsheetPayload { user_errors, ..Report::default().into() },
    })
}
