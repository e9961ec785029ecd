use std::fs;

use gatepass_sandbox::seed;
use gatepass_workbench::model::Request;
use gatepass_workbench::views::{Desk, EnvironmentIdentity, Layout, TabState, Theme};

use crate::world::{World, plain};

fn desk() -> Desk {
    let draft = Request { name: "Half typed".to_owned(), ..plain("https://api.".to_owned()) };
    let tab = TabState { id: "1".to_owned(), collection: None, path: None, draft: Some(draft), version: None };
    Desk {
        tabs: vec![tab],
        active_tab: Some("1".to_owned()),
        identities: vec![EnvironmentIdentity {
            collection: "/petstore".to_owned(),
            environment: "Staging".to_owned(),
            identity: "ada".to_owned(),
        }],
        layout: Layout { theme: Theme::Dark, zoom: 1.25, ..Layout::default() },
        ..Desk::default()
    }
}

#[tokio::test]
async fn the_window_comes_back_as_it_was_left() {
    let mut world = World::new().await;
    assert_eq!(world.bench.start().await.unwrap().desk, Desk::default());
    world.bench.save_desk(desk()).await.unwrap();
    world.restart().await;
    assert_eq!(world.bench.start().await.unwrap().desk, desk());
}

#[tokio::test]
async fn damaged_files_are_set_aside_and_the_app_starts() {
    let mut world = World::new().await;
    world.bench.save_desk(desk()).await.unwrap();
    world.signed_in(&world.pool().await, seed::ADA).await;
    let data = world.folder.path().join("data");
    for name in ["desk.json", "pools.json", "identities.json", "collections.json", "sandbox.json"] {
        fs::write(data.join(name), "{ \"tabs\": [").unwrap();
    }
    world.restart().await;
    let startup = world.bench.start().await.unwrap();
    assert_eq!(startup.desk, Desk::default());
    assert!(startup.identities.is_empty());
    assert_eq!(fs::read_to_string(data.join("desk.json.damaged")).unwrap(), "{ \"tabs\": [");
    world.bench.save_desk(desk()).await.unwrap();
}

#[tokio::test]
async fn a_desk_of_an_older_version_is_read_as_far_as_it_goes() {
    let mut world = World::new().await;
    let file = world.folder.path().join("data/desk.json");
    fs::write(file, "{\"identity\": \"ada\", \"layout\": {\"zoom\": 2.0}, \"unheardOf\": 1}").unwrap();
    world.restart().await;
    let desk = world.bench.start().await.unwrap().desk;
    assert_eq!((desk.identity.as_deref(), desk.layout.sidebar_open), (Some("ada"), true));
    assert!((desk.layout.zoom - 2.0).abs() < f64::EPSILON);
}

#[cfg(unix)]
#[tokio::test]
async fn the_apps_folders_are_the_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    for folder in [world.folder.path().join("data"), world.folder.path().join("cache"), world.jar(&ada)] {
        assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
