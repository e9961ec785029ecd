use gatepass_sandbox::seed;
use gatepass_workbench::failure::Code;
use gatepass_workbench::model::{ApiKeyAuth, Auth, Request, TokenAuth, TokenKind};
use gatepass_workbench::views::{
    Endpoints, Grant, GrantOffer, PoolDraft, PoolView, Provider, RequestContext, SignInEnd, SignInState,
};

use crate::desktop::Person;
use crate::world::{World, guarded, plain, status};

async fn pool(world: &World, grant: Grant, client: &str) -> PoolView {
    let draft = PoolDraft { grant, client_id: client.to_owned(), ..world.draft() };
    world.bench.add_pool(draft).await.unwrap()
}

#[tokio::test]
async fn a_code_is_redeemed_and_its_refresh_token_renews_without_a_window_even_after_a_restart() {
    let mut world = World::new().await;
    let ada = world.signed_in(&pool(&world, Grant::Code, seed::PUBLIC_CLIENT).await, seed::ADA).await;
    let session = world.session(&ada).await;
    assert!(session.refreshable && session.kept && session.checks.iter().any(|check| check.name == "PKCE"));
    world.store_key().await;
    assert_eq!(status(&world.send(Some(&ada), guarded(world.api("/pets"))).await), 200);

    world.restart().await;
    let old = world.id_token(&ada).await;
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_ne!(world.id_token(&ada).await, old);
    assert_eq!(world.desktop.so_far().opened.len(), 1);
    let checks = world.session(&ada).await.checks;
    assert!(checks.iter().all(|check| check.name != "PKCE" && check.name != "State"), "{checks:?}");
    assert!(checks.iter().any(|check| check.name == "User"), "{checks:?}");
}

#[tokio::test]
async fn a_refresh_token_that_was_revoked_leads_to_the_session_and_then_to_the_form() {
    let world = World::with(|options| options.rotation = Some(std::time::Duration::ZERO)).await;
    let ada = world.signed_in(&pool(&world, Grant::Code, seed::PUBLIC_CLIENT).await, seed::ADA).await;
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(world.desktop.so_far().opened.len(), 1);

    // Another computer of the user's has signed out everywhere.
    world.revoke_refresh_token(&ada).await;
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!((world.desktop.so_far().opened.len(), world.desktop.so_far().shown.len()), (2, 0));

    world.revoke_refresh_token(&ada).await;
    world.desktop.forget_cookies(&world.jar(&ada));
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!((world.desktop.so_far().opened.len(), world.desktop.so_far().shown.len()), (3, 1));
}

#[tokio::test]
async fn signing_out_gives_the_refresh_token_up() {
    let world = World::new().await;
    let ada = world.signed_in(&pool(&world, Grant::Code, seed::PUBLIC_CLIENT).await, seed::ADA).await;
    let refresh_token = world.refresh_token(&ada);
    assert!(world.pool_takes(&refresh_token).await);
    world.bench.sign_out(ada.clone()).await.unwrap();
    assert!(!world.pool_takes(&refresh_token).await);
    assert!(!world.keychain.content().keys().any(|name| name.contains(&ada)));
}

