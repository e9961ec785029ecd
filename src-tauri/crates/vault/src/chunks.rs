//! One secret over as many entries as it needs.
//!
//! The entry itself holds `=value`, or `#g:n:digest` when the value lies in the parts `entry#g.0` to `entry#g.n-1`.
//! There are two generations, `a` and `b`: a new value goes to the one that is not in use, then the entry is turned
//! over in one write, then the old parts are removed. Whatever moment the process ends at, the entry leads to the
//! whole old value or the whole new one, and what was left over is removed by the next write or delete.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::backend::{Backend, Refusal};
use crate::{EntryName, Secret, VaultError};

/// The longest value, in UTF-16 characters: more is no token, key or password.
pub(crate) const LARGEST: usize = 262_144;

const GENERATIONS: [char; 2] = ['a', 'b'];

/// Reads the value of an entry; `None` says for certain that there is none.
pub(crate) fn read(backend: &dyn Backend, entry: &EntryName) -> Result<Option<Secret>, VaultError> {
    let Some(head) = backend.get(entry.as_str()).map_err(|refusal| refusal.at(entry))? else {
        return Ok(None);
    };
    match Head::parse(head.expose()).map_err(|refusal| refusal.at(entry))? {
        Head::Whole(value) => Ok(Some(Secret::new(value))),
        Head::Parts { generation, count, digest } => {
            let mut value = Zeroizing::new(String::new());
            for index in 0..count {
                let part = backend.get(&part_name(entry, generation, index)).map_err(|refusal| refusal.at(entry))?;
                let part = part.ok_or(Refusal::Unreadable("a part is missing")).map_err(|refusal| refusal.at(entry))?;
                value.push_str(part.expose());
            }
            if digest_of(&value) != digest {
                return Err(Refusal::Unreadable("its parts do not belong together").at(entry));
            }
            Ok(Some(Secret::new(value.as_str())))
        }
    }
}

/// Writes the value of an entry and reads it back.
pub(crate) fn write(backend: &dyn Backend, entry: &EntryName, secret: &Secret) -> Result<(), VaultError> {
    let value = secret.expose();
    if value.contains(['\n', '\r']) {
        return Err(VaultError::LineBreak { entry: entry.clone() });
    }
    let length = value.encode_utf16().count();
    if length > LARGEST {
        return Err(VaultError::TooLarge { entry: entry.clone(), found: length, limit: LARGEST });
    }
    let at = |refusal: Refusal| refusal.at(entry);

    let old = Old::ask(backend, entry).map_err(at)?;
    let next = if old.uses(GENERATIONS[0]) { GENERATIONS[1] } else { GENERATIONS[0] };

    let head = if length < backend.limit() {
        Zeroizing::new(format!("={value}"))
    } else {
        old.sweep(backend, entry, next).map_err(at)?;
        let parts = split(value, backend.limit());
        for (index, part) in parts.iter().enumerate() {
            let name = part_name(entry, next, index);
            backend.set(&name, part).map_err(at)?;
            if backend.get(&name).map_err(at)?.as_ref().map(Secret::expose) != Some(*part) {
                return Err(VaultError::NotKept { entry: entry.clone() });
            }
        }
        Zeroizing::new(format!("#{next}:{}:{}", parts.len(), digest_of(value)))
    };
    backend.set(entry.as_str(), &head).map_err(at)?;
    match read(backend, entry) {
        Ok(Some(kept)) if kept == *secret => {}
        Ok(_) | Err(VaultError::Unreadable { .. }) => {
            old.put_back(backend, entry);
            return Err(VaultError::NotKept { entry: entry.clone() });
        }
        Err(error) => return Err(error),
    }
    for generation in GENERATIONS {
        if !(head.starts_with('#') && generation == next) {
            old.sweep(backend, entry, generation).map_err(at)?;
        }
    }
    Ok(())
}

/// Removes an entry and all its parts; that there was none is no error.
pub(crate) fn delete(backend: &dyn Backend, entry: &EntryName) -> Result<(), VaultError> {
    let at = |refusal: Refusal| refusal.at(entry);
    let old = Old::ask(backend, entry).map_err(at)?;
    backend.remove(entry.as_str()).map_err(at)?;
    for generation in GENERATIONS {
        old.sweep(backend, entry, generation).map_err(at)?;
    }
    Ok(())
}

