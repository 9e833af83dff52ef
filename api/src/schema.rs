//! The whole schema: the only file that knows every concept.

use crate::account::{Account, AccountMutation, AccountQuery, SignInMutation};
use crate::agenda::{AgendaMutation, AgendaRelease};
use crate::api_key::{ApiKey, ApiKeyMutation, ApiKeyQuery};
use crate::check_in::{CheckInMutation, CheckInSubscription};
use crate::convening::{
    CompositionRuleMutation, CompositionRuleQuery, Convening, ConveningMoveMutation, ConveningMutation, ConveningQuery,
    SessionBlockMutation,
};
use crate::delegation::{Delegation, DelegationMutation};
use crate::district::{District, DistrictMutation, DistrictQuery};
use crate::erasure::ErasureMutation;
use crate::error::Result;
use crate::federation::FederationQuery;
use crate::feed::{self, Change, FeedQuery, FeedSubscription};
use crate::geography::{County, GeographyQuery, Region};
use crate::grant::{GrantMutation, RoleGrant};
use crate::graphql::tree::{self, Field};
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable};
use crate::identity::{IdentityMutation, LinkedIdentity};
use crate::interest::{Interest, InterestMutation, InterestQuery};
use crate::merge::{Merge, MergeMutation};
use crate::metric::{Metric, MetricMutation};
use crate::offering::{ConveneMutation, Offering, OfferingMutation, OfferingQuery};
use crate::organization::{Organization, OrganizationMutation, OrganizationQuery};
use crate::participation::{DistrictParticipationQuery, ParticipationQuery, SeatChangeQuery};
use crate::partnership::{Partnership, PartnershipMutation};
use crate::person::{Affiliation, AffiliationMutation, Person, PersonMutation, PersonQuery};
use crate::resource::{Resource, ResourceMutation};
use crate::room::{Room, RoomMutation};
use crate::search::SearchQuery;
use crate::seating::{SeatAssignment, SeatingMutation, SeatingQuery};
use crate::selection::{DecisionMutation, SelectionMutation, TeamAnswerMutation};
use crate::session::{Session, SessionMutation, SessionQuery};
use crate::slot::{Slot, SlotMutation};
use crate::speaker::{Speaker, SpeakerMutation};
use crate::sponsorship::{Sponsorship, SponsorshipMutation};
use crate::spreadsheet::SpreadsheetMutation;
use crate::survey::{
    BallotMutation, PublishedResult, Survey, SurveyItem, SurveyMutation, SurveyQuery, SurveySubscription, WrittenAnswer,
};
use crate::team::{ApplicationQuery, RosterMutation, Team, TeamApplicationMutation, TeamMember, TeamQuery};
use crate::team_time::{
    ExperienceLevel, ExperienceLevelMutation, FocusQuestion, FocusQuestionMutation, TeamNote, TeamNoteMutation,
    TeamTimeMutation,
};
use crate::webhook::{WebhookDelivery, WebhookEndpoint, WebhookMutation, WebhookQuery, WebhookResendMutation};
use async_graphql::{
    Context, EmptyMutation, EmptySubscription, ID, Interface, MergedObject, MergedSubscription, Object, ObjectType,
    SDLExportOptions, SchemaBuilder, SubscriptionType, Union, ValidationMode,
};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The schema as it is executed.
pub type Schema = async_graphql::Schema<Served, Mutation, Subscription>;

/// As much of it as queries of the dataset reach.
pub type Readable = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// Everything that can be asked of the shared dataset.
#[derive(Debug, Default, MergedObject)]
pub struct Query(DatasetQuery);

/// Everything that can be asked of the shared dataset.
#[derive(Debug, Default, MergedObject)]
#[graphql(name = "Query")]
pub struct Served(DatasetQuery, FederationQuery);

/// The root fields of every concept.
#[derive(Debug, Default, MergedObject)]
pub struct DatasetQuery(
    NodeQuery,
    AccountQuery,
    ApiKeyQuery,
    ApplicationQuery,
    CompositionRuleQuery,
    ConveningQuery,
    DistrictParticipationQuery,
    DistrictQuery,
    FeedQuery,
    GeographyQuery,
    InterestQuery,
    OfferingQuery,
    OrganizationQuery,
    ParticipationQuery,
    PersonQuery,
    SearchQuery,
    SeatChangeQuery,
    SeatingQuery,
    SessionQuery,
    SurveyQuery,
    TeamQuery,
    WebhookQuery,
);

