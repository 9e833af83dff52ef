//! What runs requests, with what resolvers find of the service in their context.

use super::Runnable;
use crate::account::Accounts;
use crate::database::{Notices, Writers};
use crate::feed::Feeds;
use crate::schema::{self, Readable, Schema};
use crate::survey::allowance::Allowance;
use crate::webhook::Network;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::parser::types::OperationType;
use async_graphql::{
    CacheControl, ObjectType, Request, Response, SchemaBuilder, ServerError, SubscriptionType, ValidationResult,
};
use async_trait::async_trait;
use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::BoxStream;
use std::sync::Arc;

/// Root fields that only routers of a larger graph ask for.
const OF_ROUTERS: [&str; 2] = ["_entities", "_service"];

/// The schema as requests are run on it.
pub(in crate::http) struct Engine {
    whole: Schema,
    readable: Readable,
}

/// What resolvers find of the service, whatever the request.
#[derive(Clone)]
pub(in crate::http) struct Facts {
    /// What signing in takes.
    pub(in crate::http) accounts: Arc<Accounts>,
    /// How many ballots were handed out lately.
    pub(in crate::http) ballots: Arc<Allowance>,
    /// What the database tells of.
    pub(in crate::http) notices: Arc<Notices>,
    /// The feeds of changes.
    pub(in crate::http) feeds: Arc<Feeds>,
    /// Where requests of the service itself may go.
    pub(in crate::http) network: Network,
    /// Those who may write at one time.
    pub(in crate::http) writers: Writers,
}

impl Facts {
    fn in_schema<Q, M, S>(&self, builder: SchemaBuilder<Q, M, S>) -> async_graphql::Schema<Q, M, S>
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        let Self { accounts, ballots, notices, feeds, network, writers } = self.clone();
        builder.data(accounts).data(ballots).data(notices).data(feeds).data(network).data(writers).finish()
    }
}

impl Engine {
    /// What runs requests of a service of which these are the facts.
    pub(in crate::http) fn new(facts: &Facts) -> Self {
        let readable = schema::readable().extension(Validated);
        Self { whole: facts.in_schema(schema::builder()), readable: facts.in_schema(readable) }
    }

    /// Runs a query or a mutation. What only reads is run on as much of the schema as that takes.
    pub(super) fn execute(&self, runs: Runs, request: Request) -> BoxFuture<'_, Response> {
        match runs {
            Runs::OnWhatIsRead => self.readable.execute(request).boxed(),
            Runs::OnTheWhole => self.whole.execute(request).boxed(),
        }
    }

    /// Runs a subscription.
    pub(in crate::http) fn subscribe(&self, request: Request) -> BoxStream<'static, Response> {
        self.whole.execute_stream(request)
    }
}

/// How much of the schema a request takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// As much as queries of the dataset reach.
    OnWhatIsRead,
    /// All of it: what changes something, what asks for its description, and what routers ask for.
    OnTheWhole,
}

impl Runs {
    pub(super) fn of(request: &Runnable) -> Self {
        let (operation, of_router) = (request.operation(), |field: &str| OF_ROUTERS.contains(&field));
        let is_read = operation.does == OperationType::Query
            && !request.known.asks_for_schema
            && !operation.root_fields.iter().any(|field| of_router(field));
        if is_read { Self::OnWhatIsRead } else { Self::OnTheWhole }
    }
}

/// What runs was validated by then: the engine need not do it again.
struct Validated;

impl ExtensionFactory for Validated {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for Validated {
    async fn validation(
        &self,
        _: &ExtensionContext<'_>,
        _: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        // Neither is asked for: answers are kept by another rule, and cost and depth were weighed before.
        Ok(ValidationResult { cache_control: CacheControl::default(), complexity: 0, depth: 0 })
    }
}
