use gatepass_sandbox::seed;
use gatepass_workbench::failure::Code;
use gatepass_workbench::model::{Environment, Field, Request, TokenKind, Variable};
use gatepass_workbench::views::RequestContext;

use crate::world::{World, guarded, plain, status};

const SECRET: &str = "s3cret-of-the-environment";

/// Makes a collection with a secret in the environment `dev`.
async fn with_secret(world: &World) -> String {
    let root = world.bench.create_collection(String::new(), "Shop".to_owned()).await.unwrap().root;
    set(world, &root, Some("dev"), SECRET).await;
    root
}

async fn set(world: &World, root: &str, environment: Option<&str>, value: &str) {
    let environment = environment.map(str::to_owned);
    world.bench.set_secret(root.to_owned(), environment, "pass".to_owned(), value.to_owned()).await.unwrap();
}

async fn reveal(world: &World, root: &str, environment: Option<&str>) -> Result<String, Code> {
    let environment = environment.map(str::to_owned);
    let revealed = world.bench.reveal_secret(root.to_owned(), environment, "pass".to_owned()).await;
    revealed.map_err(|failure| failure.code)
}

fn environment(name: &str) -> Environment {
    let secret = Variable { name: "pass".to_owned(), secret: true, ..Variable::default() };
    Environment { name: name.to_owned(), variables: vec![secret] }
}

#[tokio::test]
async fn the_key_of_a_request_that_was_never_saved_goes_with_it_into_its_collection() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.store_key().await;
    let root = world.bench.create_collection(String::new(), "Shop".to_owned()).await.unwrap().root;
    let request = Request { name: "Pets".to_owned(), ..guarded(world.api("/pets")) };
    let opened = world.bench.create_request(root.clone(), String::new(), request).await.unwrap();
    let context = RequestContext {
        collection: Some(root),
        path: Some(opened.path),
        identity: Some(ada),
        ..RequestContext::default()
    };
    assert_eq!(status(&world.send_in(context, opened.request).await), 200);
    assert!(world.files_with(&[seed::KEY]).is_empty());
}

#[tokio::test]
async fn a_request_is_saved_though_its_key_cannot_be_read() {
    let world = World::new().await;
    let root = world.bench.create_collection(String::new(), "Shop".to_owned()).await.unwrap().root;
    world.keychain.lock(true);
    let request = Request { name: "Pets".to_owned(), ..guarded(world.api("/pets")) };
    assert!(world.bench.create_request(root, String::new(), request).await.is_ok());
}

#[tokio::test]
async fn a_renamed_environment_keeps_its_secrets() {
    let world = World::new().await;
    let root = with_secret(&world).await;
    world.bench.save_environment(root.clone(), Some("dev".to_owned()), environment("test")).await.unwrap();
    assert_eq!(reveal(&world, &root, Some("test")).await.unwrap(), SECRET);
    assert_eq!(reveal(&world, &root, Some("dev")).await, Err(Code::VariableMissing));
}

#[tokio::test]
async fn an_environment_is_not_renamed_while_its_secrets_cannot_come_along() {
    let world = World::new().await;
    let root = with_secret(&world).await;
    world.keychain.lock(true);
    let renamed = world.bench.save_environment(root.clone(), Some("dev".to_owned()), environment("test")).await;
    assert_eq!(renamed.unwrap_err().code, Code::KeychainLocked);
    let startup = world.bench.start().await.unwrap();
    assert_eq!(startup.collections[0].environments[0].name, "dev");
    world.keychain.lock(false);
    assert_eq!(reveal(&world, &root, Some("dev")).await.unwrap(), SECRET);
}

