//! The kinds of rows that there are spreadsheets of.

use super::sheet::Table;
use crate::{
    convening, delegation, district, metric, offering, organization, partnership, person, resource, session, speaker,
    sponsorship, team,
};

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
            pub(super) fn table(self) -> Table {
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
    Slots, "slots", session::spreadsheet::slots();
    Rooms, "rooms", session::spreadsheet::rooms();
    Speakers, "speakers", speaker::spreadsheet::sheet();
    Sponsorships, "sponsorships", sponsorship::spreadsheet::sheet();
    Delegations, "delegations", delegation::spreadsheet::sheet();
    Resources, "resources", resource::spreadsheet::sheet();
    Metrics, "metrics", metric::spreadsheet::sheet();
    Offerings, "offerings", offering::spreadsheet::sheet();
    Teams, "teams", team::spreadsheet::sheet();
    TeamMembers, "team-members", team::spreadsheet::members();
}

impl What {
    /// The kind of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|what| what.name() == name)
    }
}
