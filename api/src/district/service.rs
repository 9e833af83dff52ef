//! What can be done with districts.

use super::validate;
use crate::auth::Actor;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, refused};
use entity::district::{self, ActiveModel, Status};
use entity::ids::{CountyId, DistrictCandidateId, DistrictId};
use entity::source::{Source, Sources};
use entity::{county, district_candidate};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
};

/// A district to add.
#[derive(Clone, Debug)]
pub(crate) struct NewDistrict {
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Whether the initiative's record names it so.
    pub named_by_record: bool,
    /// Other spellings.
    pub alternate_names: Vec<String>,
    /// What the state's directory says; nothing for one that is not matched to it.
    pub state: Option<StateEntry>,
    /// What one that is not matched may be.
    pub candidates: Vec<NewCandidate>,
    /// Where these facts come from.
    pub sources: Sources,
}

/// A district's entry in the state's directory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StateEntry {
    /// Its code, the first two digits of which are the county's.
    pub cds_code: String,
    /// Which grades it serves, by its form.
    pub kind: district::Kind,
    /// Where it stands.
    pub status: district::Status,
    /// The city of its office.
    pub city: Option<String>,
    /// Where its office is, in degrees north and east.
    pub location: Option<(f64, f64)>,
    /// The day of the entry.
    pub updated_on: Option<chrono::NaiveDate>,
}

/// What an unmatched district may be.
#[derive(Clone, Debug)]
pub(crate) struct NewCandidate {
    /// Its code in the state's directory.
    pub cds_code: String,
    /// Its name there.
    pub name: String,
}

const MEANINGS: &[Meaning] = &[
    ("district_slug_key", "slug", ViolationCode::Taken, "Another district has this slug."),
    ("district_cds_code_key", "cdsCode", ViolationCode::Taken, "Another district has this code."),
    ("district_nces_id_key", "ncesId", ViolationCode::Taken, "Another district has this id."),
];

/// Adds a district.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewDistrict) -> Result<district::Model> {
    authorize(actor.viewer, Kind::Directory, Action::Create)?;
    validate::new(&new)?;
    let county_id = match &new.state {
        Some(state) => Some(county_of(db, &state.cds_code).await?),
        None => None,
    };
    let (latitude, longitude) = new.state.as_ref().and_then(|state| state.location).unzip();
    let state = new.state;
    let row = ActiveModel {
        id: Set(DistrictId::new()),
        slug: Set(new.slug),
        name: Set(new.name),
        named_by_record: Set(new.named_by_record),
        alternate_names: Set(new.alternate_names),
        cds_code: Set(state.as_ref().map(|state| state.cds_code.clone())),
        nces_id: Set(None),
        kind: Set(state.as_ref().map(|state| state.kind)),
        status: Set(state.as_ref().map_or(Status::Unresolved, |state| state.status)),
        county_id: Set(county_id),
        city: Set(state.as_ref().and_then(|state| state.city.clone())),
        website: Set(None),
        enrollment: Set(None),
        latitude: Set(latitude),
        longitude: Set(longitude),
        directory_updated_on: Set(state.and_then(|state| state.updated_on)),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    let row = row.insert(db).await.map_err(|error| refused(error, MEANINGS))?;
    for candidate in new.candidates {
        let candidate = district_candidate::ActiveModel {
            id: Set(DistrictCandidateId::new()),
            district_id: Set(row.id),
            county_id: Set(county_of(db, &candidate.cds_code).await?),
            cds_code: Set(candidate.cds_code),
            name: Set(candidate.name),
        };
        candidate.insert(db).await?;
    }
    Ok(row)
}

/// Refuses to take one district for another unless it is the one that is not matched to the state's directory: two
/// that the directory lists are two.
pub(crate) fn may_become_part_of(gone: &district::Model, kept: &district::Model) -> Result<(), &'static str> {
    match (gone.status, kept.status) {
        (Status::Unresolved, _) => Ok(()),
        (_, Status::Unresolved) => Err("Keep the one that is matched to the state's directory: let the other go."),
        _ => Err("Both are in the state's directory, each under a code of its own. They are two districts."),
    }
}

/// The county that a code names.
async fn county_of(db: &impl ConnectionTrait, cds_code: &str) -> Result<CountyId> {
    let digits = cds_code.get(..2).unwrap_or_default();
    let county = county::Entity::find().filter(county::Column::CdsCountyCode.eq(digits)).one(db).await?;
    let unknown = || Violation::new("cdsCode", ViolationCode::Invalid, "The first two digits name no county.");
    county.map(|county| county.id).ok_or_else(|| Error::Invalid(vec![unknown()]))
}

/// The state's directory, as a source of facts.
pub(crate) fn directory_source() -> Source {
    Source {
        document: "California Department of Education: Public Districts directory".to_owned(),
        section: None,
        url: Some("https://www.cde.ca.gov/schooldirectory/report?rid=dl2&tp=txt".to_owned()),
    }
}
