//! Long arithmetic: what a solver does for seconds. Others are answered meanwhile, and a few who ask again and again do
//! not take all the machine.

use crate::error::{Error, Result};
use tokio::sync::Semaphore;

/// How many work at once. Whoever asked may have gone: the work is still done, and still counts.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Does work apart from what answers others, when it is its turn.
pub(crate) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.map_err(Error::internal)
}