#[tokio::test]
async fn a_client_with_a_secret_needs_it_and_it_lies_in_the_keychain_alone() {
    let world = World::new().await;
    let pool = pool(&world, Grant::Code, seed::SECRET_CLIENT).await;
    let ada = world.identity(&pool, Person::knows(seed::ADA)).await;
    let failure = world.bench.sign_in(ada.clone()).await.unwrap_err();
    assert_eq!(failure.code, Code::SignInRefused);
    assert!(failure.hint.contains("secret"), "{failure:?}");

    let shown = world.bench.set_client_secret(pool.id.clone(), format!(" {} ", seed::CLIENT_SECRET)).await.unwrap();
    assert!(shown.client_secret);
    assert_eq!(world.bench.sign_in(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(world.bench.renew(ada).await.unwrap(), SignInEnd::SignedIn);
    assert!(world.files_with(&[seed::CLIENT_SECRET]).is_empty());

    let elsewhere = PoolDraft { domain: "https://login.example.com".to_owned(), ..pool.facts };
    let shown = world.bench.update_pool(pool.id.clone(), elsewhere).await.unwrap();
    assert!(!shown.client_secret, "another server is not to be sent it");
    assert!(!world.keychain.content().values().any(|value| value.contains(seed::CLIENT_SECRET)));

    world.bench.set_client_secret(pool.id.clone(), seed::CLIENT_SECRET.to_owned()).await.unwrap();
    world.bench.remove_pool(pool.id).await.unwrap();
    assert!(!world.keychain.content().values().any(|value| value.contains(seed::CLIENT_SECRET)));
}

#[tokio::test]
async fn a_machine_gets_its_token_without_a_window_and_renews_it_by_itself() {
    let mut world = World::new().await;
    let draft = PoolDraft {
        grant: Grant::ClientCredentials,
        client_id: seed::SECRET_CLIENT.to_owned(),
        callback: String::new(),
        scopes: vec![seed::READ_SCOPE.to_owned()],
        ..world.draft()
    };
    let pool = world.bench.add_pool(draft).await.unwrap();
    let machine = world.bench.add_identity(pool.id.clone(), "Batch".to_owned()).await.unwrap().id;
    assert!(world.bench.sign_in(machine.clone()).await.unwrap_err().message.contains("client secret is missing"));
    world.bench.set_client_secret(pool.id, seed::CLIENT_SECRET.to_owned()).await.unwrap();
    assert_eq!(world.bench.sign_in(machine.clone()).await.unwrap(), SignInEnd::SignedIn);
    world.restart().await;
    let session = world.session(&machine).await;
    assert!(session.id_token.is_none() && session.access_token.is_some());
    assert!(world.desktop.so_far().opened.is_empty());

    let with = |token| Request {
        auth: Auth {
            token: TokenAuth::Send {
                identity: Some(machine.clone()),
                token,
                header: "authorization".to_owned(),
                prefix: "Bearer".to_owned(),
            },
            api_key: ApiKeyAuth::None,
        },
        ..plain(world.open_route("/echo"))
    };
    assert_eq!(status(&world.send(None, with(TokenKind::Access)).await), 200);
    let failure = world.bench.send(1, RequestContext::default(), with(TokenKind::Id)).await.unwrap_err();
    assert!(failure.message.contains("has no ID token"), "{failure:?}");

    let old = world.bench.reveal_token(machine.clone(), TokenKind::Access).await.unwrap();
    assert_eq!(world.bench.renew(machine.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_ne!(world.bench.reveal_token(machine, TokenKind::Access).await.unwrap(), old);
}

#[tokio::test]
async fn the_grants_that_are_open_are_found_and_the_code_is_proposed() {
    let world = World::new().await;
    let offers = world.bench.offered_grants(world.draft()).await.unwrap();
    assert_eq!((offers.code, offers.implicit, offers.proposed), (GrantOffer::Open, GrantOffer::Open, Grant::Code));
    let code_only = PoolDraft { client_id: seed::CODE_CLIENT.to_owned(), ..world.draft() };
    let offers = world.bench.offered_grants(code_only).await.unwrap();
    assert!(matches!(offers.implicit, GrantOffer::Refused { ref why } if why.contains("Implicit grant")));
}

#[tokio::test]
async fn another_grant_forgets_the_tokens_of_the_former_one() {
    let world = World::new().await;
    let shop = pool(&world, Grant::Implicit, seed::PUBLIC_CLIENT).await;
    let ada = world.signed_in(&shop, seed::ADA).await;
    let draft = PoolDraft { grant: Grant::Code, ..shop.facts };
    world.bench.update_pool(shop.id, draft).await.unwrap();
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
    assert_eq!(world.bench.sign_in(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert!(world.session(&ada).await.refreshable);
}

#[tokio::test]
async fn a_pool_is_read_from_its_issuer_and_another_provider_signs_in_by_its_own_endpoints() {
    let world = World::new().await;
    let pool = world.sandbox_pool();
    let found =
        world.bench.discover_provider(PoolDraft { issuer: pool.issuer.clone(), ..world.draft() }).await.unwrap();
    assert_eq!((found.provider, found.domain.as_str()), (Provider::Cognito, pool.domain.as_str()));
    assert_eq!(found.pool_id, pool.pool_id);

    let at = |path: &str| Some(format!("{}{path}", pool.domain));
    let endpoints = Endpoints {
        authorization: at("/oauth2/authorize"),
        token: at("/oauth2/token"),
        jwks: Some(format!("{}/.well-known/jwks.json", pool.issuer)),
        ..Endpoints::default()
    };
    let (provider, grant) = (Provider::OpenId, Grant::Code);
    let draft = PoolDraft { provider, grant, issuer: pool.issuer.clone(), endpoints, ..world.draft() };
    let failure = world.bench.add_pool(PoolDraft { issuer: String::new(), ..draft.clone() }).await.unwrap_err();
    assert!(failure.message.contains("issuer is missing"), "{failure:?}");
    let shop = world.bench.add_pool(draft.clone()).await.unwrap();
    let ada = world.signed_in(&shop, seed::ADA).await;
    let realm = PoolDraft { issuer: format!("{}/realms/other", pool.domain), ..draft };
    let other = world.bench.add_pool(realm).await.unwrap();
    assert_ne!(other.id, shop.id, "another provider on the same host");
    let session = world.session(&ada).await;
    assert!(session.id_token.is_some_and(|token| !token.claims.is_empty()));
    let access = session.access_token.unwrap();
    assert!(access.claims.iter().all(|claim| !claim.checked), "it is for the API alone");
    let old = world.id_token(&ada).await;
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_ne!(world.id_token(&ada).await, old);

    // This one has no address to sign out at; its cookies go all the same.
    world.bench.sign_out(ada.clone()).await.unwrap();
    assert!(world.desktop.jar(&world.jar(&ada)).is_empty());
}
