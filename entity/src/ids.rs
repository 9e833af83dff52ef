//! A key type for each table, so that a session's key never stands where a convening's is meant.

use sea_orm::prelude::*;

/// A typed UUID key. SeaORM's derive does the SQL side; only `TryFromU64`, which no UUID can satisfy, is left to say.
macro_rules! ids {
    ($($name:ident),* $(,)?) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new key. Keys are in the order in which they were made.
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids!(
    AccountId,
    AffiliationId,
    AgendaReleaseId,
    AnswerId,
    ApiKeyId,
    AudienceId,
    ChangeId,
    CompositionRuleId,
    ConveningId,
    CountyId,
    DelegationId,
    DistrictCandidateId,
    DistrictId,
    ExperienceLevelId,
    FocusQuestionId,
    IdentityId,
    InterestId,
    MergeId,
    MetricId,
    OfferingId,
    OrganizationId,
    PartnershipId,
    PersonId,
    PublishedResultId,
    RegionId,
    RequiredSeatId,
    ResourceId,
    ResourceSubjectId,
    ResponseId,
    RoleGrantId,
    RoomId,
    SeatAssignmentId,
    SelectionId,
    SelectionOutcomeId,
    SessionBlockId,
    SessionId,
    SlotId,
    SpeakerId,
    SponsorshipId,
    StrandId,
    SurveyId,
    SurveyItemId,
    TeamId,
    TeamMemberId,
    TeamNoteId,
    TokenFamilyId,
    WebhookDeliveryId,
    WebhookEndpointId,
    WrittenAnswerId
);
