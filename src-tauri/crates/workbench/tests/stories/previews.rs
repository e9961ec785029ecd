use std::time::Duration;

use gatepass_sandbox::seed;
use gatepass_workbench::failure::Code;
use gatepass_workbench::model::{Auth, Defaults, Field, Request, TokenAuth};
use gatepass_workbench::views::{Pass, Preview, RequestContext};

use crate::world::{World, guarded, key, plain, token};

async fn preview(world: &World, identity: Option<&str>, request: Request) -> Preview {
    let context = RequestContext { identity: identity.map(str::to_owned), ..RequestContext::default() };
    world.bench.preview(context, request).await.unwrap()
}

fn warning<'a>(preview: &'a Preview, header: &str) -> Option<&'a str> {
    let pass: &Pass = preview.passes.iter().find(|pass| pass.header == header).expect("the header is shown");
    pass.warning.as_deref()
}

fn typed(name: &str, value: &str) -> Field {
    Field { name: name.to_owned(), value: value.to_owned(), ..Field::default() }
}

#[tokio::test]
async fn what_goes_out_is_told_in_words() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.store_key().await;
    let preview = preview(&world, Some(&ada), guarded(world.api("/pets"))).await;
    let passes: Vec<_> = preview.passes.iter().map(|pass| (pass.header.as_str(), pass.carries.as_str())).collect();
    assert_eq!(passes, [("dev-auth-token", "ID token of ada"), ("x-api-key", "apiKey")]);
    assert!(preview.problems.is_empty() && preview.api_key_stored);
    assert!(preview.passes.iter().all(|pass| pass.warning.is_none()));
}

#[tokio::test]
async fn a_token_that_has_expired() {
    let world = World::with(|options| options.id_token = Duration::ZERO).await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    let preview = preview(&world, Some(&ada), guarded(world.api("/pets"))).await;
    assert_eq!(warning(&preview, "dev-auth-token"), Some("expired just now, renewed when sent"));
}

#[tokio::test]
async fn nobody_chosen_somebody_signed_out_and_no_key() {
    let world = World::new().await;
    let request = guarded(world.api("/pets"));
    let nobody = preview(&world, None, request.clone()).await;
    assert_eq!(warning(&nobody, "dev-auth-token"), Some("nobody is chosen"));
    assert_eq!(warning(&nobody, "x-api-key"), Some("no key stored"));
    assert_eq!(nobody.problems[0].code, Code::NotSignedIn);

    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.bench.sign_out(ada.clone()).await.unwrap();
    assert_eq!(warning(&preview(&world, Some(&ada), request.clone()).await, "dev-auth-token"), Some("signed out"));
    world.bench.remove_identity(ada.clone()).await.unwrap();
    assert_eq!(warning(&preview(&world, Some(&ada), request).await, "dev-auth-token"), Some("this identity is gone"));
}

#[tokio::test]
async fn a_typed_header_goes_out_instead_of_a_credential_of_its_name() {
    let world = World::new().await;
    let mut request = guarded(world.open_route("/echo"));
    request.headers = vec![typed("Dev-Auth-Token", "mine"), typed("X-API-Key", "mine too")];
    let shown = preview(&world, None, request.clone()).await;
    assert!(shown.problems.is_empty(), "{:?}", shown.problems);
    assert!(warning(&shown, "dev-auth-token").unwrap().contains("Dev-Auth-Token is typed"));
    let answer = world.send(None, request).await;
    let echoed: serde_json::Value = serde_json::from_str(&answer.first_lines).unwrap();
    let named = |name: &str| {
        let fields = echoed["headers"].as_array().unwrap().iter();
        let named = fields.filter(|field| field["name"].as_str().unwrap().eq_ignore_ascii_case(name));
        named.map(|field| field["value"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(named("dev-auth-token"), ["mine"]);
    assert_eq!(named("x-api-key"), ["mine too"]);
}

#[tokio::test]
async fn what_is_wrong_with_the_request_is_told_before_it_is_sent() {
    let world = World::new().await;
    for (url, code) in
        [("", Code::UrlInvalid), ("http://", Code::UrlInvalid), ("{{nowhere}}/pets", Code::VariableMissing)]
    {
        assert_eq!(preview(&world, None, plain(url.to_owned())).await.problems[0].code, code, "{url}");
    }
    let broken = Request { headers: vec![typed("x-a", "a\nb")], ..plain(world.api("/pets")) };
    assert_eq!(preview(&world, None, broken).await.problems[0].code, Code::HeaderInvalid);
}

#[tokio::test]
async fn what_is_inherited_is_told_with_its_origin() {
    let world = World::new().await;
    let collection = world.bench.create_collection(String::new(), "Shop".to_owned()).await.unwrap();
    let defaults = Defaults {
        auth: Auth { token: token(), api_key: key() },
        headers: vec![typed("x-team", "blue"), typed("Accept-Language", "en")],
        ..Defaults::default()
    };
    world.bench.save_defaults(collection.root.clone(), String::new(), defaults).await.unwrap();
    let context = RequestContext { collection: Some(collection.root), ..RequestContext::default() };
    let request = Request {
        headers: vec![typed("accept-language", "de")],
        auth: Auth { token: TokenAuth::None, ..Auth::default() },
        ..plain(world.api("/pets"))
    };
    let shown = world.bench.preview(context, request).await.unwrap();
    assert_eq!((shown.token_from, shown.api_key_from.unwrap().name.as_str()), (None, "Shop"));
    assert_eq!((shown.auth.token, shown.inherited_token), (TokenAuth::None, token()));
    let headers: Vec<_> = shown.passes.iter().map(|pass| pass.header.as_str()).collect();
    assert_eq!(headers, ["x-api-key", "x-team"]);
}
