//! What goes on to its end, also where nobody waits for it any more.

use crate::observe::trail::carried;
use futures_util::future::{BoxFuture, FutureExt as _};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::runtime::Handle;

/// Runs something to its end, on the trail of whatever is being answered here. Whoever waits for it may go away meanwhile: then
/// it goes on in a task of its own. (In one from the start, each answer would have to be handed from one task to another.)
pub(crate) fn to_its_end<T>(work: impl Future<Output = T> + Send + 'static) -> impl Future<Output = T> + Send
where
    T: Send + 'static,
{
    Unending(Some(carried(work).boxed()))
}

struct Unending<T: Send + 'static>(Option<BoxFuture<'static, T>>);

impl<T: Send> Future for Unending<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let Some(work) = &mut self.0 else { return Poll::Pending };
        let done = ready!(work.as_mut().poll(context));
        self.0 = None;
        Poll::Ready(done)
    }
}

impl<T: Send> Drop for Unending<T> {
    fn drop(&mut self) {
        // What broke has come to its end.
        if let Some(work) = self.0.take().filter(|_| !std::thread::panicking())
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(work.map(drop));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn whoever_goes_away_does_not_take_the_work_along() -> Result<(), oneshot::error::RecvError> {
        let (go_on, waiting) = oneshot::channel::<()>();
        let (done, end) = oneshot::channel();
        let mut work = Box::pin(to_its_end(async move {
            let went_on = waiting.await;
            done.send(went_on.is_ok())
        }));
        assert!(futures_util::poll!(&mut work).is_pending());
        drop(work);
        assert!(go_on.send(()).is_ok(), "it is still there");
        assert!(end.await?);
        Ok(())
    }

    #[tokio::test]
    async fn whoever_stays_is_told_what_it_came_to() {
        assert_eq!(to_its_end(async { 7 }).await, 7);
    }
}
