//! Where a request comes from, for the log-in log.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use web::App;

/// The address of whoever sends a request: the other end of the connection; behind a proxy, which an installation served
/// over TLS has, the last address that the proxy put down. Empty if neither is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAddress(pub String);

impl<S> FromRequestParts<S> for ClientAddress
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let is_behind_proxy = App::from_ref(state).site.is_secure;
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        // What stands before the last comma was sent by the client itself, who may write anything.
        let last = forwarded.and_then(|list| list.rsplit(',').next()).map(|last| last.trim().to_owned());
        let peer = || {
            let peer: Option<&ConnectInfo<SocketAddr>> = parts.extensions.get();
            peer.map(|ConnectInfo(peer)| peer.ip().to_string())
        };
        Ok(Self(last.filter(|_| is_behind_proxy).or_else(peer).unwrap_or_default()))
    }
}
