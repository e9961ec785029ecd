//! What the app has kept of a sign-in: its files, its cookie jars, the keychain.

use std::error::Error;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use gatepass_journeys::{Desk, DeskError};
use serde_json::Value;

type Answer<T> = Result<T, Box<dyn Error>>;

/// An identity, as the app's own file has it.
pub struct Kept {
    pub id: String,
    /// What it is called: by its own name, or by its user's.
    pub name: String,
    pub signed_in: bool,
}

fn data(desk: &Desk) -> PathBuf {
    desk.home().path().join(".local/share/dev.gatepass.app")
}

/// The identities that the app knows.
pub fn identities(desk: &Desk) -> Answer<Vec<Kept>> {
    let list: Value = serde_json::from_slice(&fs::read(data(desk).join("identities.json"))?)?;
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    let read = |identity: &Value| Kept {
        id: text(&identity["id"]).unwrap_or_default(),
        name: text(&identity["name"]).or_else(|| text(&identity["user"])).unwrap_or_default(),
        signed_in: identity["signedIn"].as_bool().unwrap_or(false),
    };
    Ok(list.as_array().into_iter().flatten().map(read).collect())
}

/// The id of the identity with this name.
pub fn identity(desk: &Desk, name: &str) -> Answer<String> {
    let found = identities(desk)?.into_iter().find(|identity| identity.name == name);
    Ok(found.ok_or_else(|| format!("there is no identity named {name}"))?.id)
}

/// Tells whether the keychain has an entry of an identity.
pub fn in_keychain(identity: &str) -> Answer<bool> {
    Ok(keychain()?.contains(&format!("identity/{identity}/")))
}

/// Tells whether a secret is in one of the app's entries in the keychain.
pub fn secret_in_keychain(secret: &str) -> Answer<bool> {
    Ok(keychain()?.contains(secret))
}

/// Tells whether the keychain has the secret of every pool's client that there is.
pub fn client_secret_in_keychain(desk: &Desk) -> Answer<bool> {
    let list: Value = serde_json::from_slice(&fs::read(data(desk).join("pools.json"))?)?;
    let pools: Vec<&str> = list.as_array().into_iter().flatten().filter_map(|pool| pool["id"].as_str()).collect();
    let kept = keychain()?;
    Ok(!pools.is_empty() && pools.iter().all(|pool| kept.contains(&format!("pool/{pool}/client-secret"))))
}

/// What the keychain tells of the app's entries, with their values.
fn keychain() -> Answer<String> {
    let output = Command::new("secret-tool").args(["search", "--all", "service", "dev.gatepass.app"]).output()?;
    // It ends well also where it finds nothing.
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(format!("the keychain could not be searched ({}): {said}", output.status).into());
    }
    // Depending on its version the attributes come on one or the other.
    let said = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// Fails where anything of a sign-in is left: a signed-in identity, or tokens in the keychain.
pub fn nothing(desk: &Desk) -> Answer<()> {
    for identity in identities(desk)? {
        if identity.signed_in || in_keychain(&identity.id)? {
            return Err(format!("something of the sign-in of \"{}\" was kept", identity.name).into());
        }
    }
    Ok(())
}

/// The folder of an identity's own cookies.
pub fn jar(desk: &Desk, identity: &str) -> PathBuf {
    data(desk).join("jars").join(identity)
}

/// The permission bits of an identity's jar.
pub fn jar_mode(desk: &Desk, identity: &str) -> Answer<u32> {
    Ok(fs::metadata(jar(desk, identity))?.permissions().mode() & 0o777)
}

/// The values of the pool's session cookie in an identity's jar.
pub fn session_cookies(desk: &Desk, identity: &str) -> Vec<String> {
    let Ok(text) = fs::read_to_string(jar(desk, identity).join("cookies")) else { return Vec::new() };
    // Name and value are the sixth and seventh of the fields (the format of curl and of libsoup).
    let value = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        (fields.get(5) == Some(&"cognito")).then(|| fields.get(6).copied().unwrap_or_default().to_owned())
    };
    text.lines().filter_map(value).filter(|value| !value.is_empty()).collect()
}

/// Waits until the session cookie has been written to an identity's jar, and gives it.
pub async fn session_cookie(desk: &Desk, identity: &str) -> Result<String, DeskError> {
    desk.until("the pool's session cookie in the identity's jar", async || {
        Ok(session_cookies(desk, identity).into_iter().next())
    })
    .await
}
