//! The feed in the schema: as a query for mirrors that poll, and as a subscription.

use super::audience::fingerprint;
use super::cursor::{Position, Seal};
use super::feeds::{Feeds, Shared, Stretch};
use super::read::{self, Action, Entry};
use super::service::{self, From};
use super::told::{ALL, names};
use crate::auth::{Standing, Viewer};
use crate::database::{Channel, Notices, Waiting};
use crate::error::{Error, Result};
use crate::graphql::tree::Field;
use crate::graphql::{ContextExt as _, Edge, FieldResult, GlobalId, NodeType, Nullable, Page, PageInfo, Time, Walk};
use crate::schema::{AnyNode, read_nodes};
use async_graphql::{Context, Enum, ID, Object, Subscription};
use futures_util::Stream;
use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::unfold;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use uuid::Uuid;

/// How many changes a subscription reads at once.
const AT_ONCE: usize = 20;

/// Where a feed is read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub(crate) enum ChangesFrom {
    /// Everything that there is, each as `CREATED`, then every change since: the way to begin a copy.
    Beginning,
    /// Only what changes from now on.
    #[default]
    Now,
}

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "ChangeAction", remote = "Action")]
pub(crate) enum ChangeAction {
    /// It was made, or can be seen now.
    Created,
    /// It shows something else than before.
    Updated,
    /// It was taken away, or cannot be seen any more.
    Deleted,
}

/// That something you may see came, changed or went.
#[derive(Debug)]
pub struct Change {
    entry: Entry,
    cursor: String,
    node: Option<Arc<AnyNode>>,
}

/// That something you may see came, changed or went. A change tells of an object's own fields, of their parts and of which
/// other objects they refer to; what is computed from others, or lists them, is told by their changes. Changes are kept for
/// 30 days.
#[Object]
impl Change {
    /// The change's global id: the same for all who see the same.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Change, self.entry.id)
    }

    /// Give it as `after` to go on behind this change. It is good for 30 days, and for as long as what you were granted
    /// stays the same; it tells nobody how much there is that you may not see.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// What happened.
    async fn action(&self) -> ChangeAction {
        self.entry.action.into()
    }

    /// The type of the object, as in `__typename`.
    async fn typename(&self) -> String {
        format!("{:?}", self.entry.node_type)
    }

    /// The global id of the object.
    async fn node_id(&self) -> ID {
        GlobalId::encode(self.entry.node_type, self.entry.key)
    }

    /// The object as it is now, which may be newer than the change; null where it was deleted.
    async fn node(&self) -> Option<&AnyNode> {
        self.node.as_deref()
    }

    /// When it was done; of what came to be seen or to be hidden by another change, when this feed was looked at next. So
    /// moments need not be in order, as the changes are.
    async fn recorded_at(&self) -> Time {
        Time(self.entry.recorded_at)
    }
}

/// A part of the feed of changes.
pub(crate) struct ChangeConnection {
    edges: Vec<Edge<Change>>,
    start: Position,
    /// The cursor of the place that was reached.
    reached: String,
    is_first: bool,
    more: bool,
    types: Vec<NodeType>,
}

/// A part of the feed of changes, in the order in which they were committed.
#[Object]
impl ChangeConnection {
    /// The changes of the page, each with the cursor that continues behind it.
    async fn edges(&self) -> Walk<&Edge<Change>> {
        self.edges.iter().collect()
    }

    /// The changes of the page.
    async fn nodes(&self) -> Walk<&Change> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Whether there is more already, and the cursor to go on with. `endCursor` is there also where the page is empty: where
    /// there is no more, all that was looked at lies before it, also what is of other types, so that whoever polls within
    /// 30 days can always go on from it.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: !self.is_first,
            has_next_page: self.more,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: Some(self.reached.clone()),
        }
    }

    /// How many changes there are behind the place that was asked for. Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> FieldResult<i64> {
        Ok(read::count(&ctx.accounts().db, self.start, &self.types).await?)
    }
}

/// The feed as a query.
#[derive(Debug, Default)]
pub(crate) struct FeedQuery;

#[Object]
impl FeedQuery {
    /// What came, changed and went of all that you may see, in the order in which it was committed and without a gap, for
    /// those who keep a copy. Begin with `from: BEGINNING`, and go on with `after` and the last cursor that you were given,
    /// whenever you like within 30 days. A cursor that is older, or of a time when you might see other things, is refused
    /// with `extensions.reason` `CURSOR_EXPIRED`: then begin again.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only changes behind this cursor; `from` does not matter then.")] after: Option<String>,
        #[graphql(desc = "Where to begin without a cursor.", default)] from: ChangesFrom,
        #[graphql(desc = "Changes at most: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only changes of objects of these types, by name, as `Session`.")] types: Option<Vec<String>>,
    ) -> Nullable<ChangeConnection> {
        Some(page(ctx, after, from, first, types).boxed().await.map_err(Into::into))
    }
}

