//! `Path` and `Query` with a good page when they do not fit: a stranger's address is not found, whatever is wrong with
//! it. Use these instead of axum's.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::WebError;

/// The parameters in the path. What cannot be read is an address that we never gave: 404.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_unshown) => Err(WebError::NotFound),
        }
    }
}

/// The fields behind the question mark: filters, sorting, the place in a list. Let each be an `Option` or have a
/// default; what cannot be read is answered with 400 and the way back to the list without filters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(_unshown) => Err(WebError::NotUnderstood("the address has a filter that is not known")),
        }
    }
}
