//! The operations that are under way over one socket.

use super::close::End;
use super::message::Say;
use crate::auth::Viewer;
use crate::error::Error;
use crate::graphql::{FieldError, Link, code};
use crate::http::admission::{self, Payer, Refusal};
use crate::http::app::App;
use crate::http::front::{self, Prepared, Sent, coded};
use crate::http::observed::{over_socket, told_of};
use crate::http::open::{self, Broken, Caller};
use crate::http::query;
use crate::http::reply::code_of;
use crate::http::watch::{Loss, Watch};
use crate::observe::trail;
use async_graphql::parser::types::OperationType;
use async_graphql::{Pos, Response, ServerError};
use futures_util::{FutureExt as _, StreamExt as _};
use std::collections::HashMap;
use std::pin::pin;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

/// Bytes of the client's name for an operation at most: each of its answers repeats it.
const MAX_ID: usize = 128;
/// Messages that may wait until they are sent.
const WAITING: usize = 8;

/// What an operation has to say.
pub(super) struct Told {
    task: Id,
    id: String,
    what: What,
}

enum What {
    Message(String),
    Last(String),
    ShutOut,
}

/// The operations, each under the client's name for it.
pub(super) struct Operations {
    app: App,
    caller: Caller,
    open: HashMap<String, AbortHandle>,
    tasks: JoinSet<()>,
    told: mpsc::Receiver<Told>,
    tell: mpsc::Sender<Told>,
}

impl Operations {
    pub(super) fn new(app: &App, caller: Caller) -> Self {
        let (tell, told) = mpsc::channel(WAITING);
        Self { app: app.clone(), caller, open: HashMap::new(), tasks: JoinSet::new(), told, tell }
    }

    /// Begins one; there is a message at once where there are too many.
    pub(super) fn begin(&mut self, id: String, sent: Sent) -> Result<Option<String>, End> {
        if id.len() > MAX_ID {
            return Err(End::LONG_ID);
        }
        if self.open.contains_key(&id) {
            return Err(End::DUPLICATE);
        }
        let most = self.app.limits().operations;
        if self.open.len() >= most {
            let message = format!("A socket carries at most {most} operations at once. Complete some first.");
            return Ok(Some(failed(&id, &[error(&message, code::QUERY_LIMIT)])));
        }
        let (app, caller) = (self.app.clone(), self.caller.clone());
        let teller = Teller { id: id.clone(), tell: self.tell.clone() };
        let task = self.tasks.spawn(async move {
            // Nobody is told where nobody listens any more.
            let _ = over_socket(&app, run(&app, &caller, sent, &teller).boxed()).await;
        });
        self.open.insert(id, task);
        Ok(None)
    }

    /// Ends one that the client does not want more of.
    pub(super) fn end(&mut self, id: &str) {
        if let Some(task) = self.open.remove(id) {
            task.abort();
        }
    }

    /// The next message.
    pub(super) async fn next(&mut self) -> Result<String, End> {
        loop {
            let told = tokio::select! {
                Some(told) = self.told.recv() => told,
                Some(ended) = self.tasks.join_next() => match ended.err().and_then(|error| self.broken(&error)) {
                    Some(message) => return Ok(message),
                    None => continue,
                },
            };
            // What was ended has nothing to say any more, also where another has its name by now.
            if self.open.get(&told.id).is_none_or(|task| task.id() != told.task) {
                continue;
            }
            match told.what {
                What::Message(text) => return Ok(text),
                What::Last(text) => {
                    self.open.remove(&told.id);
                    return Ok(text);
                }
                What::ShutOut => return Err(End::SHUT_OUT),
            }
        }
    }

    /// What is said of an operation that broke.
    fn broken(&mut self, error: &JoinError) -> Option<String> {
        let (id, _) = self.open.extract_if(|_, task| error.is_panic() && task.id() == error.id()).next()?;
        let message = self::error("Something went wrong on our side.", code::INTERNAL_SERVER_ERROR);
        Some(failed(&id, &[message]))
    }
}

/// Tells what an operation has to say.
struct Teller {
    id: String,
    tell: mpsc::Sender<Told>,
}

/// Nobody listens any more.
struct Unheard;

impl Teller {
    async fn tell(&self, what: What) -> Result<(), Unheard> {
        let told = Told { task: tokio::task::id(), id: self.id.clone(), what };
        self.tell.send(told).await.map_err(|_| Unheard)
    }

    async fn next(&self, answer: &Response) -> Result<(), Unheard> {
        self.tell(What::Message(Say::Next { id: &self.id, payload: answer }.text())).await
    }

    async fn complete(&self) -> Result<(), Unheard> {
        self.tell(What::Last(Say::Complete { id: &self.id }.text())).await
    }

    async fn fail(&self, errors: &[ServerError]) -> Result<(), Unheard> {
        if let Some(first) = errors.first() {
            trail::failed(&code_of(first));
        }
        self.tell(What::Last(failed(&self.id, errors))).await
    }
}

