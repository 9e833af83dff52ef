//! What is given to make and to change an endpoint.

use crate::feed::{Action, ChangeAction};
use crate::graphql::Url;
use crate::webhook::event;
use crate::webhook::service::{EndpointPatch, NewEndpoint};
use crate::writing::Patch;
use async_graphql::{InputObject, MaybeUndefined};

/// An endpoint to make.
#[derive(Debug, InputObject)]
pub(crate) struct CreateWebhookEndpointInput {
    /// Where messages are posted: an address that starts with https:// and that everybody can reach.
    url: Url,
    /// What it is for, at most 300 letters.
    description: Option<String>,
    /// Of changes of which types it is told, by their names in the schema, as `Convening`; of all where none is named.
    types: Option<Vec<String>>,
    /// Of which acts it is told; of all where none is named.
    actions: Option<Vec<ChangeAction>>,
}

/// What is to change of an endpoint: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateWebhookEndpointInput {
    /// Where messages are posted; it cannot be emptied. What was to be told goes there.
    url: MaybeUndefined<Url>,
    /// What it is for.
    description: MaybeUndefined<String>,
    /// Of changes of which types it is told; all of them, those that stand included. Null: of all types.
    types: MaybeUndefined<Vec<String>>,
    /// Of which acts it is told; all of them, those that stand included. Null: of all acts.
    actions: MaybeUndefined<Vec<ChangeAction>>,
}

impl From<CreateWebhookEndpointInput> for NewEndpoint {
    fn from(input: CreateWebhookEndpointInput) -> Self {
        Self {
            url: input.url.0,
            description: input.description,
            types: input.types.unwrap_or_default(),
            actions: words(input.actions.unwrap_or_default()),
        }
    }
}

impl From<UpdateWebhookEndpointInput> for EndpointPatch {
    fn from(input: UpdateWebhookEndpointInput) -> Self {
        Self {
            url: Patch::from(input.url).map(|url| url.0),
            description: input.description.into(),
            types: input.types.into(),
            actions: Patch::from(input.actions).map(words),
        }
    }
}

fn words(actions: Vec<ChangeAction>) -> Vec<String> {
    actions.into_iter().map(|action| event::word(Action::from(action)).to_owned()).collect()
}