#[tokio::test]
async fn an_environment_cannot_take_the_name_or_the_secrets_of_another() {
    let world = World::new().await;
    let root = with_secret(&world).await;
    set(&world, &root, Some("prod"), "the secret of prod").await;
    let renamed = world.bench.save_environment(root.clone(), Some("dev".to_owned()), environment("prod")).await;
    assert_eq!(renamed.unwrap_err().code, Code::NameInvalid);
    assert_eq!(reveal(&world, &root, Some("prod")).await.unwrap(), "the secret of prod");
    assert_eq!(reveal(&world, &root, Some("dev")).await.unwrap(), SECRET);
}

#[tokio::test]
async fn a_deleted_environment_takes_its_secrets_along() {
    let world = World::new().await;
    let root = with_secret(&world).await;
    world.bench.delete_environment(root, "dev".to_owned()).await.unwrap();
    assert!(!world.keychain.content().values().any(|value| value.contains(SECRET)));
}

#[tokio::test]
async fn the_environments_own_value_counts_before_the_one_for_all() {
    let world = World::new().await;
    let root = with_secret(&world).await;
    set(&world, &root, None, "for all").await;
    assert_eq!(reveal(&world, &root, Some("dev")).await.unwrap(), SECRET);
    assert_eq!(reveal(&world, &root, None).await.unwrap(), "for all");
    set(&world, &root, Some("dev"), "").await;
    assert_eq!(reveal(&world, &root, Some("dev")).await.unwrap(), "for all");
}

#[tokio::test]
async fn no_view_and_no_file_ever_holds_a_secret() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    let root = with_secret(&world).await;
    let set = world.bench.set_secret(root.clone(), Some("dev".to_owned()), "apiKey".to_owned(), seed::KEY.to_owned());
    set.await.unwrap();
    let mut request = Request {
        name: "Pets".to_owned(),
        headers: vec![Field { name: "x-pass".to_owned(), value: "{{pass}}".to_owned(), ..Field::default() }],
        ..guarded(format!("{}?pass={{{{pass}}}}", world.api("/pets")))
    };
    let opened = world.bench.create_request(root.clone(), String::new(), request.clone()).await.unwrap();
    let context = RequestContext {
        collection: Some(root),
        path: Some(opened.path),
        identity: Some(ada.clone()),
        ..RequestContext::default()
    };
    let shown = world.bench.preview(context.clone(), request.clone()).await.unwrap();
    assert!(shown.problems.is_empty(), "{:?}", shown.problems);
    let answer = world.send_in(context.clone(), request.clone()).await;
    assert_eq!(status(&answer), 200);
    let mut views = vec![
        serde_json::to_string(&shown).unwrap(),
        serde_json::to_string(&answer).unwrap(),
        serde_json::to_string(&world.bench.start().await.unwrap()).unwrap(),
    ];
    // Errors, too.
    request.url = "ftp://{{pass}}/".to_owned();
    views.push(serde_json::to_string(&world.bench.preview(context.clone(), request.clone()).await.unwrap()).unwrap());
    request.url = "http://127.0.0.1:1/{{pass}}".to_owned();
    views.push(serde_json::to_string(&world.bench.send(1, context, request).await.unwrap_err()).unwrap());

    let id = world.id_token(&ada).await;
    let access = world.bench.reveal_token(ada, TokenKind::Access).await.unwrap();
    let secrets = [SECRET, seed::KEY, seed::ADA.1, id.as_str(), access.as_str()];
    let changes =
        world.desktop.so_far().changes.iter().map(|change| serde_json::to_string(change).unwrap()).collect::<Vec<_>>();
    for view in views.iter().chain(&changes) {
        assert!(!secrets.iter().any(|secret| view.contains(secret)), "{view}");
    }
    assert_eq!(world.files_with(&secrets), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn a_secret_without_a_value_is_told_by_its_name() {
    let world = World::new().await;
    let failure = world.bench.send(1, RequestContext::default(), plain("{{pass}}".to_owned())).await.unwrap_err();
    assert_eq!(failure.code, Code::VariableMissing);
    assert!(failure.message.contains("pass"), "{failure:?}");
}
