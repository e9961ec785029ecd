//! Calls to the gateway.

use http::Method;

use crate::browser::{Answer, World, client};

impl World {
    /// Calls a path of the gateway's origin.
    pub async fn call(&self, verb: &str, path: &str, headers: &[(&str, &str)], body: &'static str) -> Answer {
        self.call_with(verb, path, headers, body.to_owned().into_bytes()).await
    }

    pub async fn call_with(&self, verb: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let url = format!("{}{path}", self.sandbox.gateway_origin());
        let verb = Method::from_bytes(verb.as_bytes()).unwrap();
        let mut request = client().request(verb, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_empty() {
            request = request.body(body);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    pub async fn fetch(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.call("GET", path, headers, "").await
    }
}

/// Checks a reply of the REST API, headers and body to the byte.
pub fn refuses(answer: &Answer, status: u16, error_type: &str, body: &str) {
    let found = (answer.status, answer.header("x-amzn-errortype"), answer.body.as_str());
    assert_eq!(found, (status, error_type, body));
    assert_eq!(answer.header("content-type"), "application/json");
    is_numbered(answer);
    assert_eq!(answer.header("www-authenticate"), "", "a REST API never sends it");
    assert_eq!(answer.header("access-control-allow-origin"), "", "an error does not open the API to other origins");
}

pub fn is_numbered(answer: &Answer) {
    let (request_id, gateway_id) = (answer.header("x-amzn-requestid"), answer.header("x-amz-apigw-id"));
    assert_eq!(request_id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{request_id}");
    assert!(gateway_id.len() == 16 && gateway_id.ends_with('='), "{gateway_id}");
}
