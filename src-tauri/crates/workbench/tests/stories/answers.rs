use std::fs;

use gatepass_workbench::failure::Code;
use gatepass_workbench::model::{Body, Request};

use crate::world::{World, plain};

/// Gets back what it sends, as JSON.
fn echo(world: &World, text: &str) -> Request {
    let body = Body::Json { text: text.to_owned() };
    Request { method: "POST".to_owned(), body, ..plain(world.open_route("/echo")) }
}

#[tokio::test]
async fn an_answer_is_read_by_lines_searched_saved_and_let_go() {
    let world = World::new().await;
    let answer = world.send(None, echo(&world, "{\"number\": 12345678901234567890.10}")).await;
    let bench = &world.bench;
    let pretty = bench.answer_lines(answer.id, true, 0, u32::MAX).await.unwrap();
    assert_eq!(String::from_utf8(pretty.clone()).unwrap(), answer.first_lines);
    let first = bench.answer_lines(answer.id, true, 0, 2).await.unwrap();
    assert!(pretty.starts_with(&first) && first.len() < pretty.len());
    let raw = bench.answer_lines(answer.id, false, 0, u32::MAX).await.unwrap();
    let raw = String::from_utf8(raw).unwrap();
    assert!(raw.contains("12345678901234567890.10"), "{raw}");

    let found = bench.find_in_answer(answer.id, true, "\"method\"".to_owned()).await.unwrap();
    assert_eq!(found, [1]);
    assert!(bench.find_in_answer(answer.id, true, "not there".to_owned()).await.unwrap().is_empty());

    let target = world.folder.path().join("answer.json");
    let target = target.to_str().unwrap();
    assert_eq!(bench.save_answer(answer.id, target.to_owned()).await.unwrap(), target);
    assert_eq!(fs::read_to_string(target).unwrap().trim_end(), raw.trim_end());
    let nowhere = world.folder.path().join("no/such/folder/answer.json");
    let failure = bench.save_answer(answer.id, nowhere.to_str().unwrap().to_owned()).await.unwrap_err();
    assert_eq!(failure.code, Code::FileUnwritable);

    bench.forget_answer(answer.id).await.unwrap();
    assert_eq!(bench.answer_lines(answer.id, true, 0, 1).await.unwrap_err().code, Code::Unknown);
}

#[tokio::test]
async fn a_large_answer_comes_in_pieces() {
    let world = World::new().await;
    let answer = world.send(None, plain(world.open_route("/bytes/3000000?type=text/plain"))).await;
    assert!((answer.exchange.body.bytes - 3_000_000.0).abs() < 0.5);
    assert!(answer.first_lines.len() <= 128 * 1024);
    // A single line of three million bytes is cut, and says so.
    let lines = world.bench.answer_lines(answer.id, false, 0, u32::MAX).await.unwrap();
    assert!(lines.len() < 128 * 1024, "{}", lines.len());
}

#[tokio::test]
async fn bytes_are_not_shown_as_text() {
    let world = World::new().await;
    let answer = world.send(None, plain(world.open_route("/bytes/64?type=image/png"))).await;
    assert_eq!(answer.first_lines, "");
}