async fn page(
    ctx: &Context<'_>,
    after: Option<String>,
    from: ChangesFrom,
    first: Option<i32>,
    types: Option<Vec<String>>,
) -> Result<ChangeConnection> {
    let types = named(types)?;
    let rows = usize::try_from(Page::new(first, None, None, None)?.rows).unwrap_or_default();
    let (db, viewer) = (&ctx.accounts().db, ctx.viewer());
    let seal = Seal::of(db).await?;
    let feeds = ctx.data_unchecked::<Arc<Feeds>>();
    let (start, end) = service::start(feeds, viewer, &seal, (after.as_deref(), from.into())).await?;
    let stretch = Stretch { position: start, types, limit: rows };
    let part = read::read(db, viewer, end, &stretch).await?;
    let field = Field::of(ctx).nodes("Change").and_then(|change| change.child("Change", "node"));
    let changes = with_nodes(ctx, field.as_ref(), &seal, part.entries).await?;
    let edges = changes.into_iter().map(|(change, _)| Edge { cursor: change.cursor.clone(), node: change });
    let (edges, reached, is_first) = (edges.collect(), seal.close(&part.upto)?, after.is_none());
    Ok(ChangeConnection { edges, start, reached, is_first, more: part.more, types: stretch.types })
}

/// The feed as it grows.
#[derive(Debug, Default)]
pub(crate) struct FeedSubscription;

#[Subscription]
impl FeedSubscription {
    /// Every change of all that you may see, in the order in which it was committed: from now on, from the beginning, or
    /// behind a cursor, so that nothing is missed over a reconnect within 30 days. What you may see is asked again before
    /// each; where that has become more than it was, the subscription ends with `extensions.reason` `CURSOR_EXPIRED`, and
    /// where it has become less, with the code `FORBIDDEN`: begin again with `from: BEGINNING`. It ends after `first` changes
    /// where that is given. Who is told nothing for long, as with rare `types`, has an old cursor: once a week, ask the query
    /// `changes` with it and `first: 0`, and where its `hasNextPage` is false, keep its `endCursor` instead.
    async fn changes<'ctx>(
        &self,
        ctx: &'ctx Context<'_>,
        #[graphql(desc = "Only changes behind this cursor; `from` does not matter then.")] after: Option<String>,
        #[graphql(desc = "Where to begin without a cursor.", default)] from: ChangesFrom,
        #[graphql(desc = "End after so many changes.")] first: Option<i32>,
        #[graphql(desc = "Only changes of objects of these types, by name, as `Session`.")] types: Option<Vec<String>>,
    ) -> FieldResult<impl Stream<Item = FieldResult<Change>> + 'ctx> {
        let types = named(types)?;
        let negative = |_| Error::bad_input("`first` is 0 or more: after so many changes the subscription ends.");
        let left = first.map(usize::try_from).transpose().map_err(negative)?;
        let (feeds, viewer): (Arc<Feeds>, _) = (Arc::clone(ctx.data_unchecked()), ctx.viewer().clone());
        let begin = async {
            // First it is listened, then looked: what happens between the two is told.
            let waiting = ctx.data_unchecked::<Arc<Notices>>().wait(Channel::Changes).await?;
            let seal = Seal::of(&ctx.accounts().db).await?;
            let (position, _) = service::start(&feeds, &viewer, &seal, (after.as_deref(), from.into())).await?;
            Ok::<_, Error>((waiting, seal, position))
        };
        let (waiting, seal, position) = begin.boxed().await?;
        let shared = feeds.shared(&viewer);
        let watch =
            Watch { waiting, feeds, shared, viewer, seal, types, position, left, read: VecDeque::new(), looks: true };
        Ok(unfold(Some(watch), move |watch| async move {
            let mut watch = watch?;
            match watch.next(ctx).await.transpose()? {
                Ok(change) => Some((Ok(change), Some(watch))),
                Err(error) => Some((Err(error.into()), None)),
            }
        }))
    }
}

/// Somebody who follows a feed. What was read and not yet asked for is all that is held, so that whoever reads slowly costs
/// nothing.
struct Watch {
    waiting: Waiting,
    feeds: Arc<Feeds>,
    /// With all others who see the same.
    shared: Arc<Shared>,
    viewer: Viewer,
    seal: Seal,
    types: Vec<NodeType>,
    /// Behind what was sent last, or was looked at and is not to be sent.
    position: Position,
    /// How many are still to be sent, where that is limited.
    left: Option<usize>,
    read: VecDeque<(Change, Position)>,
    /// Whether it is to be looked before anything is waited for.
    looks: bool,
}

