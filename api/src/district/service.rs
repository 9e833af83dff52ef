//! What can be done with districts.

use super::validate;
use crate::auth::Actor;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, Violations};
use crate::writing::{Patch, at_version, find_for, free_slug, insert, permit, remove, save};
use entity::district::{Entity, Model, Status};
use entity::ids::{CountyId, DistrictCandidateId, DistrictId};
use entity::source::{Source, Sources};
use entity::{county, district, district_candidate};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
};

/// A district to add.
#[derive(Clone, Debug)]
pub(crate) struct NewDistrict {
    /// Its short name in addresses; made from the name where nothing is said.
    pub slug: Option<String>,
    /// Its name. Imports keep it: it was given by the record or by a person.
    pub name: String,
    /// Other spellings.
    pub alternate_names: Vec<String>,
    /// What it is in the state's directory.
    pub registration: Registration,
    /// What one that is not matched to it may be.
    pub candidates: Vec<NewCandidate>,
    /// What else is known.
    pub profile: Profile,
    /// Where these facts come from.
    pub sources: Sources,
}

/// What a district is in the state's directory; nothing for one that is not matched to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registration {
    /// Its code, the first two digits of which are the county's.
    pub cds_code: Option<String>,
    /// The national center's id.
    pub nces_id: Option<String>,
    /// Which grades it serves, by its form.
    pub kind: Option<district::Kind>,
    /// Where it stands; with a code active, without one unresolved, where nothing is said.
    pub status: Option<Status>,
}

/// What a district tells of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    /// The city of its office.
    pub city: Option<String>,
    /// Its site.
    pub website: Option<String>,
    /// How many pupils it has.
    pub enrollment: Option<i32>,
    /// Where its office is, in degrees north and east.
    pub location: Option<(f64, f64)>,
}

/// What an unmatched district may be.
#[derive(Clone, Debug)]
pub(crate) struct NewCandidate {
    /// Its code in the state's directory.
    pub cds_code: String,
    /// Its name there.
    pub name: String,
}

/// What is to change of a district.
#[derive(Clone, Debug, Default)]
pub(crate) struct DistrictPatch {
    /// Its name.
    pub name: Patch<String>,
    /// Its code.
    pub cds_code: Patch<String>,
    /// The national center's id.
    pub nces_id: Patch<String>,
    /// Which grades it serves, by its form.
    pub kind: Patch<district::Kind>,
    /// Where it stands.
    pub status: Patch<Status>,
    /// Other spellings.
    pub alternate_names: Patch<Vec<String>>,
    /// The city of its office.
    pub city: Patch<String>,
    /// Its site.
    pub website: Patch<String>,
    /// How many pupils it has.
    pub enrollment: Patch<i32>,
    /// Where its office is, in degrees north and east.
    pub location: Patch<(f64, f64)>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

impl DistrictPatch {
    /// Whether it names anything that is the state's to say.
    fn is_of_registration(&self) -> bool {
        let Self { name, cds_code, nces_id, kind, status, .. } = self;
        name.is_given() || cds_code.is_given() || nces_id.is_given() || kind.is_given() || status.is_given()
    }

    fn apply(self, row: &mut Model, violations: &mut Violations) {
        // A name that a person gives stays through imports, like the record's.
        row.named_by_record |= self.name.is_given();
        self.name.apply_required("name", &mut row.name, violations);
        self.cds_code.apply(&mut row.cds_code);
        self.nces_id.apply(&mut row.nces_id);
        self.kind.apply(&mut row.kind);
        self.status.apply_required("status", &mut row.status, violations);
        self.alternate_names.apply_or_default(&mut row.alternate_names);
        self.city.apply(&mut row.city);
        self.website.apply(&mut row.website);
        self.enrollment.apply(&mut row.enrollment);
        let mut location = row.latitude.zip(row.longitude);
        self.location.apply(&mut location);
        (row.latitude, row.longitude) = location.unzip();
        self.sources.apply_or_default(&mut row.sources);
    }
}

pub(super) const MEANINGS: &[Meaning] = &[
    ("district_slug_key", "slug", ViolationCode::Taken, "Another district has this slug."),
    (
        "district_cds_code_key",
        "cdsCode",
        ViolationCode::Taken,
        "Another district has this code. If the two are one, merge them.",
    ),
    ("district_nces_id_key", "ncesId", ViolationCode::Taken, "Another district has this id."),
];

/// The same for a person who decides which district an unresolved one is.
const DECIDED: &[Meaning] = &[(
    "district_cds_code_key",
    "cdsCode",
    ViolationCode::Conflict,
    "The district of this code is here already. Merge the two: then everything about this one is that one's.",
)];

/// Adds a district.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewDistrict) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Directory, Action::Create)?;
    let Registration { cds_code, nces_id, kind, status } = new.registration;
    let mut violations = Violations::default();
    let (latitude, longitude) = new.profile.location.unzip();
    let row = Model {
        id: DistrictId::new(),
        slug: free_slug::<Entity>(db, new.slug, &new.name, None).await?,
        name: new.name,
        named_by_record: true,
        alternate_names: new.alternate_names,
        status: status.unwrap_or(if cds_code.is_some() { Status::Active } else { Status::Unresolved }),
        county_id: county_of(db, ("cdsCode", cds_code.as_deref()), &mut violations).await?,
        cds_code,
        nces_id,
        kind,
        city: new.profile.city,
        website: new.profile.website,
        enrollment: new.profile.enrollment,
        latitude,
        longitude,
        directory_updated_on: None,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate::district(&row, &mut violations);
    validate::candidates(&row, &new.candidates, &mut violations);
    let candidates = candidates(db, row.id, new.candidates, &mut violations).await?;
    violations.finish()?;
    let row = insert::<Entity>(db, actor, row, MEANINGS).await?;
    for candidate in candidates {
        candidate.into_active_model().insert(db).await?;
    }
    Ok(row)
}

/// Changes what is named of a district.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: DistrictId,
    version: i32,
    patch: DistrictPatch,
) -> Result<Model> {
    let before = find_for::<Entity>(db, actor.viewer, id, Action::Update).await?;
    change(db, actor, at_version(before, version)?, patch, MEANINGS).await
}

