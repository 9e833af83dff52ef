//! The program told to stop while clients hold something open: each is told, and it ends.

use crate::live_service::{Events, Heard, Socket};
use crate::program::{DataFolder, Serving};
use serde_json::json;

const FOLLOW: &str = "subscription { changes(from: BEGINNING, types: [\"Region\"]) { cursor } }";
const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

#[test]
fn told_to_stop_the_program_ends_what_is_open_and_then_itself() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = DataFolder::new();
    let mut program = folder.lmi();
    program.env("LMI_CORS_ORIGINS", "https://partner.example.org");
    let mut serving = Serving::run(program);
    let address = serving.address();
    runtime.block_on(async {
        let open = async |origin: &str| Socket::try_at(address, &[PROTOCOL, ("origin", origin)]).await;
        // What is set for pages of other sites holds for their sockets.
        assert_eq!(open("https://evil.example").await.err(), Some(403));
        let Ok(mut silent) = open("https://partner.example.org").await else { panic!("refused") };
        let Ok(mut socket) = open(&format!("http://{address}")).await else { panic!("refused") };
        socket.say(&json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hear().await.said(), json!({ "type": "connection_ack" }));
        socket.ask("open", FOLLOW, &json!(null)).await;
        let mut events = Events::at(address, None, FOLLOW, &json!(null)).await;
        assert_eq!(socket.hear().await.said()["type"], "next", "it has begun");
        assert_eq!(events.next().await.0, "next", "it has begun");

        serving.signal("-TERM");
        while let Some((name, _)) = events.try_next().await {
            assert_eq!(name, "next", "a stream that is broken off is not complete");
        }
        for socket in [&mut socket, &mut silent] {
            let mut last = socket.hear().await;
            while let Heard::Said(message) = &last {
                assert_eq!(message["type"], "next", "{message}");
                last = socket.hear().await;
            }
            assert_eq!(last.code(), 1001);
        }
    });
    assert_eq!(serving.ended(), (Some(0), Some("Stopped.".to_owned())));
}
