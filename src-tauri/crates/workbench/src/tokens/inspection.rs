//! A token from anywhere, taken apart and held against a pool.

use std::time::SystemTime;

use gatepass_identity::{Examined, LEEWAY, Outcome, examine};
use gatepass_vault::Secret;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::tokens::sessions::claim_view;
use crate::views::{CheckOutcome, ExaminedCheck, InspectedToken};

impl Workbench {
    /// Takes a pasted token apart, and checks it against a pool where one is named; nothing of it is kept.
    ///
    /// # Errors
    /// Says what keeps the text from being a token.
    pub async fn inspect_token(&self, token: String, pool: Option<String>) -> Result<InspectedToken, Failure> {
        let token = Secret::new(bare(&token));
        let pool = pool.map(|pool| self.roster().pool(&pool)?.user_pool()).transpose()?;
        let examined = examine(&token, pool.as_ref(), &self.network, SystemTime::now(), LEEWAY).await;
        let examined = examined.map_err(|error| {
            let mut failure =
                Failure::from_error(Code::TokenRefused, &error, "Paste the whole token: three parts with dots.");
            failure.message = format!("This is no token: {}.", failure.message);
            failure
        })?;
        let claims = |claims: Vec<gatepass_identity::ClaimView>| claims.into_iter().map(claim_view).collect();
        Ok(InspectedToken {
            header: claims(examined.inspection.header),
            claims: claims(examined.inspection.claims),
            expires_at: examined.inspection.expires,
            checks: examined.checks.into_iter().map(shown).collect(),
        })
    }
}

fn shown(check: Examined) -> ExaminedCheck {
    let detail = match check.cause {
        Some(cause) => format!("{}: {cause}", check.detail),
        None => check.detail,
    };
    let outcome = match check.outcome {
        Outcome::Passed => CheckOutcome::Passed,
        Outcome::Failed => CheckOutcome::Failed,
        Outcome::LeftOut => CheckOutcome::Skipped,
    };
    ExaminedCheck { name: check.name.to_owned(), outcome, detail }
}

/// A token as it stands in a header or an address: without a prefix in front.
fn bare(text: &str) -> &str {
    let text = text.trim();
    text.split_once(' ')
        .filter(|(prefix, _)| prefix.eq_ignore_ascii_case("bearer"))
        .map_or(text, |(_, token)| token.trim())
}
