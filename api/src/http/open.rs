//! Operations that stay open, whichever way they came. Whoever asked is told once what they lost, or why nothing more comes;
//! after that nothing is said.

use super::admission::Payer;
use super::app::App;
use super::endpoint::may_pass;
use super::front::{self, Prepared, Runnable, coded, with_code};
use super::watch::{Loss, Watch};
use crate::auth::{Client, Standing, Viewer};
use crate::graphql::{Link, code};
use async_graphql::{Response, ServerError, Value};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _, stream};
use std::panic::AssertUnwindSafe;

/// Who asks for something, and from where.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) standing: Standing,
    pub(super) client: Client,
}

impl Caller {
    /// Who it was when they came.
    pub(super) fn viewer(&self) -> &Viewer {
        self.standing.begun_as()
    }

    /// Who pays for what they ask.
    pub(super) fn payer(&self) -> Payer {
        Payer::of(self.viewer(), self.client)
    }

    /// A request with what its resolvers find of whoever sends it.
    pub(super) fn sends(&self, prepared: Prepared) -> Prepared {
        Prepared { request: prepared.request.with(self.client).with(self.standing.clone()), ..prepared }
    }
}

/// Why nothing more comes of what was not complete.
#[derive(Debug)]
pub(super) enum Broken {
    /// Whoever asked may not have it any more.
    Lost(Loss),
    /// It failed by itself.
    Failed(Vec<ServerError>),
}

impl Broken {
    /// What is said of it.
    pub(super) fn errors(self) -> Vec<ServerError> {
        match self {
            Self::Lost(loss) => vec![loss.error()],
            Self::Failed(errors) => errors,
        }
    }
}

/// The answers of a subscription for as long as whoever asked may do what they might when it began. Where it did not come
/// to its end, the last item says why.
pub(super) fn answers(
    app: &App,
    watch: Watch,
    request: Runnable,
) -> impl Stream<Item = Result<Response, Broken>> + use<> {
    // What is lost is held against the same viewer who asks.
    let request = front::with_facts(app, watch.viewer().clone(), request, Link::pool(app.pool()));
    let answers = told(app.engine().subscribe(request)).boxed();
    stream::unfold(Some(Open { answers, watch }), async |open| {
        let mut open = open?;
        match open.next().await? {
            Ok(answer) => Some((Ok(answer), Some(open))),
            Err(broken) => Some((Err(broken), None)),
        }
    })
}

/// A subscription under way, and the standing of whoever asked for it.
struct Open {
    answers: BoxStream<'static, Result<Response, Vec<ServerError>>>,
    watch: Watch,
}

impl Open {
    /// The next answer; nothing where it is complete.
    async fn next(&mut self) -> Option<Result<Response, Broken>> {
        let answer = tokio::select! {
            biased;
            loss = self.watch.loss() => return Some(Err(Broken::Lost(loss))),
            answer = self.answers.next() => answer,
        };
        // The subscription asks for rights, too, and may have noticed first that there are fewer: then it ends, or fails in
        // words of its own, before anybody has told of it here.
        let loss = match &answer {
            Some(Ok(_)) => self.watch.lost_as_told().await,
            Some(Err(errors)) if errors.iter().any(may_pass) => self.watch.lost_if_known().await,
            Some(Err(_)) | None => self.watch.lost_by_now().await,
        };
        match loss {
            Some(loss) => Some(Err(Broken::Lost(loss))),
            None => Some(answer?.map_err(Broken::Failed)),
        }
    }
}

/// What is to be told of each answer: one without data is why there are no more.
fn told(answers: impl Stream<Item = Response>) -> impl Stream<Item = Result<Response, Vec<ServerError>>> {
    AssertUnwindSafe(answers).catch_unwind().map(|answer| match answer.map(with_code) {
        Ok(answer) if answer.is_err() && answer.data == Value::Null => Err(answer.errors),
        Ok(answer) => Ok(answer),
        Err(_) => {
            let error = ServerError::new("Something went wrong on our side.", None);
            Err(vec![coded(error, code::INTERNAL_SERVER_ERROR)])
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    /// The codes of what is told, in order; a dash for an answer.
    fn codes(answers: impl Stream<Item = Response>) -> Option<Vec<String>> {
        let code = |told: Result<Response, Vec<ServerError>>| match told {
            Ok(_) => "-".to_owned(),
            Err(errors) => errors.iter().map(super::super::reply::code_of).collect(),
        };
        told(answers).map(code).collect().now_or_never()
    }

    #[test]
    fn what_is_without_data_is_no_answer() {
        let wrong = || ServerError::new("It went wrong.", None);
        let data = || Response::new(Value::from("here"));
        let mut partly = data();
        partly.errors.push(wrong());
        let failed = Response::from_errors(vec![coded(wrong(), code::NOT_FOUND)]);
        let expected = ["-", "-", "NOT_FOUND"].map(str::to_owned).to_vec();
        assert_eq!(codes(stream::iter([data(), partly, failed])), Some(expected));
    }

    #[test]
    fn what_panics_is_told_as_a_fault_of_ours() {
        let answers = stream::iter([true, false]).map(|works| {
            assert!(works, "a resolver that breaks");
            Response::new(Value::from("here"))
        });
        assert_eq!(codes(answers), Some(["-", "INTERNAL_SERVER_ERROR"].map(str::to_owned).to_vec()));
    }
}