/// Makes an unresolved district the one of the state's directory that a person decided on.
pub(crate) async fn resolve(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: DistrictId,
    version: i32,
    (cds_code, kind): (String, district::Kind),
) -> Result<Model> {
    let before = find_for::<Entity>(db, actor.viewer, id, Action::Update).await?;
    permit::<Entity>(db, actor.viewer, before.id, (Kind::Registration, Action::Update)).await?;
    let before = at_version(before, version)?;
    if before.status != Status::Unresolved {
        let message = "This district is resolved already. If its code is wrong, change it with updateDistrict.";
        let violation = Violation::new("id", ViolationCode::IllegalTransition, message);
        return Err(Error::Invalid(vec![Violation { allowed: Some(Vec::new()), ..violation }]));
    }
    let patch = DistrictPatch {
        cds_code: Patch::Set(cds_code),
        kind: Patch::Set(kind),
        status: Patch::Set(Status::Active),
        ..DistrictPatch::default()
    };
    change(db, actor, before, patch, DECIDED).await
}

async fn change(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    before: Model,
    patch: DistrictPatch,
    meanings: &[Meaning],
) -> Result<Model> {
    if patch.is_of_registration() {
        permit::<Entity>(db, actor.viewer, before.id, (Kind::Registration, Action::Update)).await?;
    }
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.apply(&mut row, &mut violations);
    if row.cds_code != before.cds_code {
        row.county_id = county_of(db, ("cdsCode", row.cds_code.as_deref()), &mut violations).await?;
    }
    validate::district(&row, &mut violations);
    violations.finish()?;
    if row.status != Status::Unresolved && before.status == Status::Unresolved {
        let its = district_candidate::Column::DistrictId.eq(row.id);
        district_candidate::Entity::delete_many().filter(its).exec(db).await?;
    }
    save::<Entity>(db, actor, before, row, meanings).await
}

/// Takes away a district that nothing refers to. Its candidates go with it.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: DistrictId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

async fn candidates(
    db: &impl ConnectionTrait,
    district: DistrictId,
    new: Vec<NewCandidate>,
    violations: &mut Violations,
) -> Result<Vec<district_candidate::Model>> {
    let mut rows = Vec::new();
    for (place, candidate) in new.into_iter().enumerate() {
        let field = format!("candidates.{place}.cdsCode");
        let county = county_of(db, (&field, Some(&candidate.cds_code)), violations).await?;
        rows.extend(county.map(|county_id| district_candidate::Model {
            id: DistrictCandidateId::new(),
            district_id: district,
            cds_code: candidate.cds_code,
            name: candidate.name,
            county_id,
        }));
    }
    Ok(rows)
}

/// Refuses to take one district for another unless it is the one that is not matched to the state's directory: two
/// that the directory lists are two.
pub(crate) fn may_become_part_of(gone: &Model, kept: &Model) -> Result<(), &'static str> {
    match (gone.status, kept.status) {
        (Status::Unresolved, _) => Ok(()),
        (_, Status::Unresolved) => Err("Keep the one that is matched to the state's directory: let the other go."),
        _ => Err("Both are in the state's directory, each under a code of its own. They are two districts."),
    }
}

/// The county that a code names. A code that is none is told of where the whole district is looked at.
async fn county_of(
    db: &impl ConnectionTrait,
    (field, cds_code): (&str, Option<&str>),
    violations: &mut Violations,
) -> Result<Option<CountyId>> {
    let Some(digits) = cds_code.filter(|code| validate::is_cds_code(code)).and_then(|code| code.get(..2)) else {
        return Ok(None);
    };
    let county = county::Entity::find().filter(county::Column::CdsCountyCode.eq(digits)).one(db).await?;
    violations.check(county.is_some(), field, "The first two digits name no county.");
    Ok(county.map(|county| county.id))
}

/// The state's directory, as a source of facts.
pub(crate) fn directory_source() -> Source {
    Source {
        document: "California Department of Education: Public Districts directory".to_owned(),
        section: None,
        url: Some("https://www.cde.ca.gov/schooldirectory/report?rid=dl2&tp=txt".to_owned()),
    }
}
