use gatepass_sandbox::seed;
use gatepass_workbench::failure::Code;
use gatepass_workbench::model::{ApiKeyAuth, Auth, Defaults, Request, TokenAuth, TokenKind};
use gatepass_workbench::views::{RequestContext, SendEnd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::world::{World, guarded, key, plain, status, token};

/// Reads a request's head from a connection.
async fn head(connection: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn auth_is_inherited_switched_off_and_overridden() {
    let world = World::new().await;
    let pool = world.pool().await;
    let ada = world.signed_in(&pool, seed::ADA).await;
    let grace = world.signed_in(&pool, seed::GRACE).await;
    let bench = &world.bench;
    let root = bench.create_collection(String::new(), "Shop".to_owned()).await.unwrap().root;
    let set = bench.set_secret(root.clone(), None, "apiKey".to_owned(), seed::KEY.to_owned());
    set.await.unwrap();
    let defaults = |auth| Defaults { auth, ..Defaults::default() };
    let all = Auth { token: token(), api_key: key() };
    bench.save_defaults(root.clone(), String::new(), defaults(all)).await.unwrap();
    let folder = bench.create_folder(root.clone(), String::new(), "Open".to_owned()).await.unwrap();
    let without_token = Auth { token: TokenAuth::None, api_key: ApiKeyAuth::Inherit };
    bench.save_defaults(root.clone(), folder.clone(), defaults(without_token)).await.unwrap();

    let own = TokenAuth::Send {
        identity: Some(grace.clone()),
        token: TokenKind::Access,
        header: "authorization".to_owned(),
        prefix: "Bearer".to_owned(),
    };
    let none = Auth { token: TokenAuth::None, api_key: ApiKeyAuth::None };
    let overridden = Auth { token: own, api_key: ApiKeyAuth::Inherit };
    let ada_id = world.id_token(&ada).await;
    let grace_access = world.bench.reveal_token(grace, TokenKind::Access).await.unwrap();
    let bearer = format!("Bearer {grace_access}");
    for (place, auth, expected) in [
        ("", Auth::default(), vec![("dev-auth-token", ada_id.as_str()), ("x-api-key", seed::KEY)]),
        (folder.as_str(), Auth::default(), vec![("x-api-key", seed::KEY)]),
        ("", none, vec![]),
        ("", overridden, vec![("authorization", bearer.as_str()), ("x-api-key", seed::KEY)]),
    ] {
        let request = Request { auth, ..plain(world.open_route("/echo")) };
        let context = RequestContext {
            collection: Some(root.clone()),
            path: Some(place.to_owned()),
            identity: Some(ada.clone()),
            ..RequestContext::default()
        };
        let answer = world.send_in(context, request).await;
        let echoed: serde_json::Value = serde_json::from_str(&answer.first_lines).unwrap();
        let fields = echoed["headers"].as_array().unwrap().iter();
        let sent = fields.map(|field| (field["name"].as_str().unwrap(), field["value"].as_str().unwrap()));
        let credentials = ["dev-auth-token", "authorization", "x-api-key"];
        let sent: Vec<_> = sent.filter(|(name, _)| credentials.contains(name)).collect();
        assert_eq!(sent, expected, "{place}");
    }
}

#[tokio::test]
async fn a_send_is_cancelled_at_once() {
    let world = World::new().await;
    let send = world.bench.send(7, RequestContext::default(), plain(world.open_route("/slow?ms=600000")));
    let (end, cancelled) = tokio::join!(send, world.bench.cancel_send(7));
    assert_eq!((end.unwrap(), cancelled.unwrap()), (SendEnd::Cancelled, ()));
    world.bench.cancel_send(7).await.unwrap();
}

#[tokio::test]
async fn a_send_is_cancelled_in_the_middle_of_the_answer() {
    let world = World::new().await;
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", server.local_addr().unwrap());
    let bench = world.bench.clone();
    let send = tokio::spawn(async move { bench.send(7, RequestContext::default(), plain(url)).await });
    let (mut connection, _) = server.accept().await.unwrap();
    head(&mut connection).await;
    connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of").await.unwrap();
    world.bench.cancel_send(7).await.unwrap();
    assert_eq!(send.await.unwrap().unwrap(), SendEnd::Cancelled);
    // The connection is closed, and not kept waiting.
    let mut rest = Vec::new();
    let closed = connection.read_to_end(&mut rest).await;
    assert!(rest.is_empty() && closed.is_ok_and(|read| read == 0));
}

#[tokio::test]
async fn a_redirect_to_another_origin_loses_token_and_key_and_says_so() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.store_key().await;
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = format!("http://{}/caught", elsewhere.local_addr().unwrap());
    let catch = tokio::spawn(async move {
        let (mut connection, _) = elsewhere.accept().await.unwrap();
        let head = head(&mut connection).await;
        connection.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
        head
    });
    let answer = world.send(Some(&ada), guarded(world.open_route(&format!("/redirect?to={target}")))).await;
    assert_eq!(status(&answer), 204);
    let caught = catch.await.unwrap().to_ascii_lowercase();
    assert!(!caught.contains("dev-auth-token") && !caught.contains("x-api-key"), "{caught}");
    let withheld = &answer.exchange.hops.last().unwrap().withheld;
    assert!(withheld.iter().any(|name| name == "dev-auth-token") && withheld.iter().any(|name| name == "x-api-key"));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_its_address() {
    let world = World::new().await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let request = plain(format!("http://{free}/pets"));
    let failure = world.bench.send(1, RequestContext::default(), request).await.unwrap_err();
    assert_eq!(failure.code, Code::Unreachable);
    assert!(failure.message.contains(&free.to_string()), "{failure:?}");
}

#[tokio::test]
async fn a_refused_token_is_explained() {
    let world = World::new().await;
    let answer = world.send(None, plain(world.api("/pets"))).await;
    let verdict = serde_json::to_string(&answer.verdict).unwrap();
    assert!(status(&answer) == 401 && verdict.contains("token"), "{verdict}");
}
