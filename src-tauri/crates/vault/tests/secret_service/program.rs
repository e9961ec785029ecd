//! Another program that speaks to the same Secret Service.

use std::collections::HashMap;

use zbus::blocking::Connection;
use zbus::blocking::fdo::DBusProxy;
use zbus::names::BusName;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use crate::opened::SERVICE;

const NAME: &str = "org.freedesktop.secrets";
const SECRETS: Option<&str> = Some(NAME);
const PATH: &str = "/org/freedesktop/secrets";
const SERVICE_INTERFACE: Option<&str> = Some("org.freedesktop.Secret.Service");
const COLLECTION_INTERFACE: Option<&str> = Some("org.freedesktop.Secret.Collection");
const ITEM_INTERFACE: Option<&str> = Some("org.freedesktop.Secret.Item");
/// The default keyring.
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

/// Waits until the service is on a bus that does not start it.
pub fn wait_for_service() {
    let bus = Connection::session().unwrap();
    let bus = DBusProxy::new(&bus).unwrap();
    let mut changes = bus.receive_name_owner_changed_with_args(&[(0, NAME)]).unwrap();
    while !bus.name_has_owner(BusName::try_from(NAME).unwrap()).unwrap() {
        changes.next().unwrap();
    }
}

/// The process that serves this bus.
pub fn service_process() -> String {
    let bus = Connection::session().unwrap();
    let bus = DBusProxy::new(&bus).unwrap();
    bus.get_connection_unix_process_id(BusName::try_from(NAME).unwrap()).unwrap().to_string()
}

type Wrapped = (OwnedObjectPath, Vec<u8>, Vec<u8>, &'static str);

pub struct Program {
    bus: Connection,
    session: OwnedObjectPath,
}

impl Program {
    pub fn new() -> Self {
        let bus = Connection::session().unwrap();
        let plain = ("plain", Value::from(""));
        let reply = bus.call_method(SECRETS, PATH, SERVICE_INTERFACE, "OpenSession", &plain).unwrap();
        let (_, session): (OwnedValue, OwnedObjectPath) = reply.body().deserialize().unwrap();
        Self { bus, session }
    }

    fn wrapped(&self, value: &[u8]) -> Wrapped {
        (self.session.clone(), Vec::new(), value.to_vec(), "text/plain")
    }

    /// Makes an item under the attributes of the vault's entry and some of its own.
    pub fn put(&self, name: &str, own: &[(&str, &str)], value: &[u8]) {
        let mut attributes = HashMap::from([("service", SERVICE), ("username", name)]);
        attributes.extend(own.iter().copied());
        let properties = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Value::from("of another program")),
            ("org.freedesktop.Secret.Item.Attributes", Value::from(attributes)),
        ]);
        let item = (properties, self.wrapped(value), true);
        self.bus.call_method(SECRETS, LOGIN, COLLECTION_INTERFACE, "CreateItem", &item).unwrap();
    }

    /// The values of all items that have the attributes of the vault's entry.
    pub fn values(&self, name: &str) -> Vec<Vec<u8>> {
        let items = self.items(&HashMap::from([("service", SERVICE), ("username", name)]));
        let value = |item| {
            let reply = self.bus.call_method(SECRETS, &item, ITEM_INTERFACE, "GetSecret", &(&self.session)).unwrap();
            let ((_, _, value, _),): ((OwnedObjectPath, Vec<u8>, Vec<u8>, String),) =
                reply.body().deserialize().unwrap();
            value
        };
        items.into_iter().map(value).collect()
    }

    /// The number of all items that the vault has here.
    pub fn count(&self) -> usize {
        self.items(&HashMap::from([("service", SERVICE)])).len()
    }

    /// Removes the items that have the attributes of the vault's entry and these.
    pub fn remove(&self, name: &str, own: &[(&str, &str)]) {
        let mut attributes = HashMap::from([("service", SERVICE), ("username", name)]);
        attributes.extend(own.iter().copied());
        let items = self.items(&attributes);
        assert!(!items.is_empty(), "there is no {name}");
        for item in items {
            self.bus.call_method(SECRETS, &item, ITEM_INTERFACE, "Delete", &()).unwrap();
        }
    }

    fn items(&self, attributes: &HashMap<&str, &str>) -> Vec<OwnedObjectPath> {
        let reply = self.bus.call_method(SECRETS, PATH, SERVICE_INTERFACE, "SearchItems", &(attributes)).unwrap();
        let (unlocked, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) = reply.body().deserialize().unwrap();
        unlocked.into_iter().chain(locked).collect()
    }

    /// Locks the keyring, as its own app does.
    pub fn lock(&self) {
        let login = OwnedObjectPath::try_from(LOGIN).unwrap();
        let reply = self.bus.call_method(SECRETS, PATH, SERVICE_INTERFACE, "Lock", &(vec![login.clone()])).unwrap();
        let (locked, _): (Vec<OwnedObjectPath>, OwnedObjectPath) = reply.body().deserialize().unwrap();
        assert_eq!(locked, [login]);
    }

    /// Unlocks the keyring as its prompt would, over the interface that it keeps for its own tests.
    pub fn unlock(&self) {
        let interface = Some("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface");
        let login = OwnedObjectPath::try_from(LOGIN).unwrap();
        let asked = (login, self.wrapped(b"pw"));
        self.bus.call_method(SECRETS, PATH, interface, "UnlockWithMasterPassword", &asked).unwrap();
    }

    /// Deletes the whole keyring.
    pub fn delete_keyring(&self) {
        self.bus.call_method(SECRETS, LOGIN, COLLECTION_INTERFACE, "Delete", &()).unwrap();
    }
}