/// Everything that can be changed, each within a role. Every mutation is whole or not at all.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    AccountMutation,
    AffiliationMutation,
    AgendaMutation,
    ApiKeyMutation,
    BallotMutation,
    CheckInMutation,
    CompositionRuleMutation,
    ConveneMutation,
    ConveningMoveMutation,
    ConveningMutation,
    DecisionMutation,
    DelegationMutation,
    DistrictMutation,
    ErasureMutation,
    ExperienceLevelMutation,
    FocusQuestionMutation,
    GrantMutation,
    IdentityMutation,
    InterestMutation,
    MergeMutation,
    MetricMutation,
    OfferingMutation,
    OrganizationMutation,
    PartnershipMutation,
    PersonMutation,
    ResourceMutation,
    RoomMutation,
    RosterMutation,
    SeatingMutation,
    SelectionMutation,
    SessionBlockMutation,
    SessionMutation,
    SignInMutation,
    SlotMutation,
    SpeakerMutation,
    SponsorshipMutation,
    SpreadsheetMutation,
    SurveyMutation,
    TeamAnswerMutation,
    TeamApplicationMutation,
    TeamNoteMutation,
    TeamTimeMutation,
    WebhookMutation,
    WebhookResendMutation,
);

/// What can be waited for: answers come as they are there, over web sockets and as server-sent events.
#[derive(Debug, Default, MergedSubscription)]
pub struct Subscription(CheckInSubscription, FeedSubscription, SurveySubscription);

/// Selections within one another that the engine still takes: more than any document has that gets to it.
const NESTING: usize = 256;

/// The schema without the facts that resolvers find in their context.
pub fn builder() -> SchemaBuilder<Served, Mutation, Subscription> {
    trusting(Schema::build(Served::default(), Mutation::default(), Subscription::default()))
}

/// The same of what queries of the dataset reach.
pub fn readable() -> SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    // The engine's own way of federation is not used. Unless told otherwise, it looks through all types for each root field,
    // whether one of them takes part in it.
    trusting(Readable::build(Query::default(), EmptyMutation, EmptySubscription)).enable_federation()
}

/// What is executed was validated and held against bounds before: `http/front/`.
fn trusting<Q, M, S>(builder: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    builder.validation_mode(ValidationMode::Fast).limit_recursive_depth(NESTING).disable_suggestions()
}

/// The schema in the schema language, as it is kept in `schema.graphql`.
pub fn sdl() -> String {
    printed(async_graphql::Schema::build(Query::default(), Mutation::default(), Subscription::default()))
}

/// The same with what only routers ask for: what documents are held against.
pub fn served_sdl() -> String {
    printed(builder())
}

fn printed<Q: ObjectType + 'static>(schema: SchemaBuilder<Q, Mutation, Subscription>) -> String {
    let options = SDLExportOptions::new().include_specified_by().sorted_enum_items();
    without_own_directives(&schema.finish().sdl_with_options(options))
}

/// The text without the directives that every server has, which no schema lists, and without blanks at the ends of lines.
/// `@oneOf` stays: not every tool knows it yet.
fn without_own_directives(sdl: &str) -> String {
    const OWN: [&str; 3] = ["directive @include(", "directive @skip(", "directive @specifiedBy("];
    let mut kept: Vec<&str> = Vec::new();
    for line in sdl.lines().map(str::trim_end) {
        if OWN.iter().any(|own| line.starts_with(own)) {
            // The description above it: a line between two of quotation marks.
            kept.truncate(kept.len().saturating_sub(3));
        } else {
            kept.push(line);
        }
    }
    kept.join("\n").trim_end().to_owned() + "\n"
}

