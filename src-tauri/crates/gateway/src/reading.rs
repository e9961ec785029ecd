//! From symptom to cause, in words about the user's thing.

mod authorizer;
mod evidence;
mod http_api;
mod key;
mod others;

use crate::facts::Facts;
use crate::reply::{Read, Reply};
use crate::verdict::{Check, Evidence, Fix, Gate, Outcome, Refusal, Verdict};

/// How many seconds a clock may be off before it is worth a word.
pub(crate) const CLOCK_TOLERANCE: i32 = 60;

/// Reads an answer; nothing where no API gateway gave it.
pub fn read(facts: &Facts<'_>) -> Option<Verdict> {
    let Read { reply, customised, http_api } = crate::reply::read(facts)?;
    let found = match &reply {
        Reply::Answered => return Some(Verdict { track: passed(http_api), refusal: None, remarks: remarks(facts) }),
        Reply::BehindRefused => {
            let remark = "What stands behind the gateway gave this answer: the gateway's own checks were passed.";
            return Some(Verdict { track: passed(http_api), refusal: None, remarks: vec![remark.to_owned()] });
        }
        Reply::Unauthorized => authorizer::unauthorized(facts),
        Reply::Expired => authorizer::expired(facts),
        Reply::Jwt { description } => http_api::jwt(facts, description),
        Reply::Scope => http_api::scope(facts),
        Reply::LambdaDenied => authorizer::lambda_denied(facts),
        Reply::PolicyDenied => authorizer::policy_denied(facts),
        Reply::AuthorizerBroken => authorizer::broken(facts),
        Reply::Forbidden => key::forbidden(facts),
        Reply::Quota => key::quota(),
        Reply::Throttled => key::throttled(),
        Reply::NoRoute => others::no_route(facts, http_api),
        Reply::Signature => others::signature(facts),
        Reply::MissingParameters { names } => others::missing_parameters(names),
        Reply::InvalidBody | Reply::BadRequest => others::invalid_body(),
        Reply::MediaType => others::media_type(facts),
        Reply::TooLarge => others::too_large(facts),
        Reply::TimedOut => others::timed_out(facts),
        Reply::BehindBroken => others::behind_broken(facts),
    };
    Some(found.verdict(customised, http_api))
}

/// A refusal on its way to a verdict.
pub(crate) struct Found {
    gate: Gate,
    refusal: Refusal,
}

impl Found {
    fn new(gate: Gate, title: &str, explanation: impl Into<String>) -> Self {
        let refusal = Refusal {
            title: title.to_owned(),
            explanation: explanation.into(),
            evidence: Vec::new(),
            fixes: Vec::new(),
            other_causes: Vec::new(),
            customised: false,
            token_expired: false,
        };
        Self { gate, refusal }
    }

    /// Says that a fresh token may mend it.
    fn of_an_expired_token(mut self) -> Self {
        self.refusal.token_expired = true;
        self
    }

    fn evidence(mut self, lines: impl IntoIterator<Item = Evidence>) -> Self {
        self.refusal.evidence.extend(lines);
        self
    }

    fn fix(mut self, fixes: impl IntoIterator<Item = Fix>) -> Self {
        self.refusal.fixes.extend(fixes);
        self
    }

    fn other(mut self, cause: impl Into<String>) -> Self {
        self.refusal.other_causes.push(cause.into());
        self
    }

    fn verdict(mut self, customised: bool, http_api: bool) -> Verdict {
        self.refusal.customised = customised;
        Verdict { track: track(self.gate, http_api), refusal: Some(self.refusal), remarks: Vec::new() }
    }
}

/// Gives the gates that an API has; the validator is shown only where it refused.
fn gates(http_api: bool, refusing: Option<Gate>) -> Vec<Gate> {
    let mut gates = vec![Gate::Route, Gate::Authorizer];
    let has_plans = !http_api || matches!(refusing, Some(Gate::ApiKey | Gate::UsagePlan));
    if has_plans {
        gates.extend([Gate::ApiKey, Gate::UsagePlan]);
    }
    if refusing == Some(Gate::Validator) {
        gates.push(Gate::Validator);
    }
    gates.push(Gate::Integration);
    gates
}

fn passed(http_api: bool) -> Vec<Check> {
    let check = |gate| Check { gate, outcome: Outcome::Passed };
    gates(http_api, None).into_iter().map(check).collect()
}

fn track(refusing: Gate, http_api: bool) -> Vec<Check> {
    let mut outcome = Outcome::Passed;
    let mut checks = Vec::new();
    for gate in gates(http_api, Some(refusing)) {
        if gate == refusing {
            checks.push(Check { gate, outcome: Outcome::Refused });
            outcome = Outcome::NotReached;
        } else {
            checks.push(Check { gate, outcome });
        }
    }
    checks
}

fn remarks(facts: &Facts<'_>) -> Vec<String> {
    let mut remarks = Vec::new();
    if facts.arrived_token().is_none() {
        remarks.push(
            "This endpoint is public: it answered without a token. Where it should not be, its method has no authorizer, \
             or the stage was not deployed since."
                .to_owned(),
        );
    }
    if facts.needs_key() == Some(true) && facts.arrived_key().is_none() {
        remarks.push("It answered without an API key, though the definition asks for one.".to_owned());
    }
    if let Some(skew) = facts.clock_skew_seconds.filter(|skew| skew.abs() > CLOCK_TOLERANCE) {
        remarks.push(evidence::clock_words(skew) + ": tokens will seem to expire at the wrong time.");
    }
    remarks
}
