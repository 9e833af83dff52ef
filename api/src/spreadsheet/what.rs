//! The kinds of rows that there are spreadsheets of.

use super::import::{self, File, Report};
use super::sheet::Table;
use crate::auth::Actor;
use crate::error::Result;
use crate::{
    convening, delegation, district, interest, metric, offering, organization, partnership, person, resource, room,
    seating, session, slot, speaker, sponsorship, team,
};
use sea_orm::DatabaseTransaction;

/// Declares the kinds, each with its name in addresses and commands and where its columns are stated.
macro_rules! kinds {
    ($($kind:ident, $name:literal, $sheet:expr;)*) => {
        /// What a spreadsheet is of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum What {
            $(#[doc = $name] $kind,)*
        }

        impl What {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The name in addresses and commands.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// How it is read.
            pub(crate) fn table(self) -> Table {
                match self {
                    $(Self::$kind => $sheet.table,)*
                }
            }
        }
    };
}

kinds! {
    Organizations, "organizations", organization::spreadsheet::sheet();
    Districts, "districts", district::spreadsheet::sheet();
    People, "people", person::spreadsheet::sheet();
    Affiliations, "affiliations", person::spreadsheet::affiliations();
    Partnerships, "partnerships", partnership::spreadsheet::sheet();
    Convenings, "convenings", convening::spreadsheet::sheet();
    Sessions, "sessions", session::spreadsheet::sheet();
    Slots, "slots", slot::spreadsheet::sheet();
    Rooms, "rooms", room::spreadsheet::sheet();
    Speakers, "speakers", speaker::spreadsheet::sheet();
    Sponsorships, "sponsorships", sponsorship::spreadsheet::sheet();
    Delegations, "delegations", delegation::spreadsheet::sheet();
    Resources, "resources", resource::spreadsheet::sheet();
    Metrics, "metrics", metric::spreadsheet::sheet();
    Offerings, "offerings", offering::spreadsheet::sheet();
    Interests, "interests", interest::spreadsheet::sheet();
    Teams, "teams", team::spreadsheet::sheet();
    TeamMembers, "team-members", team::spreadsheet::members();
    Seats, "seats", seating::spreadsheet::sheet();
}

impl What {
    /// The kind of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|what| what.name() == name)
    }
}

/// What can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Importable {
    /// Organizations.
    Organizations,
    /// People.
    People,
    /// Sessions.
    Sessions,
    /// Speakers.
    Speakers,
}

impl Importable {
    /// Imports a file within a transaction.
    pub(crate) async fn import(self, db: &DatabaseTransaction, actor: Actor<'_>, file: File<'_>) -> Result<Report> {
        match self {
            Self::Organizations => import::import(db, actor, &organization::spreadsheet::sheet(), file).await,
            Self::People => import::import(db, actor, &person::spreadsheet::sheet(), file).await,
            Self::Sessions => import::import(db, actor, &session::spreadsheet::sheet(), file).await,
            Self::Speakers => import::import(db, actor, &speaker::spreadsheet::sheet(), file).await,
        }
    }
}