macro_rules! nodes {
    ($(($object:ident, $entity:ident)),* $(,)?) => {
        /// Whatever has a global id.
        #[derive(Debug, Interface)]
        #[graphql(name = "Node", field(name = "id", ty = "ID", desc = "Opaque, unique over all types, and never changed."))]
        pub enum AnyNode {
            $(#[doc = "One of the types that have an id."] $object($object),)*
            #[doc = "One of the types that have an id."] Change(Change),
        }

        /// Whatever can be extended elsewhere.
        #[derive(Debug, Union)]
        #[graphql(name = "_Entity", visible = false)]
        pub enum AnyEntity {
            $(#[doc = "One of the types that have an id."] $object($object),)*
            #[doc = "One of the types that have an id."] Change(Change),
        }

        impl From<AnyNode> for AnyEntity {
            fn from(node: AnyNode) -> Self {
                match node {
                    $(AnyNode::$object(object) => Self::$object(object),)*
                    AnyNode::Change(change) => Self::Change(change),
                }
            }
        }

        /// The names of the types that have an id.
        pub(crate) const NODE_TYPES: &[&str] = &[$(stringify!($object),)* "Change"];

        /// The type of a name, if its rows have an id.
        pub(crate) fn node_type(name: &str) -> Option<NodeType> {
            match name {
                $(stringify!($object) => Some(NodeType::$object),)*
                "Change" => Some(NodeType::Change),
                _ => None,
            }
        }

        /// Reads rows of one type by their keys, with what a field selects of them.
        pub(crate) async fn read_nodes(
            ctx: &Context<'_>,
            field: &Field<'_>,
            node_type: NodeType,
            keys: Vec<Uuid>,
        ) -> Result<HashMap<Uuid, AnyNode>> {
            Ok(match node_type {
                $(NodeType::$object => tree::by_keys::<entity::$entity::Entity>(ctx, field, keys)
                    .await?
                    .into_iter()
                    .map(|(key, object)| (key, AnyNode::$object(object)))
                    .collect(),)*
                NodeType::Change => feed::by_keys(ctx, field, keys)
                    .await?
                    .into_iter()
                    .map(|(key, change)| (key, AnyNode::Change(change)))
                    .collect(),
            })
        }
    };
}

nodes![
    (Account, account),
    (Affiliation, affiliation),
    (AgendaRelease, agenda_release),
    (ApiKey, api_key),
    (Convening, convening),
    (County, county),
    (Delegation, delegation),
    (District, district),
    (ExperienceLevel, experience_level),
    (FocusQuestion, focus_question),
    (Interest, interest),
    (LinkedIdentity, identity),
    (Merge, merge),
    (Metric, metric),
    (Offering, offering),
    (Organization, organization),
    (Partnership, partnership),
    (Person, person),
    (PublishedResult, published_result),
    (Region, region),
    (Resource, resource),
    (RoleGrant, role_grant),
    (Room, room),
    (SeatAssignment, seat_assignment),
    (Session, session),
    (Slot, slot),
    (Speaker, speaker),
    (Sponsorship, sponsorship),
    (Survey, survey),
    (SurveyItem, survey_item),
    (Team, team),
    (TeamMember, team_member),
    (TeamNote, team_note),
    (WebhookDelivery, webhook_delivery),
    (WebhookEndpoint, webhook_endpoint),
    (WrittenAnswer, written_answer),
];

/// Root fields that find anything by its id.
#[derive(Debug, Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// What has this id, or what that has become which had it, where two turned out to be one; null where there is
    /// nothing of that id that you may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id, from any `id` field.")] id: ID,
    ) -> Nullable<AnyNode> {
        let found = async {
            let GlobalId { node_type, key } = GlobalId::decode(&id)?;
            Ok(read_nodes(ctx, &Field::of(ctx), node_type, vec![key]).await?.remove(&key))
        };
        found.await.transpose()
    }

    /// What has these ids, in their order, with null for each that there is nothing of that you may see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids, at most 250.")] ids: Vec<ID>,
    ) -> FieldResult<Vec<Nullable<Arc<AnyNode>>>> {
        let ids: Vec<Result<GlobalId>> = ids.iter().map(GlobalId::decode).collect();
        let mut by_type: HashMap<NodeType, Vec<Uuid>> = HashMap::new();
        for id in ids.iter().flatten() {
            by_type.entry(id.node_type).or_default().push(id.key);
        }
        let field = Field::of(ctx);
        let mut found = HashMap::new();
        for (node_type, keys) in by_type {
            let nodes = read_nodes(ctx, &field, node_type, keys).await?;
            found.extend(nodes.into_iter().map(|(key, node)| (GlobalId { node_type, key }, Arc::new(node))));
        }
        let node = |id: Result<GlobalId>| match id {
            Ok(id) => found.get(&id).cloned().map(Ok),
            Err(error) => Some(Err(error.into())),
        };
        Ok(ids.into_iter().map(node).collect())
    }
}
