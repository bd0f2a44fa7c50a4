//! For whoever watches the process: is it alive, can it serve.

use axum::extract::State;
use axum::http::StatusCode;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, Query};

use crate::app::App;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The process can serve: its database answers.
pub(crate) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    let asked = async {
        let read = app.database.read().await?;
        read.connection().query_one(&Query::select().expr(Expr::val(1)).to_owned()).await?;
        Ok::<(), store::StoreError>(())
    };
    match asked.await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(error = %error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
