//! Erasing a person in the schema.

use super::service;
use crate::graphql::{GlobalId, NodeType, Nullable, payload, write};
use crate::person::Person;
use async_graphql::{Context, ID, Object};
use entity::person;

payload!(
    /// What came of erasing a person.
    ErasePersonPayload {
        /// What is left: somebody whose name is withheld; null where the person was not erased.
        person: Person = person::Entity
    }
);

/// Erasing people.
#[derive(Debug, Default)]
pub(crate) struct ErasureMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl ErasureMutation {
    /// Takes the name and private data of a person out of every row and of all history, for good. What is counted stays: that
    /// somebody spoke, and sat in a team. Texts that people wrote, titles and abstracts for example, are not
    /// searched. For administrators.
    async fn erase_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] id: ID,
        #[graphql(desc = "The version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history. It stays: it must not name the person, and is refused where it does.")]
        reason: String,
    ) -> Nullable<ErasePersonPayload> {
        let key = GlobalId::key_of(&id, NodeType::Person);
        write(ctx, async |db, actor| service::erase(db, actor, key?, version).await).await
    }
}
