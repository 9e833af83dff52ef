//! How sessions are looked up and listed.

use super::object::{Session, SessionFormat};
use crate::graphql::tree;
use crate::graphql::{Date, Found, GlobalId, NodeType};
use async_graphql::{Context, ID, InputObject, Object};
use entity::ids::SessionId;
use entity::session;

/// Which sessions; all that is given must hold.
#[derive(Debug, InputObject)]
pub(crate) struct SessionFilter {
    /// Words, or beginnings of words, in its title or abstract. Typos are forgiven, case and accents too.
    pub(in crate::session) search: Option<String>,
    /// Only of one of these formats.
    pub(in crate::session) format: Option<Vec<SessionFormat>>,
    /// Only on this day.
    pub(in crate::session) date: Option<Date>,
}

/// Root fields on sessions.
#[derive(Debug, Default)]
pub(crate) struct SessionQuery;

#[Object]
impl SessionQuery {
    /// One session; null where there is none of that id that you may see.
    async fn session(&self, ctx: &Context<'_>, #[graphql(desc = "The session's global id.")] id: ID) -> Found<Session> {
        let key = GlobalId::key_of::<SessionId>(&id, NodeType::Session);
        tree::find_by_key::<session::Entity>(ctx, key).await
    }
}
