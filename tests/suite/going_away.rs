//! Whoever asks may go away at any moment: nothing is left behind that others would stumble over.

use futures_util::{FutureExt as _, poll};
use lmi::auth::Role;
use std::pin::pin;
use std::time::Duration;
use tests::{texts, with_empty};

const HELD: &str = "SELECT pid::text AS text FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%'";

#[test]
fn a_mutation_that_is_broken_off_anywhere_leaves_no_transaction_behind() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        for polls in 0..60 {
            let name = format!("Broken Off {polls}");
            let create = format!(
                "mutation {{ createOrganization(input: {{name: \"{name}\", kind: NONPROFIT_FOUNDATION}}) {{ userErrors {{ code }} }} }}"
            );
            let mut asked = pin!(staff.ask(&create).fuse());
            for _ in 0..polls {
                if poll!(&mut asked).is_ready() {
                    break;
                }
                // A way to the database and back, so that the one that is asked may go one step on.
                texts(&service.db, "SELECT 'here' AS text").await;
            }
        }
        let free = async { while !texts(&service.db, HELD).await.is_empty() {} };
        tokio::time::timeout(Duration::from_secs(30), free).await.expect("connections that are free");
    });
}
