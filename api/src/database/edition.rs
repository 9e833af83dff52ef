//! What is worked on before everybody reads it: an agenda. It stands in its tables as it is worked on, and as it was
//! last released in their twins, whose columns and keys are the same. Which of the two a statement reads is said once,
//! by the alias that it begins with; whatever is reached from there follows.

use super::{Alias, any_of};
use entity::convening::Column::{Id, OrganizerId, RegionId};
use entity::{convening, session};
use sea_orm::EntityTrait;
use sea_orm::sea_query::{
    self, Asterisk, DynIden, Expr, ExprTrait as _, IntoIden as _, JoinType, Query, SelectStatement, SimpleExpr,
    TableRef, UnionType,
};
use std::sync::Arc;
use uuid::Uuid;

/// Which edition of an agenda is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Edition {
    /// As it is worked on.
    #[default]
    Working,
    /// As it was last released.
    Released,
    /// Of convenings of one's own as they are worked on, of all others as they were released.
    Own(Arc<Own>),
}

/// Convenings of one's own: by themselves, by who organizes them, or by their region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) convenings: Vec<Uuid>,
    pub(crate) organizations: Vec<Uuid>,
    pub(crate) regions: Vec<Uuid>,
}

/// A table that has a twin of what was released.
struct Twin {
    table: &'static str,
    released: &'static str,
    /// The column by which a row tells its convening, or its session and with it the convening.
    part_of: &'static str,
    /// The columns that both have; nothing where all are.
    columns: &'static [&'static str],
}

const TWINS: [Twin; 6] = [
    Twin { table: "room", released: "released_room", part_of: CONVENING, columns: &[] },
    Twin { table: "session", released: "released_session", part_of: CONVENING, columns: &[] },
    Twin { table: "session_block", released: "released_session_block", part_of: CONVENING, columns: &[] },
    Twin { table: "session_relation", released: "released_session_relation", part_of: SESSION, columns: &[] },
    Twin { table: "slot", released: "released_slot", part_of: CONVENING, columns: &[] },
    Twin { table: "speaker", released: "released_speaker", part_of: SESSION, columns: SPEAKER },
];
/// Of who was released it is known besides whether everybody is shown them.
const SPEAKER: &[&str] = &[
    "id",
    "session_id",
    "role",
    "role_rank",
    "position",
    "person_id",
    "organization_id",
    "district_id",
    "as_team",
    "name_as_shown",
    "title_as_shown",
    "sources",
    "version",
    "created_at",
    "updated_at",
];
const CONVENING: &str = "convening_id";
const SESSION: &str = "session_id";

fn twin_of(table: &str) -> Option<&'static Twin> {
    TWINS.iter().find(|twin| twin.table == table)
}

impl Edition {
    /// A table in this edition, under an alias.
    pub(super) fn table(&self, table: &'static str, alias: &Alias) -> TableRef {
        let named = |table: &'static str| TableRef::Table(name(table).into(), Some(alias.into()));
        match (self, twin_of(table)) {
            (_, None) | (Self::Working, _) => named(table),
            (Self::Released, Some(twin)) => named(twin.released),
            (Self::Own(own), Some(twin)) => TableRef::SubQuery(Box::new(own.both(twin, None)), alias.into()),
        }
    }

    /// The rows of a table whose column has a value that another row in the statement gives; where a join of the table by that
    /// column is not the same.
    fn beside(&self, table: &'static str, of: &SimpleExpr) -> Option<SelectStatement> {
        match (self, twin_of(table)) {
            (Self::Own(own), Some(twin)) => Some(own.both(twin, Some(of))),
            _ => None,
        }
    }
}

impl Own {
    /// One's own rows as they are worked on, and everybody else's as they were released, of those that a condition holds for.
    /// What is one's own is asked once and not for every row.
    fn both(&self, twin: &Twin, of: Option<&SimpleExpr>) -> SelectStatement {
        let mut both = twin.rows_of(twin.table, part_of(twin.part_of, "= ANY", self.keys(twin)));
        let mut released = twin.rows_of(twin.released, part_of(twin.part_of, "<> ALL", self.released_keys(twin)));
        if let Some(of) = of {
            both.and_where(of.clone());
            released.and_where(of.clone());
        }
        both.union(UnionType::All, released);
        both
    }

