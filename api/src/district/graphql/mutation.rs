//! How districts are added, changed, decided on and taken away.

use super::object::{District, DistrictKind, DistrictStatus};
use crate::district::service::{self, DistrictPatch, NewCandidate, NewDistrict, Profile, Registration};
use crate::error::Result;
use crate::graphql::{GlobalId, NodeType, Nullable, SourceInput, Url, payload, take_away, write};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::district;
use entity::ids::DistrictId;

/// A district to add: one that the state's directory has not, or one that a source names without its being clear which
/// of the directory it is.
#[derive(Debug, InputObject)]
pub(crate) struct CreateDistrictInput {
    /// Its short name in addresses, unique among districts; made from the name where absent. It never changes.
    slug: Option<String>,
    /// Its name, at most 300 letters. Imports of the state's directory keep it.
    name: String,
    /// Other spellings that sources use.
    alternate_names: Option<Vec<String>>,
    /// The Department of Education's 14 digits for it, which also say its county; with them, `kind` is needed.
    cds_code: Option<String>,
    /// The National Center for Education Statistics' 7 digits for it.
    nces_id: Option<String>,
    /// Which grades it serves, by its form.
    kind: Option<DistrictKind>,
    /// Where it stands; `ACTIVE` where absent, or `UNRESOLVED` without a code. The next import of the state's directory
    /// closes what it does not have.
    status: Option<DistrictStatus>,
    /// What an `UNRESOLVED` one may be in the state's directory.
    candidates: Option<Vec<DistrictCandidateInput>>,
    /// The city of its office.
    city: Option<String>,
    /// Its site.
    website: Option<Url>,
    /// How many pupils its schools had on the last census day.
    enrollment: Option<i32>,
    /// Where its office is.
    location: Option<GeoPointInput>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// A district of the state's directory that an `UNRESOLVED` one may be.
#[derive(Debug, InputObject)]
pub(crate) struct DistrictCandidateInput {
    /// The Department of Education's 14 digits for it.
    cds_code: String,
    /// Its name in the state's directory.
    name: String,
}

/// A place on the map, in degrees of the World Geodetic System of 1984.
#[derive(Clone, Copy, Debug, InputObject)]
pub(crate) struct GeoPointInput {
    /// Degrees north of the equator.
    latitude: f64,
    /// Degrees east of Greenwich; negative in California.
    longitude: f64,
}

/// What is to change of a district: absent leaves a field as it is, null empties it. Whoever leads a district's team may
/// change its profile: other spellings, city, site, enrollment, location and sources. What it is in the state's
/// directory (name, codes, kind, status) is for staff: an input of anybody else that names any of it is FORBIDDEN.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateDistrictInput {
    /// Its name, for staff; it cannot be emptied. Imports of the state's directory keep it from then on.
    name: MaybeUndefined<String>,
    /// The Department of Education's 14 digits for it, for staff. Its county follows from them.
    cds_code: MaybeUndefined<String>,
    /// The National Center for Education Statistics' 7 digits for it, for staff.
    nces_id: MaybeUndefined<String>,
    /// Which grades it serves, by its form, for staff.
    kind: MaybeUndefined<DistrictKind>,
    /// Where it stands, for staff; it cannot be emptied. One that is `UNRESOLVED` has no code, id or kind.
    status: MaybeUndefined<DistrictStatus>,
    /// Other spellings; all of them, those that stand included.
    alternate_names: MaybeUndefined<Vec<String>>,
    /// The city of its office; the next import takes the state directory's, where that has one.
    city: MaybeUndefined<String>,
    /// Its site.
    website: MaybeUndefined<Url>,
    /// How many pupils its schools had on the last census day.
    enrollment: MaybeUndefined<i32>,
    /// Where its office is; the next import takes the state directory's, where that has it.
    location: MaybeUndefined<GeoPointInput>,
    /// Where these facts come from; all of them, those that stand included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl From<CreateDistrictInput> for NewDistrict {
    fn from(input: CreateDistrictInput) -> Self {
        let candidate = |given: DistrictCandidateInput| NewCandidate { cds_code: given.cds_code, name: given.name };
        Self {
            slug: input.slug,
            name: input.name,
            alternate_names: input.alternate_names.unwrap_or_default(),
            registration: Registration {
                cds_code: input.cds_code,
                nces_id: input.nces_id,
                kind: input.kind.map(Into::into),
                status: input.status.map(Into::into),
            },
            candidates: input.candidates.unwrap_or_default().into_iter().map(candidate).collect(),
            profile: Profile {
                city: input.city,
                website: input.website.map(|url| url.0),
                enrollment: input.enrollment,
                location: input.location.map(degrees),
            },
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        }
    }
}

impl From<UpdateDistrictInput> for DistrictPatch {
    fn from(input: UpdateDistrictInput) -> Self {
        Self {
            name: input.name.into(),
            cds_code: input.cds_code.into(),
            nces_id: input.nces_id.into(),
            kind: Patch::from(input.kind).map(district::Kind::from),
            status: Patch::from(input.status).map(district::Status::from),
            alternate_names: input.alternate_names.into(),
            city: input.city.into(),
            website: Patch::from(input.website).map(|url| url.0),
            enrollment: input.enrollment.into(),
            location: Patch::from(input.location).map(degrees),
            sources: Patch::from(input.sources).map(SourceInput::all),
        }
    }
}

fn degrees(place: GeoPointInput) -> (f64, f64) {
    (place.latitude, place.longitude)
}

fn key(id: &ID) -> Result<DistrictId> {
    GlobalId::key_of(id, NodeType::District)
}

payload!(
    /// What came of adding a district.
    CreateDistrictPayload {
        /// The new district; null where it was not added.
        district: District = district::Entity
    }
);

payload!(
    /// What came of changing a district.
    UpdateDistrictPayload {
        /// The district as it is now; null where it was not changed.
        district: District = district::Entity
    }
);

payload!(
    /// What came of deciding which district one is.
    ResolveDistrictPayload {
        /// The district as it is now; null where it was not changed.
        district: District = district::Entity
    }
);

payload!(
    /// What came of taking a district away.
    DeleteDistrictPayload {
        /// The district as it was; null where it was not taken away.
        district: District = district::Entity
    }
);

/// Changes of districts.
#[derive(Debug, Default)]
pub(crate) struct DistrictMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl DistrictMutation {
    /// Adds a district.
    async fn create_district(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateDistrictInput,
    ) -> Nullable<CreateDistrictPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.into()).await?.id)).await
    }

    /// Changes what the input names of a district.
    async fn update_district(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateDistrictInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateDistrictPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Decides which district of the state's directory an `UNRESOLVED` one is: of its candidates, or any other. It keeps
    /// its name; the next import adds what the directory says. Where the district of that code is here already, the
    /// answer is `CONFLICT`: merge the two.
    async fn resolve_district(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "The Department of Education's 14 digits for it.")] cds_code: String,
        #[graphql(desc = "Which grades it serves, by its form.")] kind: DistrictKind,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ResolveDistrictPayload> {
        let decided = (cds_code, kind.into());
        write(ctx, async |db, actor| Ok(service::resolve(db, actor, key(&id)?, version, decided).await?.id)).await
    }

    /// Takes away a district that nothing refers to.
    async fn delete_district(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteDistrictPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }
}
