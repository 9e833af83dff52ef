//! What a request is called: in the answer, in the log, and where somebody is told that something went wrong on our side.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;
use uuid::fmt::Simple;

/// Letters of an id at most that a proxy has given.
const LONGEST: usize = 64;

/// What a request is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(Box<str>);

impl RequestId {
    /// The id that a proxy has given, where it is one: letters, digits, `-`, `_` and `.`, and not too many.
    pub(crate) fn given(text: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let is_id = (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits);
        is_id.then(|| Self(text.into()))
    }

    /// A new one. It tells neither how many there were before nor what time it is.
    pub(crate) fn new() -> Self {
        static PROCESS: LazyLock<(RandomState, u64)> = LazyLock::new(|| {
            let random = RandomState::new();
            let prefix = random.hash_one("process");
            (random, prefix)
        });
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let (random, prefix) = &*PROCESS;
        let number = random.hash_one(COUNT.fetch_add(1, Ordering::Relaxed));
        let written = Uuid::from_u64_pair(*prefix, number).simple();
        Self((&*written.encode_lower(&mut [0; Simple::LENGTH])).into())
    }

    /// As it is written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_requests_have_one_name() {
        let ids: HashSet<_> = (0..1000).map(|_| RequestId::new().to_string()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| RequestId::given(id).is_some()));
    }

    #[test]
    fn what_a_proxy_gives_is_taken_only_where_it_is_a_name() {
        assert_eq!(RequestId::given("a-1_b.C").map(|id| id.to_string()).as_deref(), Some("a-1_b.C"));
        for wrong in ["", "a b", "a\nb", "ä", "a=b", "\"", &"a".repeat(LONGEST + 1)] {
            assert_eq!(RequestId::given(wrong), None, "{wrong:?}");
        }
    }
}