impl Watch {
    /// The next change; nothing where there will be none.
    async fn next(&mut self, ctx: &Context<'_>) -> Result<Option<Change>> {
        if self.left == Some(0) {
            return Ok(None);
        }
        if self.waiting.was_told() {
            // What was read before may not be for this viewer any more.
            self.read.clear();
            self.looks = true;
        }
        while self.read.is_empty() {
            if !std::mem::take(&mut self.looks) && self.waiting.next().await.is_none() {
                return Ok(None);
            }
            // In a box, which is gone while it is waited.
            self.look(ctx).boxed().await?;
        }
        let Some((change, position)) = self.read.pop_front() else { return Ok(None) };
        self.position = position;
        self.left = self.left.map(|left| left.saturating_sub(1));
        Ok(Some(change))
    }

    /// Reads what follows, and only then asks who it is for now: so that nothing is sent that was read after a right was
    /// taken back.
    async fn look(&mut self, ctx: &Context<'_>) -> Result<()> {
        let limit = self.left.map_or(AT_ONCE, |left| left.min(AT_ONCE));
        let stretch = Stretch { position: self.position, types: self.types.clone(), limit };
        let part = service::follow(&self.feeds, &self.viewer, &self.shared, stretch).await?;
        let _place = self.feeds.following().await?;
        let field = Field::of(ctx).child("Change", "node");
        let read = with_nodes(ctx, field.as_ref(), &self.seal, part.entries).await?;
        let standing = ctx.data_unchecked::<Standing>().viewer(ctx.accounts()).await?;
        let viewer = standing.ok_or(Error::Unauthenticated)?;
        if fingerprint(&viewer) != fingerprint(&self.viewer) {
            return Err(Error::OutOfStep(
                "What you may see is more or less than it was. Start again with `from: BEGINNING`.",
            ));
        }
        self.read = read.into();
        if self.read.is_empty() {
            self.position = part.upto;
        }
        self.looks = part.more || !self.read.is_empty();
        Ok(())
    }
}

/// Changes by their keys, those of the viewer's own feed.
pub(crate) fn by_keys<'a>(
    ctx: &'a Context<'_>,
    field: &'a Field<'_>,
    keys: Vec<Uuid>,
) -> BoxFuture<'a, Result<HashMap<Uuid, Change>>> {
    async move {
        let db = &ctx.accounts().db;
        let found = read::by_ids(db, ctx.viewer(), keys).await?;
        let seal = Seal::of(db).await?;
        let changes = with_nodes(ctx, field.child("Change", "node").as_ref(), &seal, found).await?;
        Ok(changes.into_iter().map(|(change, _)| (change.entry.id, change)).collect())
    }
    .boxed()
}

/// The changes with what is selected of their nodes. One whose node is not seen any more is left out.
async fn with_nodes(
    ctx: &Context<'_>,
    field: Option<&Field<'_>>,
    seal: &Seal,
    entries: Vec<(Entry, Position)>,
) -> Result<Vec<(Change, Position)>> {
    let mut keys: HashMap<NodeType, Vec<Uuid>> = HashMap::new();
    for (entry, _) in entries.iter().filter(|(entry, _)| entry.action != Action::Deleted) {
        keys.entry(entry.node_type).or_default().push(entry.key);
    }
    let mut changes = Vec::with_capacity(entries.len());
    for (entry, position) in entries {
        changes.push((Change { cursor: seal.close(&position)?, entry, node: None }, position));
    }
    let Some(field) = field else { return Ok(changes) };
    let mut kept = Vec::with_capacity(changes.len());
    let mut nodes = HashMap::new();
    for (node_type, keys) in keys {
        let read = read_nodes(ctx, field, node_type, keys).await?;
        nodes.extend(read.into_iter().map(|(key, node)| ((node_type, key), Arc::new(node))));
    }
    for (mut change, position) in changes {
        let Entry { node_type, key, .. } = change.entry;
        change.node = nodes.get(&(node_type, key)).cloned();
        if change.node.is_some() || change.entry.action == Action::Deleted {
            kept.push((change, position));
        }
    }
    Ok(kept)
}

/// The types of these names; none for any.
fn named(names: Option<Vec<String>>) -> Result<Vec<NodeType>> {
    let known = |name: &String| ALL.iter().find(|told| told.name() == *name).map(|told| told.node_type);
    names.unwrap_or_default().iter().map(|name| known(name).ok_or_else(unknown)).collect()
}

fn unknown() -> Error {
    Error::BadInput(format!("`types` takes names of types that have changes: {}.", names().join(", ")))
}

impl std::convert::From<ChangesFrom> for From {
    fn from(from: ChangesFrom) -> Self {
        match from {
            ChangesFrom::Beginning => Self::Beginning,
            ChangesFrom::Now => Self::Now,
        }
    }
}
