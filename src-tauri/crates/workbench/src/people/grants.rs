//! What a pool or another provider offers, found out by asking it.

use std::path::Path;
use std::time::SystemTime;

use gatepass_identity::{Offer, SignInOptions, discover, offered_grants, offered_scopes};

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::people::pools::checked;
use crate::views::{GrantOffer, GrantOffers, PoolDraft};

impl Workbench {
    /// Asks a pool with which grants it would let a sign-in begin.
    ///
    /// # Errors
    /// Names the fact that cannot be right; that the pool cannot be asked is an answer.
    pub async fn offered_grants(&self, draft: PoolDraft) -> Result<GrantOffers, Failure> {
        let pool = checked(&draft)?;
        let offers = offered_grants(&pool, &SignInOptions::default(), &self.network, SystemTime::now()).await;
        let shown = |offer: &Offer| match offer {
            Offer::Open => GrantOffer::Open,
            Offer::Refused(refusal) => GrantOffer::Refused { why: refusal.to_string() },
            Offer::Unknown => GrantOffer::Unknown,
        };
        Ok(GrantOffers {
            code: shown(&offers.code),
            implicit: shown(&offers.implicit),
            proposed: offers.proposed(),
            why: offers.why(),
        })
    }

    /// Reads a provider's endpoints from its issuer.
    ///
    /// # Errors
    /// Says why the issuer tells nothing.
    pub async fn discover_provider(&self, draft: PoolDraft) -> Result<PoolDraft, Failure> {
        let certificate = Some(draft.certificate.trim()).filter(|path| !path.is_empty()).map(Path::new);
        let found = discover(&draft.issuer, certificate, &self.network, SystemTime::now()).await;
        let found = found.map_err(|error| Failure::from_error(Code::AddressInvalid, &error, ""))?;
        Ok(PoolDraft {
            domain: found.domain.unwrap_or(draft.domain),
            issuer: found.issuer,
            provider: found.provider,
            endpoints: found.endpoints,
            region: found.region.unwrap_or_default(),
            pool_id: found.pool_id.unwrap_or_default(),
            ..draft
        })
    }

    /// The scopes that a pool knows, for the user to choose from.
    ///
    /// # Errors
    /// Fails where there is no such pool; that it cannot be asked leaves the ones that are known here.
    pub async fn offered_scopes(&self, pool: String) -> Result<Vec<String>, Failure> {
        let pool = self.roster().pool(&pool)?.user_pool()?;
        let offered = offered_scopes(&pool, &self.network, SystemTime::now()).await;
        Ok(offered.unwrap_or_else(|_| pool.scopes().to_vec()))
    }
}
