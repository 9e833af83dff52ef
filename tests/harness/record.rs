//! Rows that a test brings along, in the format of record files.

use crate::service::Service;
use lmi::auth::{Actor, Viewer};
use lmi::record;

impl Service {
    /// Loads a record beside what is there already; its `format` line need not be given.
    pub async fn load(&self, text: &str) {
        let viewer = Viewer::command_line();
        let record = record::parse(&format!("format = 1\n{text}")).expect("a record that can be read");
        let loaded = record::load(&self.db, Actor::new(&viewer, Self::clock()), record, false).await;
        loaded.expect("a record that can be loaded");
    }
}