/// Runs an operation. Who sends it is asked anew: the socket may have been opened long ago.
///
/// What is over soon has a box of its own: a subscription that waits, of which there are thousands, would keep room for it.
async fn run(app: &App, caller: &Caller, sent: Sent, teller: &Teller) -> Result<(), Unheard> {
    let viewer = match known(app, caller).boxed().await {
        Ok(Some(viewer)) => viewer,
        Ok(None) => return teller.tell(What::ShutOut).await,
        Err(error) => return teller.fail(&[error]).await,
    };
    told_of(&viewer);
    let payer = Payer::of(&viewer, caller.client);
    let paid = app.admission().pay(payer, 1);
    let prepared = match paid.map(|()| admission::prepare(app, payer, &viewer, sent)) {
        Ok(prepared) => prepared.boxed().await,
        Err(refused) => Err(refused),
    };
    match prepared.map(|prepared| prepared.map(|prepared| caller.sends(prepared))) {
        Ok(Ok(prepared @ Prepared { does: OperationType::Subscription, .. })) => {
            subscribe(app, (caller, payer), prepared, teller).await
        }
        Ok(Ok(prepared)) => answer(app, (viewer, payer), prepared, teller).boxed().await,
        Ok(Err(errors)) => teller.fail(&errors).await,
        Err(refused) => teller.fail(&[refused.error()]).await,
    }
}

/// Who sends an operation; nobody where what was shown is not good any more.
async fn known(app: &App, caller: &Caller) -> Result<Option<Viewer>, ServerError> {
    let turn = if caller.standing.may_end() {
        Some(app.admission().credential(Payer::at(caller.client)).await.map_err(Refusal::error)?)
    } else {
        None
    };
    let viewer = caller.standing.viewer(app.accounts()).await.map_err(told);
    drop(turn);
    viewer
}

/// Answers a query or a mutation, once it is its turn.
async fn answer(
    app: &App,
    (viewer, payer): (Viewer, Payer),
    prepared: Prepared,
    teller: &Teller,
) -> Result<(), Unheard> {
    let turn = match app.admission().enter(payer, &prepared).await {
        Ok(turn) => turn,
        Err(refused) => return teller.fail(&[refused.error()]).await,
    };
    if prepared.does == OperationType::Query {
        let (answer, _) = query::run(app, viewer, prepared, turn).await;
        return tell(&answer, teller).await;
    }
    // Answers that are kept may hold what a mutation is about to change: they are over before it is told.
    let writing = app.answers().writing();
    let answer = front::execute(app, viewer, prepared.request, Link::pool(app.pool())).await;
    drop((writing, turn));
    tell(&answer, teller).await
}

/// Tells the answer to a query or a mutation.
async fn tell(answer: &Response, teller: &Teller) -> Result<(), Unheard> {
    if let Some(first) = answer.errors.first() {
        trail::failed(&code_of(first));
    }
    let never_ran = answer.is_err() && answer.data == async_graphql::Value::Null;
    if never_ran && answer.errors.iter().all(|error| error.path.is_empty()) {
        return teller.fail(&answer.errors).await;
    }
    teller.next(answer).await?;
    teller.complete().await
}

/// Answers a subscription, for as long as there is something to answer.
async fn subscribe(
    app: &App,
    (caller, payer): (&Caller, Payer),
    prepared: Prepared,
    teller: &Teller,
) -> Result<(), Unheard> {
    if let Err(refused) = app.admission().pay_besides(payer, prepared.cost.saturating_sub(1)) {
        return teller.fail(&[refused.error()]).await;
    }
    let Some(_place) = app.subscriptions().take(caller.client.address) else {
        let message = "Too many wait for what comes at present. Try again in a minute.";
        return teller.fail(&[error(message, code::UNAVAILABLE)]).await;
    };
    let watch = match Watch::begin(app, caller).boxed().await {
        Ok(Ok(Some(watch))) => watch,
        Ok(Ok(None)) => return teller.tell(What::ShutOut).await,
        Ok(Err(error)) => return teller.fail(&[told(error)]).await,
        Err(refused) => return teller.fail(&[refused.error()]).await,
    };
    let mut answers = pin!(open::answers(app, watch, prepared.request));
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(answer) => teller.next(&answer).await?,
            // The whole socket is closed, and whoever connects again may go on.
            Err(Broken::Lost(Loss::Credential)) => return teller.tell(What::ShutOut).await,
            Err(broken) => return teller.fail(&broken.errors()).await,
        }
    }
    teller.complete().await
}

fn failed(id: &str, errors: &[ServerError]) -> String {
    Say::Error { id, payload: errors }.text()
}

fn told(error: Error) -> ServerError {
    let error: async_graphql::Error = FieldError::from(error).into();
    error.into_server_error(Pos::default())
}

fn error(message: &str, code: &str) -> ServerError {
    coded(ServerError::new(message, None), code)
}