    /// Keys of what is one's own, by which rows that are worked on are known.
    fn keys(&self, twin: &Twin) -> SelectStatement {
        if twin.part_of == SESSION { sessions("session", self.convenings()) } else { self.convenings() }
    }

    /// The same for rows that were released.
    fn released_keys(&self, twin: &Twin) -> SelectStatement {
        if twin.part_of == SESSION { sessions("released_session", self.convenings()) } else { self.convenings() }
    }

    /// The keys of one's own convenings.
    fn convenings(&self) -> SelectStatement {
        let rows = Alias::new("own");
        let mut select = rows.select_from::<convening::Entity>();
        let own = any_of(rows.col(Id), self.convenings.iter().copied())
            .or(any_of(rows.col(OrganizerId), self.organizations.iter().copied()))
            .or(any_of(rows.col(RegionId), self.regions.iter().copied()));
        select.expr(rows.col(Id)).and_where(own);
        select
    }
}

impl Twin {
    /// Rows of one of its two tables, with the columns that both have.
    fn rows_of(&self, table: &'static str, condition: SimpleExpr) -> SelectStatement {
        let mut select = Query::select();
        select.from(name(table)).and_where(condition);
        if self.columns.is_empty() {
            select.column(Asterisk);
        } else {
            select.columns(self.columns.iter().map(|column| name(column)));
        }
        select
    }
}

/// The keys of the sessions of these convenings, in a table of sessions.
fn sessions(table: &'static str, convenings: SelectStatement) -> SelectStatement {
    let mut select = Query::select();
    select.column(session::Column::Id).from(name(table)).and_where(part_of(CONVENING, "= ANY", convenings));
    select
}

/// `column = ANY (ARRAY (keys))` and the like.
fn part_of(column: &'static str, compared: &str, keys: SelectStatement) -> SimpleExpr {
    let keys = SimpleExpr::SubQuery(None, Box::new(keys.into()));
    Expr::cust_with_exprs(format!("$1 {compared} (ARRAY $2)"), [Expr::col(name(column)), keys])
}

fn name(name: &'static str) -> sea_query::DynIden {
    name.into_iden()
}

impl Alias {
    /// The same, as a viewer reads it.
    pub(crate) fn in_edition(self, edition: Edition) -> Self {
        Self { edition, ..self }
    }

    /// The same, of agendas as they are worked on.
    pub(crate) fn as_worked_on(&self) -> Self {
        self.clone().in_edition(Edition::Working)
    }

    /// The same, of agendas as they were last released.
    pub(crate) fn as_released(&self) -> Self {
        self.clone().in_edition(Edition::Released)
    }

    /// A table under this name, for a statement's FROM or JOIN.
    pub(crate) fn of_table(&self, table: &'static str) -> TableRef {
        self.edition.table(table, self)
    }

    /// Joins the rows of a table to a statement whose `column` has the value of `key`. Rows of one's own and of others are two
    /// tables, in both of which they are found by their index only where they are looked for one by one.
    pub(crate) fn join(
        &self,
        select: &mut SelectStatement,
        join: JoinType,
        table: &'static str,
        (column, key, besides): (DynIden, SimpleExpr, Option<SimpleExpr>),
    ) {
        let on = |column: SimpleExpr| {
            let matches = column.eq(key.clone());
            besides.iter().cloned().fold(matches, SimpleExpr::and)
        };
        match self.edition.beside(table, &Expr::col(column.clone()).eq(key.clone())) {
            Some(rows) => select.join_lateral(join, rows, self, on(self.col(column))),
            None => select.join(join, self.of_table(table), on(self.col(column))),
        };
    }

    /// Whether all rows of a table are read under this name as they stand in it.
    pub(crate) fn is_as_written(&self, table: &str) -> bool {
        self.edition == Edition::Working || twin_of(table).is_none()
    }

    /// The row is part of what was last released. Of rows that are read as they were released there is nothing to ask;
    /// those of one's own are seen for another reason.
    pub(crate) fn is_released<E: EntityTrait>(&self) -> Expr {
        match (&self.edition, twin_of(E::default().table_name())) {
            (Edition::Working, Some(twin)) => {
                let released = self.with_suffix("p").as_released();
                let mut select = Query::select();
                select
                    .expr(Expr::cust("1"))
                    .from(released.of_table(twin.table))
                    .and_where(released.computed("id").eq(self.computed("id")));
                Expr::exists(select)
            }
            _ => super::always(),
        }
    }
}
