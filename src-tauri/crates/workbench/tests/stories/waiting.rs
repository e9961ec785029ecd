//! Requests that wait for somebody to sign in.

use gatepass_sandbox::seed;
use gatepass_workbench::failure::Code;
use gatepass_workbench::views::{Grant, IdentityEdit, SendEnd, SignInEnd, SignInState};
use rstest::rstest;

use crate::desktop::{Happened, Person};
use crate::expiry::{Api, Setting, as_of, guarded, pool};
use crate::world::{World, status};

#[tokio::test]
async fn when_the_session_is_over_the_user_is_asked_once_and_what_waited_goes_on() {
    let setting = Setting::without_a_session().await;
    let sends: Vec<_> = (1..=3).map(|send| setting.send(send)).collect();
    setting.asked(&[1, 2, 3]).await;
    let Setting { world, api, ada, .. } = &setting;
    assert!(matches!(world.state(ada).await, SignInState::SignedIn { over: true, .. }));
    assert!(world.desktop.so_far().shown.is_empty(), "nobody is shown a window that they did not ask for");
    assert!(api.seen().is_empty());

    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    for send in sends {
        assert!(matches!(send.await.unwrap().unwrap(), SendEnd::Answered { .. }));
    }
    let new = world.id_token(ada).await;
    assert_eq!(api.seen(), [new.clone(), new.clone(), new]);
    assert!(matches!(world.state(ada).await, SignInState::SignedIn { over: false, .. }));
}

#[tokio::test]
async fn who_does_not_sign_in_has_sent_nothing_and_a_cancelled_send_waits_for_nobody() {
    let setting = Setting::without_a_session().await;
    let (given_up, refused) = (setting.send(1), setting.send(2));
    setting.asked(&[1, 2]).await;
    let Setting { world, api, ada, .. } = setting;
    world.bench.cancel_send(1).await.unwrap();
    assert_eq!(given_up.await.unwrap().unwrap(), SendEnd::Cancelled);

    world.seat(&ada, Person::Closes);
    assert_eq!(world.bench.renew(ada).await.unwrap(), SignInEnd::Cancelled);
    assert_eq!(refused.await.unwrap().unwrap_err().code, Code::SessionOver);
    assert!(api.seen().is_empty());
}

#[tokio::test]
async fn what_waits_is_not_given_up_where_a_provider_refuses_the_window() {
    let (setting, send) = Setting::with_a_send_that_waits().await;
    let Setting { world, ada, .. } = &setting;
    world.goes_to_provider(ada).await;
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap_err().code, Code::ProviderRefusesWindow);

    world.bench.update_identity(ada.clone(), IdentityEdit::default()).await.unwrap();
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert!(matches!(send.await.unwrap().unwrap(), SendEnd::Answered { .. }));
}

#[tokio::test]
async fn a_send_does_not_close_the_window_in_which_its_user_is_signing_in() {
    let setting = Setting::without_a_session().await;
    setting.world.seat(&setting.ada, Person::Waits);
    let (bench, who) = (setting.world.bench.clone(), setting.ada.clone());
    let renewal = tokio::spawn(async move { bench.renew(who).await });
    setting.world.desktop.until(|happened| happened.shown.len() == 1).await;
    let send = setting.send(1);
    setting.asked(&[1]).await;
    let windows = |happened: &Happened| (happened.opened.len(), happened.closed.len());
    assert_eq!(windows(&setting.world.desktop.so_far()), (2, 1), "the first sign-in's, and the one that is open");

    setting.world.bench.cancel_sign_in(setting.ada.clone()).await.unwrap();
    assert_eq!(renewal.await.unwrap().unwrap(), SignInEnd::Cancelled);
    assert_eq!(send.await.unwrap().unwrap_err().code, Code::SessionOver);
}

