use std::collections::BTreeMap;
use std::sync::Mutex;

use super::*;

/// What a store does from some moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It refuses everything, as if it were locked.
    Locked,
    /// It refuses everything, and the process ends.
    Killed,
    /// It refuses one call.
    Fails,
    /// It carries one call out and reports a failure all the same.
    FailsAfterwards,
}

/// A store of small entries, whose mood can change at any call.
pub struct Store {
    /// `None` is what is no text.
    values: Mutex<BTreeMap<String, Option<String>>>,
    turn: Mutex<Option<(usize, Mood)>>,
    struck: Mutex<bool>,
    room: Mutex<Option<usize>>,
    longest: Mutex<usize>,
    forgets: Mutex<bool>,
    echoes: Mutex<bool>,
    limit: usize,
}

impl Store {
    pub fn new(limit: usize) -> Self {
        Self {
            values: Mutex::default(),
            turn: Mutex::default(),
            struck: Mutex::default(),
            room: Mutex::default(),
            longest: Mutex::new(usize::MAX),
            forgets: Mutex::default(),
            echoes: Mutex::default(),
            limit,
        }
    }

    /// Lets so many more calls through before the mood turns.
    pub fn turns(&self, calls: usize, mood: Mood) {
        *self.turn.lock().unwrap() = Some((calls, mood));
    }

    /// Tells whether the mood had its effect, and ends it.
    pub fn recovers(&self) -> bool {
        *self.turn.lock().unwrap() = None;
        std::mem::take(&mut self.struck.lock().unwrap())
    }

    /// Takes no more than so many UTF-16 characters, all entries together; `None` takes any number.
    pub fn has_room_for(&self, characters: Option<usize>) {
        *self.room.lock().unwrap() = characters;
    }

    /// Cuts what is longer, and says that all is well.
    pub fn cuts_at(&self, characters: usize) {
        *self.longest.lock().unwrap() = characters;
    }

    /// Keeps nothing, and says that all is well.
    pub fn forgets(&self) {
        *self.forgets.lock().unwrap() = true;
    }

    /// Answers every question with one and the same value.
    pub fn echoes(&self) {
        *self.echoes.lock().unwrap() = true;
    }

    /// Another program writes; `None` is what is no text.
    pub fn put(&self, name: &str, value: Option<&str>) {
        self.values.lock().unwrap().insert(name.to_owned(), value.map(str::to_owned));
    }

    /// Another program removes what is there.
    pub fn take(&self, name: &str) -> String {
        self.values.lock().unwrap().remove(name).unwrap().unwrap()
    }

    pub fn content(&self) -> BTreeMap<String, Option<String>> {
        self.values.lock().unwrap().clone()
    }

    pub fn names(&self) -> Vec<String> {
        self.content().into_keys().collect()
    }

    /// Carries a call out as the mood of the moment has it.
    fn call<T>(&self, work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut turn = self.turn.lock().unwrap();
        let Some((calls, mood)) = turn.as_mut() else { return work() };
        if *calls > 0 {
            *calls -= 1;
            return work();
        }
        *self.struck.lock().unwrap() = true;
        let mood = *mood;
        if matches!(mood, Mood::Fails | Mood::FailsAfterwards) {
            *turn = None;
        }
        match mood {
            Mood::Locked => Err(Refusal::Locked("the test wants it so".into())),
            Mood::Killed | Mood::Fails => Err(Refusal::Failed("the test wants it so".into())),
            Mood::FailsAfterwards => work().and(Err(Refusal::Failed("the test wants it so".into()))),
        }
    }
}

impl Backend for Store {
    fn get(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        self.call(|| match self.values.lock().unwrap().get(name) {
            Some(Some(value)) => Ok(Some(Secret::new(value))),
            Some(None) => Err(Refusal::Unreadable("it is not text")),
            None => Ok(self.echoes.lock().unwrap().then(|| Secret::new("=echo"))),
        })
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Refusal> {
        self.call(|| {
            let head = value.starts_with('#');
            assert!(head || value.encode_utf16().count() <= self.limit, "a value over the limit reached the store");
            let mut values = self.values.lock().unwrap();
            if let Some(room) = *self.room.lock().unwrap() {
                let others = values.iter().filter(|(other, _)| *other != name);
                let texts = others.filter_map(|(_, value)| value.as_deref()).chain([value]);
                if texts.map(|text| text.encode_utf16().count()).sum::<usize>() > room {
                    return Err(Refusal::Failed("no space left".into()));
                }
            }
            if !*self.forgets.lock().unwrap() {
                let kept = value.chars().take(*self.longest.lock().unwrap()).collect();
                values.insert(name.to_owned(), Some(kept));
            }
            Ok(())
        })
    }

    fn remove(&self, name: &str) -> Result<(), Refusal> {
        self.call(|| {
            self.values.lock().unwrap().remove(name);
            Ok(())
        })
    }

    fn limit(&self) -> usize {
        self.limit
    }
}
