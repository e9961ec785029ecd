//! `cargo xtask tour`: the whole job, with a picture of each step.

use std::fs;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::journeys;
use crate::places;
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::ui;

/// Plays the tour and lists its pictures.
pub fn command() -> Result<(), Failure> {
    let mut steps = Steps::new();
    setup::everything(&mut steps, Need::Tests)?;
    ui::build(&mut steps)?;
    journeys::compile(&mut steps, "tour")?;
    let folder = places::target().join("tour");
    for old in pictures(&folder) {
        drop(fs::remove_file(old));
    }
    journeys::play(&mut steps, "tour", None, "The tour")?;
    let taken = pictures(&folder);
    if taken.is_empty() {
        return Err(Failure::new(
            format!("The tour ended without a picture in {}.", folder.display()),
            "Each step in tests/tour takes one with the desk's `picture`.",
        ));
    }
    println!("\nPictures:");
    for picture in taken {
        println!("  {}", picture.display());
    }
    Ok(())
}

fn pictures(folder: &PathBuf) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "png"))
        .collect();
    found.sort();
    found
}
