//! How a connection becomes a socket.

use super::close::End;
use super::conversation::converse;
use crate::graphql::code;
use crate::http::app::App;
use crate::http::live::no_place;
use crate::http::open::Caller;
use crate::http::problem::problem;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts as _, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use url::Url;

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// Bytes that are read of a socket at once: each keeps room for so many, and most never say more than a few hundred.
const READ_AT_ONCE: usize = 2 * 1024;

/// Whether a connection is to become a socket.
pub(in crate::http) fn is_wanted(request: &Request) -> bool {
    let wanted = request.headers().get(header::UPGRADE).and_then(|value| value.to_str().ok());
    wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case("websocket"))
}

/// Makes a socket of a connection that is to become one.
pub(in crate::http) async fn upgrade(app: &App, caller: Caller, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, app).await {
        Ok(upgrade) => open(app.clone(), upgrade, caller, &parts.headers),
        Err(rejection) => rejection.into_response(),
    }
}

fn open(app: App, upgrade: WebSocketUpgrade, caller: Caller, headers: &HeaderMap) -> Response {
    if !is_welcome(&app, headers) {
        let message = "Pages of this origin may not open a socket here. LMI_CORS_ORIGINS names those that may.";
        return problem(StatusCode::FORBIDDEN, code::FORBIDDEN, message);
    }
    let upgrade = upgrade.protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        let message = "Sockets here speak graphql-transport-ws. Send `Sec-WebSocket-Protocol: graphql-transport-ws`.";
        return problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message);
    }
    let Some(place) = app.sockets().take(caller.client.address) else { return no_place() };
    let most = app.limits().message;
    let upgrade = upgrade.max_message_size(most).max_frame_size(most).read_buffer_size(READ_AT_ONCE);
    upgrade.on_upgrade(move |mut socket| async move {
        let end = converse(&app, caller, &mut socket).await;
        if let End::Closed(code, reason) = end {
            tracing::debug!(code, reason, "a socket is closed");
        }
        end.close(socket).await;
        drop(place);
    })
}

/// Whether the page that opens it, if it is one, is of this host or one of those that may. Browsers let every page open
/// sockets to everywhere, and only say whose page it is.
fn is_welcome(app: &App, headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    let (Ok(origin), None) = (origin.to_str(), origins.next()) else { return false };
    let is_listed = app.cors_origins().iter().any(|listed| listed.is(origin));
    is_listed || is_of_host(origin, headers)
}

fn is_of_host(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let (Ok(origin), Some(host)) = (Url::parse(origin), host) else { return false };
    // Whether it came by TLS, only the proxy knows; a port that goes without saying is left out on both sides.
    let same = Url::parse(&format!("{}://{host}", origin.scheme()));
    matches!(origin.scheme(), "http" | "https") && same.is_ok_and(|same| same.origin() == origin.origin())
}
