//! A test runs itself again inside `dbus-run-session`, with a home folder of its own and no display.

use std::path::Path;
use std::process::Command;

const INSIDE: &str = "GATEPASS_VAULT_TEST_INSIDE";

/// Starts the keyring unlocked; its default keyring is made with this password where there is none.
pub const UNLOCKED: &str = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 90";
/// Starts the keyring without its password.
pub const LOCKED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null || exit 91";

/// Nobody starts a service on this bus, and what RULES forbids is forbidden.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    RULES
  </policy>
</busconfig>
"#;

/// Runs the body of one test in a session of its own, after `prepare`.
pub fn inside(test: &str, prepare: &str, body: impl FnOnce()) {
    match part() {
        None => in_session(home().path(), test, "all", prepare),
        Some(_) => body(),
    }
}

/// Runs the body of one test on a bus with rules of its own, where no service is started by being asked for.
pub fn inside_with_rules(test: &str, rules: &str, prepare: &str, body: impl FnOnce()) {
    match part() {
        None => {
            let home = home();
            let config = home.path().join("bus.conf");
            let text = BUS.replace("FOLDER", &home.path().to_string_lossy()).replace("RULES", rules);
            std::fs::write(&config, text).unwrap();
            let mut command = Command::new("dbus-run-session");
            command.arg(format!("--config-file={}", config.display()));
            again(command, home.path(), test, "all", prepare);
        }
        Some(_) => body(),
    }
}

/// Runs one test of this file again, in a session bus of its own, after `prepare`.
pub fn in_session(home: &Path, test: &str, part: &str, prepare: &str) {
    again(Command::new("dbus-run-session"), home, test, part, prepare);
}

fn again(mut command: Command, home: &Path, test: &str, part: &str, prepare: &str) {
    let script = format!("{prepare}\nexec \"$0\" --exact \"$1\" --nocapture");
    command.args(["--", "sh", "-c", &script]).arg(std::env::current_exe().unwrap()).arg(test);
    run(command, home, part);
}

pub fn run(mut command: Command, home: &Path, part: &str) {
    let output = command
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("GNOME_KEYRING_CONTROL")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_RUNTIME_DIR", home)
        .env(INSIDE, part)
        .output()
        .expect("dbus-run-session (package dbus-x11 or dbus) and gnome-keyring-daemon must be installed");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("1 passed"), "part {part}: {}\n{out}\n{err}", output.status);
}

/// The part of a test that runs in its own session, or `None` in the outer process.
pub fn part() -> Option<String> {
    std::env::var(INSIDE).ok()
}

pub fn home() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("gp").tempdir().unwrap()
}
