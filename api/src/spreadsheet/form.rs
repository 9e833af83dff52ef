//! How values of each sort stand in a cell.

use super::cell;
use crate::graphql::{GlobalId, NodeType};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use entity::ids::{
    ConveningId, DistrictId, OfferingId, OrganizationId, PersonId, RegionId, RoomId, SessionId, SlotId, TeamId,
    TeamMemberId,
};
use entity::source::{Source, Sources};
use sea_orm::{ActiveEnum, DbErr, QueryResult, TryGetable};
use uuid::Uuid;

/// A sort of values, and how they stand in a cell.
pub(crate) trait Form: Sized + 'static {
    /// Whether a cell can begin with a sign that is not a formula's: numbers can.
    const NUMBER: bool = false;

    /// The value in a column of a result, if there is one.
    fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr>;

    /// The value as a cell has it.
    fn write(&self) -> String;

    /// What a cell says that is not blank; else what it should look like.
    fn read(cell: &str) -> Result<Self, String>;
}

impl Form for String {
    fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr> {
        row.try_get("", column)
    }

    fn write(&self) -> String {
        self.clone()
    }

    fn read(cell: &str) -> Result<Self, String> {
        Ok(cell.to_owned())
    }
}

/// Sorts that a column of the database holds and that have one plain way to be written.
macro_rules! plain {
    ($($form:ty, $number:literal, $message:literal;)*) => {$(
        impl Form for $form {
            const NUMBER: bool = $number;

            fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr> {
                row.try_get("", column)
            }

            fn write(&self) -> String {
                self.to_string()
            }

            fn read(cell: &str) -> Result<Self, String> {
                cell.trim().parse().map_err(|_| $message.to_owned())
            }
        }
    )*};
}

plain! {
    i32, true, "Write a whole number, as in 12.";
    i64, true, "Write a whole number, as in 12.";
    f64, true, "Write a number, as in 37.5.";
    NaiveDate, false, "Write the date as year-month-day, as in 2015-05-08; other ways of writing dates are not understood.";
}

impl Form for bool {
    fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr> {
        row.try_get("", column)
    }

    fn write(&self) -> String {
        self.to_string()
    }

    fn read(cell: &str) -> Result<Self, String> {
        // Spreadsheets write these two in capitals.
        cell.trim().to_ascii_lowercase().parse().map_err(|_| "Write true or false.".to_owned())
    }
}

impl Form for DateTime<Utc> {
    fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr> {
        row.try_get("", column)
    }

    fn write(&self) -> String {
        self.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }

    fn read(cell: &str) -> Result<Self, String> {
        let time = DateTime::parse_from_rfc3339(cell.trim());
        time.map(|time| time.to_utc()).map_err(|_| {
            "Write the time with its date and offset, as in 2015-05-08T09:00:00-07:00; other ways are not understood."
                .to_owned()
        })
    }
}

impl Form for Vec<String> {
    fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr> {
        row.try_get("", column)
    }

    fn write(&self) -> String {
        cell::join(self)
    }

    fn read(cell: &str) -> Result<Self, String> {
        Ok(cell::split(cell))
    }
}

/// Each source is a document, its section and its address: `Symposium overview > Panel > https://example.org`.
impl Form for Sources {
    fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr> {
        row.try_get("", column)
    }

    fn write(&self) -> String {
        let source = |source: &Source| {
            let mut parts = vec![source.document.as_str()];
            parts.extend(source.section.as_deref().or(source.url.is_some().then_some("")));
            parts.extend(source.url.as_deref());
            cell::join_parts(&parts)
        };
        cell::join(&self.0.iter().map(source).collect::<Vec<_>>())
    }

    fn read(cell: &str) -> Result<Self, String> {
        let source = |item: String| {
            let mut parts = cell::split_parts(&item).into_iter();
            let mut part = || parts.next().filter(|part| !part.is_empty());
            let source = Source { document: part().unwrap_or_default(), section: part(), url: part() };
            if parts.next().is_none() {
                Ok(source)
            } else {
                Err("Write each source as document > section > address; put \\ before a > within one of them.".into())
            }
        };
        cell::split(cell).into_iter().map(source).collect::<Result<_, _>>().map(Self)
    }
}

/// One of a few words, as the schema writes them: `STATE_AGENCY`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<E>(pub(crate) E);

impl<E: ActiveEnum<Value = String> + 'static> Form for Word<E> {
    fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr> {
        let word: Option<String> = row.try_get("", column)?;
        word.map(|word| E::try_from_value(&word).map(Self)).transpose()
    }

    fn write(&self) -> String {
        self.0.to_value().to_uppercase()
    }

    fn read(cell: &str) -> Result<Self, String> {
        let known = || E::values().iter().map(|word| word.to_uppercase()).collect::<Vec<_>>().join(", ");
        let word = cell.trim().to_lowercase();
        E::try_from_value(&word).map(Self).map_err(|_| format!("Write one of {}.", known()))
    }
}

/// Keys stand in a cell as the global ids that they have everywhere.
macro_rules! ids {
    ($($key:ident: $node_type:ident),* $(,)?) => {$(
        impl Form for $key {
            fn get(row: &QueryResult, column: &str) -> Result<Option<Self>, DbErr> {
                Ok(Option::<Uuid>::try_get(row, "", column)?.map(Self))
            }

            fn write(&self) -> String {
                GlobalId::encode(NodeType::$node_type, *self).0
            }

            fn read(cell: &str) -> Result<Self, String> {
                let id = cell.trim().to_owned().into();
                GlobalId::key_of(&id, NodeType::$node_type).map_err(|error| error.to_string())
            }
        }
    )*};
}

ids!(
    ConveningId: Convening,
    DistrictId: District,
    OfferingId: Offering,
    OrganizationId: Organization,
    PersonId: Person,
    RegionId: Region,
    RoomId: Room,
    SessionId: Session,
    SlotId: Slot,
    TeamId: Team,
    TeamMemberId: TeamMember,
);
