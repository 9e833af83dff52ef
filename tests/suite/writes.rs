//! What the tests of writes share.

use serde_json::Value;
use tests::{Answer, Service};

/// What stood in the way of a mutation, a line for each: its field and its code.
pub(crate) fn refusals(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code"])
}

/// Asks a hundred times at once for a change of the same version, and expects one to be made and the others refused.
pub(crate) async fn assert_one_of_a_hundred(
    service: &Service,
    (document, mutation): (&'static str, &str),
    variables: impl Fn(usize) -> Value,
) {
    let ask = |number| {
        let (service, variables) = (service.clone(), variables(number));
        tokio::spawn(async move { service.ask_with(document, &variables).await })
    };
    let asked: Vec<_> = (0..100).map(ask).collect();
    let (mut made, mut stale) = (0, 0);
    for answer in asked {
        match refusals(&answer.await.expect("an answer"), mutation).as_slice() {
            [] => made += 1,
            [one] if one == "[\"version\"] | STALE_VERSION" => stale += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((made, stale), (1, 99), "{mutation}");
}