#[rstest]
#[case::signed_out(false)]
#[case::removed(true)]
#[tokio::test]
async fn what_waited_for_somebody_who_is_gone_ends(#[case] removed: bool) {
    let (setting, send) = Setting::with_a_send_that_waits().await;
    let Setting { world, api, ada, .. } = setting;
    if removed {
        world.bench.remove_identity(ada).await.unwrap();
    } else {
        world.bench.sign_out(ada).await.unwrap();
    }
    assert_eq!(send.await.unwrap().unwrap_err().code, Code::SessionOver);
    assert!(api.seen().is_empty());
}

#[tokio::test]
async fn another_user_who_signs_in_at_the_renewal_sends_nothing() {
    let (setting, send) = Setting::with_a_send_that_waits().await;
    setting.world.seat(&setting.ada, Person::knows(seed::GRACE));
    let refusal = setting.world.bench.renew(setting.ada).await.unwrap_err();
    assert_eq!(refusal.code, Code::TokenRefused);
    assert_eq!(send.await.unwrap().unwrap_err().code, Code::SessionOver);
    assert!(setting.api.seen().is_empty());
}

#[tokio::test]
async fn what_waited_for_one_user_does_not_go_out_as_another_who_signs_in_meanwhile() {
    let (setting, send) = Setting::with_a_send_that_waits().await;
    setting.world.seat(&setting.ada, Person::knows(seed::GRACE));
    assert_eq!(setting.world.bench.sign_in(setting.ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(setting.world.session(&setting.ada).await.username, "grace");
    let failure = send.await.unwrap().unwrap_err();
    assert_eq!(
        (failure.code, failure.message),
        (Code::SessionOver, "Not sent: the session of ada is over.".to_owned())
    );
    assert_eq!(setting.world.view(&setting.ada).await.name, "grace");
    assert!(setting.api.seen().is_empty());
}

#[tokio::test]
async fn who_opens_the_form_again_has_not_given_up_what_waits() {
    let (setting, send) = Setting::with_a_send_that_waits().await;
    setting.world.seat(&setting.ada, Person::Waits);
    let (bench, who) = (setting.world.bench.clone(), setting.ada.clone());
    let first = tokio::spawn(async move { bench.renew(who).await });
    setting.world.desktop.until(|happened| happened.shown.len() == 1).await;
    setting.world.seat(&setting.ada, Person::knows(seed::ADA));
    assert_eq!(setting.world.bench.renew(setting.ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(first.await.unwrap().unwrap(), SignInEnd::Cancelled);
    assert!(matches!(send.await.unwrap().unwrap(), SendEnd::Answered { .. }));
}

#[tokio::test]
async fn what_waits_goes_on_though_the_keychain_does_not_keep_the_sign_in() {
    let (setting, send) = Setting::with_a_send_that_waits().await;
    setting.world.keychain.take_away(true);
    let failure = setting.world.bench.renew(setting.ada.clone()).await.unwrap_err();
    assert_eq!(failure.code, Code::KeychainFailed);
    assert!(matches!(send.await.unwrap().unwrap(), SendEnd::Answered { .. }));
    assert!(!setting.world.session(&setting.ada).await.kept);
}

#[rstest]
#[case::signed_out(false)]
#[case::removed(true)]
#[tokio::test]
async fn an_answer_that_comes_for_somebody_who_is_gone_is_shown(#[case] removed: bool) {
    let world = World::new().await;
    let api = Api::slow();
    let url = api.start().await;
    let ada = world.signed_in(&pool(&world, Grant::Implicit).await, seed::ADA).await;
    let token = world.id_token(&ada).await;
    api.expired.lock().unwrap().insert(token);
    let (bench, context, request) = (world.bench.clone(), as_of(&ada), guarded(&url));
    let send = tokio::spawn(async move { bench.send(1, context, request).await });
    api.arrived.notified().await;
    if removed {
        world.bench.remove_identity(ada).await.unwrap();
    } else {
        world.bench.sign_out(ada).await.unwrap();
    }
    api.go_on.notify_one();
    let SendEnd::Answered { answer } = send.await.unwrap().unwrap() else { panic!("an answer was expected") };
    assert_eq!((status(&answer), answer.not_renewed.as_ref().unwrap().code), (401, Code::SessionOver));
    assert!(answer.verdict.unwrap().refusal.unwrap().token_expired);
}
