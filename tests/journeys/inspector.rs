//! The token inspector: any token is taken apart and held against a pool, and nothing of it stays.

use gatepass_journeys::{Desk, Options, Outcome, Target, css, label, role, text};
use gatepass_stage::{SignIn, Stage};

use crate::Journey;

fn sheet() -> Target {
    role("dialog", "Inspect a token")
}

async fn open(desk: &Desk) -> Outcome {
    desk.press("Gatepass", "ctrl+k").await?;
    desk.fill(&css("[role=dialog] input"), "Inspect a token").await?;
    desk.click(&role("option", "Inspect a token")).await?;
    desk.see(&sheet()).await
}

/// Waits until a check of the pasted token came out so, and gives its line.
async fn outcome(desk: &Desk, check: &str, came_out: &str) -> Result<String, Box<dyn std::error::Error>> {
    let line = css(format!("li.{came_out}")).within(role("list", "How each check came out").within(sheet()));
    let what = format!("the check {check} to have {came_out}");
    let found = desk
        .until(&what, async || {
            for element in desk.all(&line).await? {
                let shown = element.text().await.unwrap_or_default();
                if shown.starts_with(check) {
                    return Ok(Some(shown));
                }
            }
            Ok(None)
        })
        .await?;
    Ok(found)
}

#[tokio::test]
async fn a_pasted_token_is_checked_against_the_pool_and_nothing_of_it_stays() -> Journey {
    let stage = Stage::open().await?;
    let mut desk = Desk::open(Options::new("inspector")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    desk.open_identity("ada").await?;
    let tokens = desk.reveal_tokens().await?;
    desk.close_sheet().await?;

    open(&desk).await?;
    desk.choose(&label("Check against").within(sheet()), "127.0.0.1").await?;
    for (name, token) in &tokens {
        desk.paste_over("Gatepass", &label("Token").within(sheet()), &format!("Bearer {token}")).await?;
        desk.see(&text("Checked against 127.0.0.1").within(sheet())).await?;
        outcome(&desk, "Signature", "passed").await.map_err(|error| format!("{name}: {error}"))?;
        let failed = css("li.failed").within(sheet());
        assert!(!desk.sees(&failed).await?, "{name}: {}", desk.text(&failed).await?);
    }
    let forged = forged(&tokens[0].1);
    desk.paste_over("Gatepass", &label("Token").within(sheet()), &forged).await?;
    let line = outcome(&desk, "Signature", "failed").await?;
    assert!(line.contains("signature"), "no reason is given: {line}");
    desk.see(&text("ada").within(role("region", "Claims of the token"))).await?;

    let secrets = [("the ID token", tokens[0].1.as_str()), ("the forged token", forged.as_str())];
    desk.search_for_secrets(&secrets, &[])?;
    desk.restart().await?;
    desk.see_signed_in("ada").await?;
    assert!(!desk.sees(&sheet()).await?);
    open(&desk).await?;
    assert_eq!(desk.value(&label("Token").within(sheet())).await?, "", "the token is still there");
    desk.search_for_secrets(&secrets, &[])?;
    Ok(())
}

/// The same token with another signature.
fn forged(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{signed}.{first}{}", signature.get(1..).unwrap_or_default())
}
