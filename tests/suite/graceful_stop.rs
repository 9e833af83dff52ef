//! The program told to stop while something is asked: what is under way is brought to its end, and who comes then is refused.

use crate::program::DataFolder;
use crate::webhook_survival::{add, on, sign_in};
use crate::webhooking::staff;
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use std::io::ErrorKind;
use std::net::TcpStream;
use tests::{texts, with_empty};

const WAITING: &str = "SELECT pid::text AS text FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'lmi'";
const NAMES: &str = "SELECT name AS text FROM organization WHERE name LIKE 'Alder %'";

#[test]
fn what_is_under_way_is_done_and_who_comes_is_refused() {
    with_empty(async |service| {
        let folder = DataFolder::new();
        let mut serving = on(&service.url, &folder, "off");
        let address = serving.address();
        staff(&service).await;
        let token = sign_in(address, "ada@example.org");

        let holder = service.db.begin().await.expect("a transaction");
        holder.execute_unprepared("LOCK TABLE organization IN SHARE MODE").await.expect("a lock");
        let adding = tokio::task::spawn_blocking(move || add(address, &token, "Alder Foundation"));
        while texts(&service.db, WAITING).await.is_empty() {}
        serving.signal("-TERM");
        while let Ok(connection) = TcpStream::connect(address) {
            drop(connection);
        }
        assert_eq!(TcpStream::connect(address).map_err(|error| error.kind()).err(), Some(ErrorKind::ConnectionRefused));
        holder.rollback().await.expect("no lock any more");

        assert!(adding.await.expect("whoever asked").is_some(), "it is answered");
        assert_eq!(serving.ended(), (Some(0), Some("Stopped.".to_owned())));
        assert_eq!(texts(&service.db, NAMES).await, ["Alder Foundation"]);
    });
}
