//! The pool's users, and what a password opens.

mod federated;
mod password_policy;

use std::time::Duration;

use subtle::ConstantTimeEq as _;
use thiserror::Error;

use self::{federated::ProviderIdentity, password_policy::PolicyBreak};
use crate::{UserDescription, random, seed};

const TEMPORARY_PASSWORD_LIFE: Duration = Duration::from_hours(168);
const FREE_FAILURES: u32 = 5;
const LONGEST_LOCK: Duration = Duration::from_mins(15);

/// A user of the pool.
#[derive(Clone, Debug)]
pub struct User {
    pub sub: String,
    pub username: String,
    pub email: String,
    pub email_verified: bool,
    pub phone_number: Option<String>,
    pub groups: Vec<String>,
    /// What the user is at the identity provider.
    pub identity: Option<ProviderIdentity>,
    password: String,
    status: Status,
    reset_code: Option<String>,
    failures: u32,
    locked_until: Duration,
}

/// The user's status, in the service's words `UNCONFIRMED`, `CONFIRMED`,
/// `FORCE_CHANGE_PASSWORD` and `EXTERNAL_PROVIDER`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Status {
    Unconfirmed { code: String },
    Confirmed,
    ForceChangePassword { until: Duration },
    ExternalProvider,
}

/// Tells what a right password leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authenticated {
    SignedIn(String),
    MustChangePassword(String),
    Unconfirmed(String),
}

/// Tells why an attempt of a user is refused, in the words that the page shows.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum UserError {
    #[error("Incorrect username or password.")]
    WrongPassword,
    #[error("Password attempts exceeded")]
    Locked,
    #[error("Temporary password has expired and must be reset by an administrator.")]
    TemporaryPasswordExpired,
    #[error("User already exists")]
    Exists,
    #[error("Enter a username without blanks and an email address.")]
    Attributes,
    #[error("Invalid verification code provided, please try again.")]
    WrongCode,
    #[error("User password cannot be reset in the current state.")]
    NotResettable,
    #[error("Password did not conform with policy: {0}")]
    Policy(PolicyBreak),
}

/// All users.
#[derive(Debug)]
pub struct Users(Vec<User>);

