//! Saved requests as files: edited in place, changed by others, arranged by keys, broken, and drafts after a crash.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use gatepass_journeys::{Desk, DeskError, Options, Outcome, css, label, role, text};
use gatepass_stage::{Collections, Requests};

use crate::Journey;

const COMMENTED: &str = "# why this request is here\ninfo:\n  name: Show\n  type: http\n  seq: 1 # the first\n\n\
                         http:\n  method: GET\n  url: https://shop.test/one # the old one\n  auth: inherit\n\n\
                         x-owner: team-pets\n";

async fn open(name: &str) -> Result<(Desk, PathBuf), Box<dyn Error>> {
    let desk = Desk::open(Options::new(name)).await?;
    desk.new_collection("Shop").await?;
    let folder = desk.home().path().join("Gatepass/Shop");
    Ok((desk, folder))
}

/// Writes a file as other programs do: beside it, then over it.
fn write(folder: &Path, name: &str, content: &str) -> std::io::Result<()> {
    let beside = folder.join(format!(".{name}.tmp"));
    fs::write(&beside, content)?;
    fs::rename(beside, folder.join(name))
}

async fn see_url(desk: &Desk, wanted: &str) -> Outcome {
    let what = format!("the URL to be {wanted}");
    desk.until(&what, async || Ok((desk.value(&label("URL")).await? == wanted).then_some(()))).await
}

/// The names of the tree's rows from top to bottom, without their methods.
async fn rows(desk: &Desk) -> Result<Vec<String>, DeskError> {
    let script = "return [...document.querySelectorAll('[role=treeitem] .name')].map((row) => row.textContent.trim());";
    let rows = desk.evaluate(script, Vec::new()).await?;
    Ok(rows.as_array().into_iter().flatten().filter_map(|row| row.as_str().map(str::to_owned)).collect())
}

async fn see_rows(desk: &Desk, wanted: &[&str]) -> Outcome {
    let what = format!("the tree to be {}", wanted.join(", "));
    desk.until(&what, async || Ok((rows(desk).await? == wanted).then_some(()))).await
}

#[tokio::test]
async fn a_save_changes_what_was_changed_and_nothing_else() -> Journey {
    let (desk, folder) = open("files-save").await?;
    write(&folder, "Show.yml", COMMENTED)?;
    desk.click(&role("treeitem", "Show")).await?;
    see_url(&desk, "https://shop.test/one").await?;

    desk.fill(&label("URL"), "https://shop.test/two").await?;
    desk.method("POST").await?;
    desk.save().await?;
    let expected = COMMENTED.replace("https://shop.test/one", "https://shop.test/two").replace("GET", "POST");
    assert_eq!(fs::read_to_string(folder.join("Show.yml"))?, expected);
    Ok(())
}

#[tokio::test]
async fn a_change_outside_is_taken_over_or_asked_about_and_nothing_typed_is_lost() -> Journey {
    let (desk, folder) = open("files-outside").await?;
    write(&folder, "Show.yml", COMMENTED)?;
    desk.click(&role("treeitem", "Show")).await?;
    see_url(&desk, "https://shop.test/one").await?;

    // Nothing was typed: the file is shown as it is now.
    write(&folder, "Show.yml", &COMMENTED.replace("/one", "/theirs-1"))?;
    see_url(&desk, "https://shop.test/theirs-1").await?;

    // Something was typed: the user is asked, and what was typed stands until then.
    desk.fill(&label("URL"), "https://shop.test/mine-1").await?;
    write(&folder, "Show.yml", &COMMENTED.replace("/one", "/theirs-2"))?;
    desk.see(&text("Another program changed this request’s file")).await?;
    see_url(&desk, "https://shop.test/mine-1").await?;
    desk.click(&role("button", "Keep mine")).await?;
    desk.see_gone(&role("button", "Keep mine")).await?;
    let kept = fs::read_to_string(folder.join("Show.yml"))?;
    assert!(kept.contains("/mine-1") && kept.contains("x-owner: team-pets"), "{kept}");

    desk.fill(&label("URL"), "https://shop.test/mine-2").await?;
    write(&folder, "Show.yml", &COMMENTED.replace("/one", "/theirs-3"))?;
    desk.click(&role("button", "Take theirs")).await?;
    see_url(&desk, "https://shop.test/theirs-3").await?;

    // New, renamed and deleted files show in the tree; what was open stays on the screen.
    write(&folder, "Later.yml", &COMMENTED.replace("name: Show", "name: Later").replace("seq: 1", "seq: 2"))?;
    see_rows(&desk, &["Shop", "Show", "Later"]).await?;
    fs::remove_file(folder.join("Show.yml"))?;
    see_rows(&desk, &["Shop", "Later"]).await?;
    desk.see(&text("This request’s file is gone.")).await?;
    see_url(&desk, "https://shop.test/theirs-3").await?;
    desk.click(&role("button", "Save it again")).await?;
    desk.see(&role("treeitem", "GET Show")).await?;
    assert!(fs::read_to_string(folder.join("Show.yml"))?.contains("/theirs-3"));
    Ok(())
}