/// What an entry holds before it is changed.
struct Old {
    /// The entry itself, where there is one that can be read.
    head: Option<Secret>,
    parts: Option<(char, usize)>,
}

impl Old {
    /// Damage is no hindrance: what is written over it, or its removal, mends it.
    fn ask(backend: &dyn Backend, entry: &EntryName) -> Result<Self, Refusal> {
        let head = match backend.get(entry.as_str()) {
            Err(Refusal::Unreadable(_)) => None,
            answer => answer?,
        };
        let parts = head.as_ref().and_then(|head| match Head::parse(head.expose()) {
            Ok(Head::Parts { generation, count, .. }) => Some((generation, count)),
            _ => None,
        });
        Ok(Self { head, parts })
    }

    fn uses(&self, generation: char) -> bool {
        self.parts.is_some_and(|(in_use, _)| in_use == generation)
    }

    /// Takes back a write that was not kept, so that the next read finds the old value or none, as far as the store
    /// obeys at all.
    fn put_back(&self, backend: &dyn Backend, entry: &EntryName) {
        let outcome = match &self.head {
            Some(head) => backend.set(entry.as_str(), head.expose()),
            None => backend.remove(entry.as_str()),
        };
        if let Err(refusal) = outcome {
            tracing::warn!(%entry, %refusal, "the old value could not be put back");
        }
    }

    /// Removes the parts of a generation from the last to the first, so that an interrupted sweep can be taken up
    /// again; where one was removed by somebody else, the entry knows of those behind it.
    fn sweep(&self, backend: &dyn Backend, entry: &EntryName, generation: char) -> Result<(), Refusal> {
        let mut count = 0;
        while count < LARGEST && is_there(backend, &part_name(entry, generation, count))? {
            count += 1;
        }
        if let Some((_, known)) = self.parts.filter(|(in_use, _)| *in_use == generation) {
            let most = LARGEST.div_ceil(backend.limit().saturating_sub(1).max(1));
            count = count.max(known.min(most));
        }
        for index in (0..count).rev() {
            backend.remove(&part_name(entry, generation, index))?;
        }
        Ok(())
    }
}

fn is_there(backend: &dyn Backend, name: &str) -> Result<bool, Refusal> {
    match backend.get(name) {
        Err(Refusal::Unreadable(_)) => Ok(true),
        answer => Ok(answer?.is_some()),
    }
}

enum Head<'a> {
    Whole(&'a str),
    Parts { generation: char, count: usize, digest: &'a str },
}

impl<'a> Head<'a> {
    fn parse(text: &'a str) -> Result<Self, Refusal> {
        const FOREIGN: Refusal = Refusal::Unreadable("it was not written by Gatepass");
        if let Some(value) = text.strip_prefix('=') {
            return Ok(Self::Whole(value));
        }
        let mut fields = text.strip_prefix('#').ok_or(FOREIGN)?.splitn(3, ':');
        let (Some(generation), Some(count), Some(digest)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(FOREIGN);
        };
        let generation = GENERATIONS.into_iter().find(|known| generation.chars().eq([*known])).ok_or(FOREIGN)?;
        let count = count.parse().ok().filter(|count| (1..=LARGEST).contains(count)).ok_or(FOREIGN)?;
        Ok(Self::Parts { generation, count, digest })
    }
}

fn part_name(entry: &EntryName, generation: char, index: usize) -> String {
    format!("{entry}#{generation}.{index}")
}

/// Cuts a value into parts of at most `limit` UTF-16 characters, never through a character.
fn split(value: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (index, character) in value.char_indices() {
        if length + character.len_utf16() > limit && index > start {
            parts.push(&value[start..index]);
            (start, length) = (index, 0);
        }
        length += character.len_utf16();
    }
    parts.push(&value[start..]);
    parts
}

fn digest_of(value: &str) -> String {
    Sha256::digest(value.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
