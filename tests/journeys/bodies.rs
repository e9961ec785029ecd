//! A request for each kind of body: what arrived at the server, byte for byte, and what the app shows as sent.

use gatepass_journeys::{Desk, Options, label, role};
use gatepass_stage::{Echo, Requests, Stage};

use crate::Journey;

async fn open(name: &str) -> Result<(Stage, Desk), Box<dyn std::error::Error>> {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new(name)).await?;
    desk.new_request(&stage.tool("/echo")).await?;
    desk.method("POST").await?;
    Ok((stage, desk))
}

async fn sent(desk: &Desk) -> Result<Echo, Box<dyn std::error::Error>> {
    desk.send_for("200").await?;
    Ok(desk.echo().await?)
}

#[tokio::test]
async fn no_body_and_each_text_goes_out_as_it_stands() -> Journey {
    let (_stage, desk) = open("bodies-text").await?;
    let echo = sent(&desk).await?;
    assert_eq!((echo.method.as_str(), echo.target.as_str()), ("POST", "/echo"));
    assert_eq!((echo.header("content-type"), echo.body()), (None, Vec::new()));

    let texts = [
        (
            "JSON",
            "application/json",
            "{\n\t\"name\": \"Ada – 1843\",\n  \"id\": 12345678901234567890,\n  \"price\": 1.10\n}",
        ),
        ("Text", "text/plain; charset=utf-8", "first line\n\n  third, with a tab\tand a ✓"),
        ("XML", "application/xml", "<?xml version=\"1.0\"?>\n<pet name=\"Ré &amp; Do\"><legs>4</legs></pet>"),
    ];
    for (kind, media_type, text) in texts {
        desk.choose_body(kind).await?;
        desk.paste_body(text).await?;
        let echo = sent(&desk).await?;
        assert_eq!(echo.header("content-type"), Some(media_type), "{kind}");
        assert_eq!(String::from_utf8(echo.body())?, text, "{kind}");
        let shown = desk.shown_as_sent().await?;
        assert!(shown.contains(media_type) && shown.contains(text), "{kind}: {shown}");
    }
    desk.see(&label("URL")).await?;
    Ok(())
}

#[tokio::test]
async fn a_form_is_encoded_once() -> Journey {
    let (_stage, desk) = open("bodies-form").await?;
    desk.choose_body("Form").await?;
    for (at, (name, value)) in
        [("name", "Ada & Co = 100%"), ("town", "Zürich"), ("plus", "a+b c"), ("empty", "")].iter().enumerate()
    {
        desk.fill(&label("New field name"), name).await?;
        if !value.is_empty() {
            desk.fill(&label(format!("Field {} value", at + 1)), value).await?;
        }
    }
    desk.click(&label("Send field 4")).await?;
    let echo = sent(&desk).await?;
    assert_eq!(echo.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(String::from_utf8(echo.body())?, "name=Ada+%26+Co+%3D+100%25&town=Z%C3%BCrich&plus=a%2Bb+c");
    let shown = desk.shown_as_sent().await?;
    assert!(shown.contains("town=Z%C3%BCrich"), "{shown}");
    Ok(())
}

#[tokio::test]
async fn a_multipart_form_takes_a_file_along() -> Journey {
    let (_stage, desk) = open("bodies-multipart").await?;
    let bytes: Vec<u8> = (0..=255).cycle().take(3000).collect();
    let file = desk.home().documents().join("pets of ada.bin");
    std::fs::write(&file, &bytes)?;

    desk.choose_body("Multipart").await?;
    desk.fill(&label("New part name"), "note").await?;
    desk.fill(&label("Part 1 value"), "für Ada").await?;
    desk.fill(&label("New part name"), "pets").await?;
    desk.click(&role("button", "Send part 2 as a file")).await?;
    desk.fill(&label("Part 2 file"), &file.to_string_lossy()).await?;
    desk.fill(&label("Part 2 media type"), "application/x-pets").await?;

    let echo = sent(&desk).await?;
    let media_type = echo.header("content-type").unwrap_or_default();
    let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap_or_default();
    assert!(!boundary.is_empty(), "{media_type}");
    let head = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nfür Ada\r\n\
         --{boundary}\r\ncontent-disposition: form-data; name=\"pets\"; filename=\"pets of ada.bin\"\r\n\
         content-type: application/x-pets\r\n\r\n"
    );
    let expected = [head.as_bytes(), &bytes, format!("\r\n--{boundary}--\r\n").as_bytes()].concat();
    assert_eq!(echo.body(), expected);
    let shown = desk.shown_as_sent().await?;
    assert!(shown.contains("filename=\"pets of ada.bin\"") && shown.contains("für Ada"), "{shown}");
    Ok(())
}

#[tokio::test]
async fn a_file_goes_out_byte_for_byte_and_by_its_name() -> Journey {
    let (_stage, desk) = open("bodies-file").await?;
    let bytes: Vec<u8> = (0..=255).rev().collect();
    let file = desk.home().documents().join("picture.png");
    std::fs::write(&file, &bytes)?;

    desk.choose_body("File").await?;
    desk.fill(&role("combobox", "File"), &file.to_string_lossy()).await?;
    let echo = sent(&desk).await?;
    assert_eq!((echo.header("content-type"), echo.header("content-length")), (Some("image/png"), Some("256")));
    assert_eq!(echo.body(), bytes);
    let shown = desk.shown_as_sent().await?;
    assert!(shown.contains("image/png") && shown.contains("256 B of content"), "{shown}");

    desk.fill(&label("Media type"), "application/x-own").await?;
    let echo = sent(&desk).await?;
    assert_eq!((echo.header("content-type"), echo.body()), (Some("application/x-own"), bytes));
    Ok(())
}
