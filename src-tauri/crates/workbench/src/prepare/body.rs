//! The content of a request, with its variables resolved.

use std::path::{Path, PathBuf};

use gatepass_collection::model::{Body, Part as TypedPart};
use gatepass_exchange::{Content, ContentError, Part, PartValue};

use super::Resolver;
use crate::failure::{Code, Failure};

/// Makes the content; paths are relative to the collection's folder.
pub(super) fn content(body: &Body, folder: Option<&Path>, resolver: &mut Resolver<'_>) -> Result<Content, Failure> {
    let mut text = |media_type: &str, text: &str| {
        resolver.text(text, "the body").map(|rendered| Content::text(media_type, rendered.expose()))
    };
    match body {
        Body::None => Ok(Content::Empty),
        Body::Json { text: json } => text("application/json", json),
        Body::Text { text: plain } => text("text/plain; charset=utf-8", plain),
        Body::Xml { text: xml } => text("application/xml", xml),
        Body::Form { fields } => {
            let mut pairs = Vec::new();
            for field in fields.iter().filter(|field| !field.disabled && !field.name.is_empty()) {
                let place = format!("the form field {}", field.name);
                pairs.push((
                    resolver.text(&field.name, &place)?.expose(),
                    resolver.text(&field.value, &place)?.expose(),
                ));
            }
            Ok(Content::form(pairs))
        }
        Body::Multipart { parts } => {
            let wanted = parts.iter().filter(|part| !(part.disabled || part.name.is_empty() && part.value.is_empty()));
            let parts = wanted.map(|typed| part(typed, folder, resolver)).collect::<Result<_, _>>()?;
            Content::multipart(parts).map_err(|error| invalid(&error))
        }
        Body::File { path, .. } if path.trim().is_empty() => {
            Err(Failure::new(Code::BodyInvalid, "The body is a file, and no file is chosen.", "Choose one under Body."))
        }
        Body::File { path, content_type } => {
            let path = absolute(&resolver.text(path, "the body's file")?.expose(), folder)?;
            Ok(Content::file(path, given(content_type)))
        }
        Body::Foreign { body_type } => Err(Failure::new(
            Code::BodyInvalid,
            format!("Gatepass keeps a body of the type {body_type} in the file, but does not send it."),
            "Choose another kind of body.",
        )),
    }
}

fn part(typed: &TypedPart, folder: Option<&Path>, resolver: &mut Resolver<'_>) -> Result<Part, Failure> {
    let place = format!("the part {}", typed.name);
    let name = resolver.text(&typed.name, &place)?.expose();
    let value = resolver.text(&typed.value, &place)?.expose();
    let value = match typed.file {
        true if value.trim().is_empty() => {
            return Err(Failure::new(
                Code::BodyInvalid,
                format!("The part {name} is a file, and no file is chosen."),
                "Choose one under Body, or switch the part off.",
            ));
        }
        true => PartValue::File(absolute(&value, folder)?),
        false => PartValue::Text(value),
    };
    Ok(Part { name, value, media_type: given(&typed.content_type) })
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A relative path is relative to the collection; a request that was never saved has none to be relative to.
fn absolute(path: &str, folder: Option<&Path>) -> Result<PathBuf, Failure> {
    let path = PathBuf::from(path);
    match folder {
        _ if path.is_absolute() => Ok(path),
        Some(folder) => Ok(folder.join(path)),
        None => Err(Failure::new(
            Code::BodyInvalid,
            format!("{} is relative to a collection, and the request is in none.", path.display()),
            "Choose the file again, or save the request first.",
        )),
    }
}

fn invalid(error: &ContentError) -> Failure {
    Failure::from_error(Code::BodyInvalid, error, "")
}
