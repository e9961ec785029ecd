//! API keys, and the usage plans that give each a quota a day and a rate.

use std::{collections::HashMap, time::Duration};

use super::reply::Refusal;
use crate::seed;

const DAY: u64 = 24 * 3_600;

/// An API key.
#[derive(Debug)]
pub struct ApiKey {
    pub value: &'static str,
    pub enabled: bool,
    plan: Option<&'static Plan>,
}

/// What a plan allows each of its keys, at one stage.
#[derive(Debug)]
struct Plan {
    stage: &'static str,
    calls_a_day: u32,
    calls_a_second: u32,
    burst: u32,
}

static EVERYDAY: Plan = Plan { stage: seed::STAGE, calls_a_day: 1_000_000, calls_a_second: 1_000, burst: 2_000 };
static SMALL_QUOTA: Plan =
    Plan { stage: seed::STAGE, calls_a_day: seed::SMALL_QUOTA, calls_a_second: 1_000, burst: 2_000 };
static SLOW: Plan = Plan { stage: seed::STAGE, calls_a_day: 1_000_000, calls_a_second: 1, burst: 1 };
static OTHER_STAGE: Plan =
    Plan { stage: seed::OTHER_STAGE, calls_a_day: 1_000_000, calls_a_second: 1_000, burst: 2_000 };

/// All keys.
pub static KEYS: [ApiKey; 6] = [
    ApiKey { value: seed::KEY, enabled: true, plan: Some(&EVERYDAY) },
    ApiKey { value: seed::DISABLED_KEY, enabled: false, plan: Some(&EVERYDAY) },
    ApiKey { value: seed::PLANLESS_KEY, enabled: true, plan: None },
    ApiKey { value: seed::SMALL_QUOTA_KEY, enabled: true, plan: Some(&SMALL_QUOTA) },
    ApiKey { value: seed::SLOW_KEY, enabled: true, plan: Some(&SLOW) },
    ApiKey { value: seed::KEY_OF_OTHER_STAGE, enabled: true, plan: Some(&OTHER_STAGE) },
];

/// What the keys have used.
#[derive(Debug, Default)]
pub struct UsagePlans(HashMap<&'static str, Meter>);

#[derive(Debug)]
struct Meter {
    day: u64,
    calls: u32,
    /// Thousandths of a call that may be made at once.
    allowance: u64,
    filled: Duration,
}

impl UsagePlans {
    /// Makes the plans, unused.
    pub fn seeded() -> Self {
        Self::default()
    }

    /// Counts a call, or refuses it: no good key first, then the quota, then the rate.
    pub fn admit(&mut self, key: Option<&str>, stage: &str, now: Duration) -> Result<(), Refusal> {
        let key = KEYS.iter().find(|known| known.enabled && Some(known.value) == key).ok_or(Refusal::Forbidden)?;
        let plan = key.plan.filter(|plan| plan.stage == stage).ok_or(Refusal::Forbidden)?;
        let full = u64::from(plan.burst) * 1_000;
        let day = now.as_secs() / DAY;
        let meter = self.0.entry(key.value).or_insert(Meter { day, calls: 0, allowance: full, filled: now });
        if meter.day != day {
            meter.day = day;
            meter.calls = 0;
        }
        if meter.calls >= plan.calls_a_day {
            return Err(Refusal::LimitExceeded);
        }
        let elapsed = u64::try_from(now.saturating_sub(meter.filled).as_millis()).unwrap_or(u64::MAX);
        meter.allowance = meter.allowance.saturating_add(elapsed.saturating_mul(plan.calls_a_second.into())).min(full);
        meter.filled = now;
        if meter.allowance < 1_000 {
            return Err(Refusal::TooManyRequests);
        }
        meter.allowance -= 1_000;
        meter.calls += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(20_000 * DAY);

    #[test]
    fn a_quota_is_whole_again_on_the_next_day() {
        let mut plans = UsagePlans::seeded();
        let mut call = |at| plans.admit(Some(seed::SMALL_QUOTA_KEY), seed::STAGE, at);

        let first: Vec<_> = (0..=seed::SMALL_QUOTA).map(|_| call(NOW)).collect();
        let late = call(NOW + Duration::from_secs(DAY - 1));
        let next_day = call(NOW + Duration::from_secs(DAY));

        assert_eq!(first, [Ok(()), Ok(()), Ok(()), Err(Refusal::LimitExceeded)]);
        assert_eq!((late, next_day), (Err(Refusal::LimitExceeded), Ok(())));
    }

    #[test]
    fn a_rate_of_one_a_second_lets_one_call_a_second_through() {
        let mut plans = UsagePlans::seeded();
        let mut call =
            |milliseconds| plans.admit(Some(seed::SLOW_KEY), seed::STAGE, NOW + Duration::from_millis(milliseconds));

        let calls = [0, 1, 999, 1_000, 1_500, 2_000].map(&mut call);

        let (passed, refused) = (Ok(()), Err(Refusal::TooManyRequests));
        assert_eq!(calls, [passed.clone(), refused.clone(), refused.clone(), passed.clone(), refused, passed]);
    }
}
