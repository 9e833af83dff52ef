//! The two root fields that every subgraph has.

use super::loader;
use crate::error::{Error, Result};
use crate::graphql::tree::Field;
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable};
use crate::schema::{AnyEntity, node_type, read_nodes};
use async_graphql::{Context, ID, InputValueError, InputValueResult, Object, Scalar, ScalarType, SimpleObject, Value};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// Representations in one request at most.
const MAX: usize = 250;

/// What another part of the graph knows of a row: its type and one of its keys.
struct Representation(Value);

#[Scalar(name = "_Any", visible = false)]
impl ScalarType for Representation {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::Object(_) => Ok(Self(value)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

/// What a router reads before it composes.
#[derive(SimpleObject)]
#[graphql(name = "_Service", visible = false)]
struct Service {
    /// The subgraph in the schema language.
    sdl: &'static str,
}

/// How a representation names its row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Id(GlobalId),
    /// By the name of one of its fields, and what that holds.
    Named(NodeType, &'static str, String),
}

impl Representation {
    fn text(&self, field: &str) -> Option<&str> {
        let Value::Object(fields) = &self.0 else { return None };
        match fields.get(field) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    fn key(&self) -> Result<Key> {
        let known = |name: &&str| node_type(name).map(|node_type| (node_type, (*name).to_owned()));
        let Some((node_type, name)) = self.text("__typename").as_ref().and_then(known) else {
            return Err(Error::bad_input("A representation needs the `__typename` of a type that has a key here."));
        };
        if let Some(id) = self.text("id") {
            return Ok(Key::Id(GlobalId { node_type, key: GlobalId::key_of(&ID::from(id), node_type)? }));
        }
        let fields = super::NAMES.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, fields)| fields);
        let named = fields.iter().find_map(|field| Some(Key::Named(node_type, field, self.text(field)?.to_owned())));
        named.ok_or_else(|| Error::bad_input("A representation needs one of the keys of its type, such as its `id`."))
    }
}

/// Root fields for routers of a larger graph.
#[derive(Debug, Default)]
pub(crate) struct FederationQuery;

#[Object]
impl FederationQuery {
    /// What others know of, by its keys, in its order; null for each that there is nothing of that you may see.
    #[graphql(name = "_entities", visible = false)]
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The type and a key of each, at most 250.")] representations: Vec<Representation>,
    ) -> FieldResult<Vec<Nullable<Arc<AnyEntity>>>> {
        if representations.len() > MAX {
            return Err(Error::BadInput(format!("At most {MAX} representations at once.")).into());
        }
        let keys: Vec<Result<Key>> = representations.iter().map(Representation::key).collect();
        let ids = ids(ctx, &keys).await?;
        let found = entities(ctx, ids.values().copied()).await?;
        let entity = |key: Result<Key>| match key {
            Ok(key) => ids.get(&key).and_then(|id| found.get(id)).cloned().map(Ok),
            Err(error) => Some(Err(error.into())),
        };
        Ok(keys.into_iter().map(entity).collect())
    }

    /// What a router reads before it composes.
    #[graphql(name = "_service", visible = false)]
    async fn service(&self) -> Service {
        static SDL: OnceLock<String> = OnceLock::new();
        Service { sdl: SDL.get_or_init(super::sdl) }
    }
}

/// The ids of rows by their keys, as far as there are such rows: a statement for each kind of name.
async fn ids(ctx: &Context<'_>, keys: &[Result<Key>]) -> Result<HashMap<Key, GlobalId>> {
    let mut ids = HashMap::new();
    let mut names: HashMap<(NodeType, &'static str), Vec<String>> = HashMap::new();
    for key in keys.iter().flatten() {
        match key {
            Key::Id(id) => drop(ids.insert(key.clone(), *id)),
            Key::Named(node_type, field, name) => names.entry((*node_type, field)).or_default().push(name.clone()),
        }
    }
    for ((node_type, field), names) in names {
        let named = loader::keys(ctx, node_type, field, names).await?;
        ids.extend(
            named.into_iter().map(|(name, key)| (Key::Named(node_type, field, name), GlobalId { node_type, key })),
        );
    }
    Ok(ids)
}

/// The rows of these ids that the viewer may see, with what is selected of them: read type by type, as trees.
async fn entities(ctx: &Context<'_>, ids: impl Iterator<Item = GlobalId>) -> Result<HashMap<GlobalId, Arc<AnyEntity>>> {
    let mut by_type: HashMap<NodeType, Vec<Uuid>> = HashMap::new();
    for GlobalId { node_type, key } in ids {
        by_type.entry(node_type).or_default().push(key);
    }
    let field = Field::of(ctx);
    let mut found = HashMap::new();
    for (node_type, keys) in by_type {
        let nodes = read_nodes(ctx, &field, node_type, keys).await?;
        found.extend(nodes.into_iter().map(|(key, node)| (GlobalId { node_type, key }, Arc::new(node.into()))));
    }
    Ok(found)
}