impl Users {
    /// Makes the seeded users.
    pub fn seeded(now: Duration) -> Self {
        let user = |(username, password): (&str, &str), sub: &str, groups: &[&str]| User {
            sub: sub.to_owned(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            email_verified: true,
            phone_number: Some("+15550100".to_owned()),
            ..User::new(username, &format!("{username}@example.com"), password, Status::Confirmed)
        };
        let forced = Status::ForceChangePassword { until: now + TEMPORARY_PASSWORD_LIFE };
        Self(vec![
            user(seed::ADA, "5a1d0001-6a7e-4a55-8000-5a9db0c50001", &["buyers", "beta"]),
            user(seed::GRACE, "5a1d0002-6a7e-4a55-8000-5a9db0c50002", &["admins"]),
            User { status: forced, ..user(seed::NEWCOMER, "5a1d0003-6a7e-4a55-8000-5a9db0c50003", &[]) },
        ])
    }

    /// Describes the users as they are now.
    pub fn descriptions(&self) -> Vec<UserDescription> {
        self.0.iter().map(User::description).collect()
    }

    /// Finds a user by the name or the e-mail address.
    pub fn find(&self, name: &str) -> Option<&User> {
        self.0.iter().find(|user| user.is_called(name))
    }

    /// Checks a password; after five failures each further one doubles the time for which no password is taken.
    pub fn authenticate(&mut self, name: &str, password: &str, now: Duration) -> Result<Authenticated, UserError> {
        let user = self.find_mut(name).ok_or(UserError::WrongPassword)?;
        if user.locked_until > now {
            return Err(UserError::Locked);
        }
        let right = bool::from(user.password.as_bytes().ct_eq(password.as_bytes()));
        if !right || user.status == Status::ExternalProvider {
            user.failures += 1;
            if user.failures >= FREE_FAILURES {
                let doublings = (user.failures - FREE_FAILURES).min(10);
                user.locked_until = now + Duration::from_secs(1 << doublings).min(LONGEST_LOCK);
            }
            return Err(UserError::WrongPassword);
        }
        user.failures = 0;
        let username = user.username.clone();
        match &user.status {
            Status::Confirmed => Ok(Authenticated::SignedIn(username)),
            Status::ExternalProvider => Err(UserError::WrongPassword),
            Status::Unconfirmed { .. } => Ok(Authenticated::Unconfirmed(username)),
            Status::ForceChangePassword { until } if *until > now => Ok(Authenticated::MustChangePassword(username)),
            Status::ForceChangePassword { .. } => Err(UserError::TemporaryPasswordExpired),
        }
    }

    /// Sets a password for good, which ends the forced change.
    pub fn set_password(&mut self, username: &str, password: &str) -> Result<(), UserError> {
        password_policy::check(password).map_err(UserError::Policy)?;
        let user = self.find_mut(username).ok_or(UserError::WrongPassword)?;
        password.clone_into(&mut user.password);
        user.status = Status::Confirmed;
        user.failures = 0;
        user.locked_until = Duration::ZERO;
        Ok(())
    }

    /// Adds a user who signs up and must confirm the e-mail address.
    pub fn sign_up(&mut self, username: &str, email: &str, password: &str) -> Result<(), UserError> {
        if username.is_empty() || username.contains(char::is_whitespace) || !email.contains('@') {
            return Err(UserError::Attributes);
        }
        password_policy::check(password).map_err(UserError::Policy)?;
        if self.find(username).is_some() || self.find(email).is_some() {
            return Err(UserError::Exists);
        }
        let unconfirmed = Status::Unconfirmed { code: random::six_digits() };
        self.0.push(User::new(username, email, password, unconfirmed));
        Ok(())
    }

    /// Confirms the e-mail address with the code that was sent to it.
    pub fn confirm(&mut self, username: &str, code: &str) -> Result<(), UserError> {
        let user = self.find_mut(username).ok_or(UserError::WrongCode)?;
        match &user.status {
            Status::Unconfirmed { code: sent } if sent == code => {
                user.status = Status::Confirmed;
                user.email_verified = true;
                Ok(())
            }
            _ => Err(UserError::WrongCode),
        }
    }

    /// Replaces the code that a user who signed up must enter.
    pub fn resend_code(&mut self, username: &str) {
        if let Some(User { status: Status::Unconfirmed { code }, .. }) = self.find_mut(username) {
            *code = random::six_digits();
        }
    }

    /// Makes a code with which a forgotten password can be replaced.
    pub fn forget_password(&mut self, username: &str) -> Result<(), UserError> {
        // A name that nobody has is answered as one that somebody has, so that names cannot be probed.
        let Some(user) = self.find_mut(username) else { return Ok(()) };
        if user.status != Status::Confirmed {
            return Err(UserError::NotResettable);
        }
        user.reset_code = Some(random::six_digits());
        Ok(())
    }

    /// Replaces a forgotten password.
    pub fn reset_password(&mut self, username: &str, code: &str, password: &str) -> Result<(), UserError> {
        let user = self.find_mut(username).ok_or(UserError::WrongCode)?;
        if user.reset_code.as_deref() != Some(code) {
            return Err(UserError::WrongCode);
        }
        self.set_password(username, password)?;
        if let Some(user) = self.find_mut(username) {
            user.reset_code = None;
        }
        Ok(())
    }

    fn find_mut(&mut self, name: &str) -> Option<&mut User> {
        self.0.iter_mut().find(|user| user.is_called(name))
    }
}

impl User {
    fn new(username: &str, email: &str, password: &str, status: Status) -> Self {
        Self {
            sub: random::uuid(),
            username: username.to_owned(),
            email: email.to_owned(),
            email_verified: false,
            phone_number: None,
            groups: Vec::new(),
            identity: None,
            password: password.to_owned(),
            status,
            reset_code: None,
            failures: 0,
            locked_until: Duration::ZERO,
        }
    }

    /// Reads the code that waits for the user; the page shows it, because the sandbox sends no mail.
    pub fn waiting_code(&self) -> Option<&str> {
        match &self.status {
            Status::Unconfirmed { code } => Some(code),
            _ => self.reset_code.as_deref(),
        }
    }

    fn description(&self) -> UserDescription {
        UserDescription {
            username: self.username.clone(),
            password: self.password.clone(),
            temporary: matches!(self.status, Status::ForceChangePassword { .. }),
            groups: self.groups.clone(),
        }
    }

    fn is_called(&self, name: &str) -> bool {
        self.username == name || self.email.eq_ignore_ascii_case(name)
    }
}
