use std::fs;
use std::path::Path;

use gatepass_workbench::failure::Code;
use gatepass_workbench::model::{Item, Request};
use gatepass_workbench::views::Change;

use crate::world::{World, plain};

fn pets() -> Request {
    Request { name: "Pets".to_owned(), ..plain("https://api.example.com/pets".to_owned()) }
}

async fn collection(world: &World) -> String {
    world.bench.create_collection(String::new(), "Shop".to_owned()).await.unwrap().root
}

#[tokio::test]
async fn a_request_is_saved_found_again_after_a_restart_and_sent_from_its_file() {
    let mut world = World::new().await;
    let root = collection(&world).await;
    let opened = world.bench.create_request(root.clone(), String::new(), pets()).await.unwrap();
    world.restart().await;
    let startup = world.bench.start().await.unwrap();
    assert_eq!(startup.collections[0].items[0].name(), "Pets");
    let again = world.bench.open_request(root, opened.path.clone()).await.unwrap();
    assert_eq!(again.request, opened.request);
}

#[tokio::test]
async fn a_change_by_another_program_is_told_and_is_not_overwritten_unasked() {
    let world = World::new().await;
    let root = collection(&world).await;
    let opened = world.bench.create_request(root.clone(), String::new(), pets()).await.unwrap();
    let file = Path::new(&root).join(&opened.path);
    let text = fs::read_to_string(&file).unwrap().replace("/pets", "/dogs");
    fs::write(&file, text).unwrap();
    let is_told =
        |change: &Change| matches!(change, Change::Collection { changed, .. } if changed.contains(&opened.path));
    world.desktop.until(|happened| happened.changes.iter().any(is_told)).await;

    let mut mine = opened.request.clone();
    mine.method = "PUT".to_owned();
    let save = |force| {
        world.bench.save_request(root.clone(), opened.path.clone(), mine.clone(), opened.version.clone(), force)
    };
    assert_eq!(save(false).await.unwrap_err().code, Code::FileConflict);
    assert!(fs::read_to_string(&file).unwrap().contains("/dogs"));
    let saved = save(true).await.unwrap();
    assert!(fs::read_to_string(&file).unwrap().contains("/pets"));
    let again = world.bench.save_request(root.clone(), opened.path.clone(), mine.clone(), saved.version, false).await;
    assert!(again.is_ok());
}

#[tokio::test]
async fn a_broken_file_does_not_hide_the_others() {
    let world = World::new().await;
    let root = collection(&world).await;
    world.bench.create_request(root.clone(), String::new(), pets()).await.unwrap();
    fs::write(Path::new(&root).join("broken.yml"), "info:\n  name: [").unwrap();
    let collection = world.bench.open_collection(root.clone()).await.unwrap();
    assert_eq!(collection.items.len(), 2);
    assert!(collection.problems[0].path == "broken.yml" && collection.problems[0].line.is_some());
    let failure = world.bench.open_request(root, "broken.yml".to_owned()).await.unwrap_err();
    assert_eq!(failure.code, Code::FileBroken);
}

#[tokio::test]
async fn items_are_arranged_and_a_deleted_one_comes_back() {
    let world = World::new().await;
    let (bench, root) = (&world.bench, collection(&world).await);
    let opened = bench.create_request(root.clone(), String::new(), pets()).await.unwrap();
    let folder = bench.create_folder(root.clone(), String::new(), "Animals".to_owned()).await.unwrap();
    let copy = bench.duplicate_item(root.clone(), opened.path.clone()).await.unwrap();
    let moved = bench.move_item(root.clone(), opened.path, folder.clone(), None).await.unwrap();
    let renamed = bench.rename_item(root.clone(), copy, "All pets".to_owned()).await.unwrap();
    bench.delete_item(root.clone(), moved.clone()).await.unwrap();
    assert_eq!(bench.open_request(root.clone(), moved.clone()).await.unwrap_err().code, Code::FileGone);
    assert_eq!(bench.undo_delete(root.clone()).await.unwrap(), moved);
    assert_eq!(bench.undo_delete(root.clone()).await.unwrap_err().code, Code::Unknown);

    let collection = bench.open_collection(root).await.unwrap();
    let Item::Folder { items, .. } = &collection.items[0] else { panic!("the folder is first") };
    assert_eq!((items[0].path(), collection.items[1].path()), (moved.as_str(), renamed.as_str()));
}

#[tokio::test]
async fn a_folder_that_is_gone_is_told_and_can_be_taken_off_the_list() {
    let mut world = World::new().await;
    let root = collection(&world).await;
    fs::remove_dir_all(&root).unwrap();
    world.restart().await;
    let startup = world.bench.start().await.unwrap();
    assert_eq!((startup.collections.len(), startup.lost_collections[0].root.as_str()), (0, root.as_str()));
    assert_eq!(startup.lost_collections[0].failure.code, Code::CollectionUnreadable);
    world.bench.close_collection(root).await.unwrap();
    assert!(world.bench.start().await.unwrap().lost_collections.is_empty());
}