#[tokio::test]
async fn the_tree_is_arranged_by_keys() -> Journey {
    let (desk, folder) = open("files-arrange").await?;
    for name in ["First", "Second", "Third"] {
        desk.new_request_in(name, "Shop").await?;
    }
    see_rows(&desk, &["Shop", "First", "Second", "Third"]).await?;

    desk.row_menu("GET Third", "Rename").await?;
    desk.fill(&label("New name of Third"), "Last").await?;
    desk.press("Gatepass", "Return").await?;
    see_rows(&desk, &["Shop", "First", "Second", "Last"]).await?;
    assert!(folder.join("Last.yml").exists() && !folder.join("Third.yml").exists());

    // The tree has the keyboard now, and the renamed row is the active one.
    desk.press("Gatepass", "alt+Up").await?;
    see_rows(&desk, &["Shop", "First", "Last", "Second"]).await?;
    desk.press("Gatepass", "alt+Up").await?;
    see_rows(&desk, &["Shop", "Last", "First", "Second"]).await?;

    desk.row_menu("GET First", "Duplicate").await?;
    see_rows(&desk, &["Shop", "Last", "First", "First copy", "Second"]).await?;

    desk.new_folder("Old", "Shop").await?;
    desk.row_menu("GET First copy", "Move to…").await?;
    let dialog = role("dialog", "Move");
    desk.click(&role("combobox", "Into").within(dialog.clone())).await?;
    desk.click(&role("option", "Old")).await?;
    desk.text_with(&role("combobox", "Into").within(dialog.clone()), "Old").await?;
    desk.click(&role("button", "Move").within(dialog.clone())).await?;
    desk.see_gone(&dialog).await?;
    let moved = folder.join("Old/First copy.yml");
    desk.until("the file to be in the folder", async || Ok(moved.exists().then_some(()))).await?;

    // The file as the user left it comes back with one press.
    let before = fs::read(&moved)?;
    desk.click(&role("treeitem", "GET First copy")).await?;
    desk.press("Gatepass", "Delete").await?;
    desk.see(&text("Deleted “First copy”")).await?;
    assert!(!moved.exists());
    desk.click(&role("button", "Undo")).await?;
    desk.see(&role("treeitem", "GET First copy")).await?;
    assert_eq!(fs::read(&moved)?, before);
    Ok(())
}

#[tokio::test]
async fn a_request_is_dragged_into_a_folder() -> Journey {
    let (desk, folder) = open("files-drag").await?;
    desk.new_request_in("Loose", "Shop").await?;
    desk.new_folder("Old", "Shop").await?;
    desk.drag(&role("treeitem", "GET Loose"), &role("treeitem", "Old"), &css("[role=treeitem].drop-inside")).await?;
    let moved = folder.join("Old/Loose.yml");
    desk.until("the file to be in the folder", async || Ok(moved.exists().then_some(()))).await?;
    see_rows(&desk, &["Shop", "Old", "Loose"]).await?;
    assert!(!folder.join("Loose.yml").exists());
    Ok(())
}

#[tokio::test]
async fn a_broken_file_says_where_and_the_rest_still_opens() -> Journey {
    let (desk, folder) = open("files-broken").await?;
    write(&folder, "Show.yml", COMMENTED)?;
    write(
        &folder,
        "Broken.yml",
        "info:\n  name: Broken\n  type: http\nhttp:\n  url: [https://shop.test\n  method: GET\n",
    )?;
    let broken = role("treeitem", "broken: line");
    desk.see(&broken).await?;
    desk.click(&broken).await?;
    let card = desk.text(&css("section[aria-label='The file is broken']")).await?;
    assert!(card.contains("Broken.yml") && card.contains("line") && card.contains("column"), "{card}");

    desk.click(&role("treeitem", "GET Show")).await?;
    see_url(&desk, "https://shop.test/one").await?;
    // Mended outside, it opens.
    write(&folder, "Broken.yml", &COMMENTED.replace("name: Show", "name: Mended").replace("/one", "/mended"))?;
    desk.click(&role("treeitem", "GET Mended")).await?;
    see_url(&desk, "https://shop.test/mended").await?;
    Ok(())
}

#[tokio::test]
async fn what_was_typed_is_there_again_after_a_crash() -> Journey {
    let (mut desk, folder) = open("files-crash").await?;
    write(&folder, "Show.yml", COMMENTED)?;
    desk.click(&role("treeitem", "Show")).await?;
    see_url(&desk, "https://shop.test/one").await?;
    desk.fill(&label("URL"), "https://shop.test/changed-and-not-saved").await?;
    desk.new_request("https://shop.test/never-saved").await?;
    desk.add_header("x-draft", "yes").await?;
    let data = desk.home().path().join(".local/share");
    desk.until("the drafts to be on the disk", async || {
        let kept = find(&data, "desk.json").and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        Ok((kept.contains("\"x-draft\"") && kept.contains("\"yes\"")).then_some(()))
    })
    .await?;

    desk.crash()?;
    desk.start().await?;
    see_url(&desk, "https://shop.test/never-saved").await?;
    desk.section("Headers").await?;
    assert_eq!(desk.value(&label("Header 1 value")).await?, "yes");
    desk.click(&role("tab", "GET Show, unsaved")).await?;
    see_url(&desk, "https://shop.test/changed-and-not-saved").await?;
    assert_eq!(fs::read_to_string(folder.join("Show.yml"))?, COMMENTED);
    desk.save().await?;
    assert!(fs::read_to_string(folder.join("Show.yml"))?.contains("changed-and-not-saved"));
    Ok(())
}

/// Finds a file of the app's data by its name.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let here = entries.iter().find(|path| path.is_file() && path.ends_with(name)).cloned();
    here.or_else(|| entries.iter().filter(|path| path.is_dir()).find_map(|path| find(path, name)))
}
