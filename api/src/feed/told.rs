//! The types of nodes that a feed tells of, and what of each node it watches.

use super::content;
use crate::auth::Viewer;
use crate::database::{Alias, any_of};
use crate::graphql::NodeType;
use crate::policy::{Action, Kind, Resource};
use entity::{
    account, affiliation, agenda_release, api_key, convening, county, delegation, district, experience_level,
    focus_question, identity, interest, merge, metric, offering, organization, partnership, person, published_result,
    region, resource, role_grant, room, seat_assignment, session, slot, speaker, sponsorship, survey, survey_item,
    team, team_member, team_note,
};
use sea_orm::EntityTrait;
use sea_orm::sea_query::{Expr, SelectStatement};
use uuid::Uuid;

/// A type of nodes.
pub(super) struct Told {
    pub(super) node_type: NodeType,
    kind: Kind,
    table: fn() -> &'static str,
    select: fn(&Viewer, &Alias) -> SelectStatement,
    version: Version,
    content: fn(&Viewer, &Alias) -> Vec<Expr>,
}

/// Whether the rows of a type count their changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    Counted,
    None,
}

/// Every type but written answers, whose changes would tie them to a moment, and changes and webhooks themselves; in an
/// order in which what is referred to comes before what refers to it.
pub(super) static ALL: [Told; 33] = [
    fixed::<region::Entity>(NodeType::Region),
    fixed::<county::Entity>(NodeType::County),
    of::<organization::Entity>(NodeType::Organization),
    of::<district::Entity>(NodeType::District).showing(content::of_district),
    of::<partnership::Entity>(NodeType::Partnership),
    of::<person::Entity>(NodeType::Person).showing(content::of_person),
    of::<affiliation::Entity>(NodeType::Affiliation),
    of::<offering::Entity>(NodeType::Offering).showing(content::of_offering),
    of::<interest::Entity>(NodeType::Interest),
    of::<convening::Entity>(NodeType::Convening).showing(content::of_convening),
    of::<sponsorship::Entity>(NodeType::Sponsorship),
    of::<delegation::Entity>(NodeType::Delegation),
    of::<metric::Entity>(NodeType::Metric),
    fixed::<agenda_release::Entity>(NodeType::AgendaRelease).showing(content::of_release),
    of::<room::Entity>(NodeType::Room),
    of::<session::Entity>(NodeType::Session).showing(content::of_session),
    of::<slot::Entity>(NodeType::Slot).showing(content::of_slot),
    of::<speaker::Entity>(NodeType::Speaker),
    of::<resource::Entity>(NodeType::Resource),
    of::<experience_level::Entity>(NodeType::ExperienceLevel),
    of::<focus_question::Entity>(NodeType::FocusQuestion),
    of::<team::Entity>(NodeType::Team).showing(content::of_team),
    of::<team_member::Entity>(NodeType::TeamMember).showing(content::of_member),
    of::<seat_assignment::Entity>(NodeType::SeatAssignment).showing(content::of_seat),
    of::<team_note::Entity>(NodeType::TeamNote).showing(content::of_note),
    of::<survey::Entity>(NodeType::Survey),
    fixed::<survey_item::Entity>(NodeType::SurveyItem).showing(content::of_item),
    fixed::<published_result::Entity>(NodeType::PublishedResult),
    of::<account::Entity>(NodeType::Account),
    fixed::<role_grant::Entity>(NodeType::RoleGrant).showing(content::of_grant),
    of::<api_key::Entity>(NodeType::ApiKey),
    fixed::<identity::Entity>(NodeType::LinkedIdentity),
    fixed::<merge::Entity>(NodeType::Merge).showing(content::of_merge),
];

/// The names of those types, as in the schema.
pub(crate) fn names() -> Vec<String> {
    ALL.iter().map(Told::name).collect()
}

/// A type whose rows count their changes.
const fn of<E: Resource>(node_type: NodeType) -> Told {
    Told {
        node_type,
        kind: E::KIND,
        table: table_of::<E>,
        select: select_of::<E>,
        version: Version::Counted,
        content: nothing,
    }
}

/// A type whose rows do not.
const fn fixed<E: Resource>(node_type: NodeType) -> Told {
    Told { version: Version::None, ..of::<E>(node_type) }
}

fn table_of<E: EntityTrait>() -> &'static str {
    E::default().table_name()
}

fn select_of<E: Resource>(viewer: &Viewer, rows: &Alias) -> SelectStatement {
    let mut select = rows.select_from::<E>();
    select.and_where(viewer.visible::<E>(rows));
    select
}

fn nothing(_: &Viewer, _: &Alias) -> Vec<Expr> {
    Vec::new()
}

impl Told {
    /// The same, of whose nodes this may change with other rows too.
    const fn showing(self, content: fn(&Viewer, &Alias) -> Vec<Expr>) -> Self {
        Self { content, ..self }
    }

    /// The type that a number stands for.
    pub(super) fn of_tag(tag: i16) -> Option<&'static Self> {
        ALL.iter().find(|told| told.tag() == tag)
    }

    /// The number that its ids begin with.
    pub(super) fn tag(&self) -> i16 {
        i16::from(self.node_type as u8)
    }

    /// Its name in the schema.
    pub(super) fn name(&self) -> String {
        format!("{:?}", self.node_type)
    }

    /// The table of its rows.
    pub(super) fn table(&self) -> &'static str {
        (self.table)()
    }

    /// Whether the viewer sees every row of it, as soon and as long as there is one.
    pub(super) fn is_open_to(&self, viewer: &Viewer) -> bool {
        viewer.may_always(self.kind, Action::Read)
    }

    /// Whether a viewer reads its rows as they stand in its table, and not as they were last released.
    pub(super) fn is_read_as_written(&self, viewer: &Viewer) -> bool {
        viewer.reads("n").is_as_written(self.table())
    }

    /// What a viewer sees of it: `id`, `version`, and `content` with a hash of what else it shows that may change.
    pub(super) fn seen(&self, viewer: &Viewer) -> SelectStatement {
        let rows = viewer.reads("n");
        let mut select = (self.select)(viewer, &rows);
        let version = match self.version {
            Version::Counted => rows.computed("version"),
            Version::None => Expr::cust("0"),
        };
        select.expr_as(rows.computed("id"), "id").expr_as(version, "version");
        let content = (self.content)(viewer, &rows);
        let hash = if content.is_empty() {
            Expr::cust("NULL::uuid")
        } else {
            let holes = (1..=content.len()).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ");
            Expr::cust_with_exprs(format!("md5(jsonb_build_array({holes})::text)::uuid"), content)
        };
        select.expr_as(hash, "content");
        select
    }

    /// The same of these rows.
    pub(super) fn seen_of(&self, viewer: &Viewer, keys: Vec<Uuid>) -> SelectStatement {
        let mut select = self.seen(viewer);
        select.and_where(any_of(viewer.reads("n").computed("id"), keys));
        select
    }

    /// Which of these rows a viewer sees: their `id`.
    pub(super) fn visible(&self, viewer: &Viewer, keys: Vec<Uuid>) -> SelectStatement {
        let rows = viewer.reads("n");
        let mut select = (self.select)(viewer, &rows);
        select.expr_as(rows.computed("id"), "id").and_where(any_of(rows.computed("id"), keys));
        select
    }
}
