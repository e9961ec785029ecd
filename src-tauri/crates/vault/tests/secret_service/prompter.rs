//! The part of a desktop that asks for the keyring's password, answering as the test says.
//!
//! gnome-keyring calls it over the bus; the password travels in gcr's `sx-aes-1` exchange: Diffie-Hellman in the
//! 1,536-bit IKE group, HKDF with SHA-256, AES-128-CBC.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use aws_lc_rs::cipher::{AES_128, DecryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

const GROUP_BYTES: usize = 192;
/// The group's generator, which is our public key: the private one is 1, so the other side's public key is the secret
/// that both share.
const PUBLIC_KEY: [u8; 1] = [2];

#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// The user closes the prompt.
    Dismissed,
    Password(&'static str),
}

/// A prompter on the session bus, until the process ends.
pub struct Prompter {
    answers: Arc<Mutex<VecDeque<Answer>>>,
}

impl Prompter {
    pub fn new(answers: &[Answer]) -> Self {
        let bus = Builder::session().unwrap().name("org.gnome.keyring.SystemPrompter").unwrap().build().unwrap();
        let answers = Arc::new(Mutex::new(answers.iter().copied().collect::<VecDeque<_>>()));
        let remaining = answers.clone();
        std::thread::spawn(move || {
            for message in MessageIterator::from(&bus) {
                let message = message.unwrap();
                if message.message_type() == Type::MethodCall {
                    answer(&bus, &message, &remaining);
                }
            }
        });
        Self { answers }
    }

    /// All answers were asked for.
    pub fn has_answered(&self) -> bool {
        self.answers.lock().unwrap().is_empty()
    }
}

fn answer(bus: &Connection, message: &Message, answers: &Mutex<VecDeque<Answer>>) {
    let header = message.header();
    let member = header.member().unwrap().to_string();
    let sender = header.sender().unwrap().to_string();
    let ready = |callback: &OwnedObjectPath, reply: &str, exchange: String| {
        bus.reply(&header, &()).unwrap();
        let unchanged: HashMap<&str, Value<'_>> = HashMap::new();
        call_back(bus, &sender, callback, "PromptReady", &(reply, unchanged, exchange)).unwrap();
    };
    match member.as_str() {
        "BeginPrompting" => {
            let callback: OwnedObjectPath = message.body().deserialize().unwrap();
            ready(&callback, "", exchange(None));
        }
        "PerformPrompt" => {
            let (callback, kind, _, sent): (OwnedObjectPath, String, HashMap<String, OwnedValue>, String) =
                message.body().deserialize().unwrap();
            assert_eq!(kind, "password");
            match answers.lock().unwrap().pop_front() {
                Some(Answer::Password(password)) => ready(&callback, "yes", exchange(Some((&sent, password)))),
                Some(Answer::Dismissed) | None => ready(&callback, "no", exchange(None)),
            }
        }
        "StopPrompting" => {
            let callback: OwnedObjectPath = message.body().deserialize().unwrap();
            bus.reply(&header, &()).unwrap();
            // A prompt that was dismissed is gone before it hears that it is done.
            drop(call_back(bus, &sender, &callback, "PromptDone", &()));
        }
        other => panic!("the keyring called {other}"),
    }
}

fn call_back<B>(
    bus: &Connection,
    keyring: &str,
    callback: &OwnedObjectPath,
    member: &str,
    body: &B,
) -> zbus::Result<Message>
where
    B: serde::Serialize + zbus::zvariant::DynamicType,
{
    let interface = Some("org.gnome.keyring.internal.Prompter.Callback");
    bus.call_method(Some(keyring), callback, interface, member, body)
}

/// What is sent to the keyring: our public key, and the password under the secret that both share.
fn exchange(answer: Option<(&str, &str)>) -> String {
    let public = format!("[sx-aes-1]\npublic={}\n", BASE64.encode(PUBLIC_KEY));
    let Some((sent, password)) = answer else { return public };
    let theirs = sent.lines().find_map(|line| line.strip_prefix("public=")).unwrap();
    let (iv, value) = encrypt(&BASE64.decode(theirs).unwrap(), password);
    format!("{public}secret={}\niv={}\n", BASE64.encode(value), BASE64.encode(iv))
}

fn encrypt(shared: &[u8], password: &str) -> (Vec<u8>, Vec<u8>) {
    struct Sixteen;
    impl KeyType for Sixteen {
        fn len(&self) -> usize {
            16
        }
    }
    let mut padded = vec![0; GROUP_BYTES - shared.len()];
    padded.extend_from_slice(shared);
    let mut key = [0; 16];
    Salt::new(HKDF_SHA256, &[]).extract(&padded).expand(&[], Sixteen).unwrap().fill(&mut key).unwrap();
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, &key).unwrap()).unwrap();
    let mut value = password.as_bytes().to_vec();
    let DecryptionContext::Iv128(iv) = key.encrypt(&mut value).unwrap() else { panic!("CBC has an IV") };
    (iv.as_ref().to_vec(), value)
}
