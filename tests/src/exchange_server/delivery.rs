//! How an answer is brought to the client.

use std::future::pending;
use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use futures_util::stream;

use super::answer::Answer;
use super::connection::Cut;
use super::fault::DeliveryFault;
use super::reply::Reply;

/// Brings `answer`, or fails to.
pub(super) async fn deliver(answer: Answer, cut: &Cut) -> Response<Body> {
    let Reply { status, headers, body } = answer.reply;
    let length = body.len();
    let body = match answer.delivery {
        None => Body::from(body),
        Some(DeliveryFault::Silence) => pending().await,
        Some(DeliveryFault::Closed) => {
            cut.now();
            Body::empty()
        }
        Some(DeliveryFault::CutMidBody) => half(body),
        Some(DeliveryFault::Drip { bytes, pause }) => drip(&body, bytes, pause),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
    let length = ("content-length", length.to_string());
    for (name, value) in headers.into_iter().chain([length]) {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The first half of a body, and then an error, at which the connection is closed. The yield in between has the first half
/// sent.
fn half(mut body: Vec<u8>) -> Body {
    body.truncate(body.len() / 2);
    let parts = stream::unfold(Some(body), |rest| async {
        match rest {
            Some(body) if !body.is_empty() => Some((Ok(body), Some(Vec::new()))),
            Some(_) => {
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
            None => None,
        }
    });
    Body::from_stream(parts)
}

fn drip(body: &[u8], bytes: usize, pause: Duration) -> Body {
    let parts: Vec<Vec<u8>> = body.chunks(bytes.max(1)).map(<[u8]>::to_vec).collect();
    Body::from_stream(stream::unfold(parts.into_iter(), move |mut parts| async move {
        let part = parts.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, io::Error>(part), parts))
    }))
}
