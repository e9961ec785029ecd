//! What differs between a file as it was read and as it shall be, in terms of the file's own tree.
//!
//! Three sides: the file, the value that its model comes to, and the value of the changed model. Only what differs
//! between the latter two is touched, so what the model does not know stays in the file.

use std::rc::Rc;

use super::node::{Kind, Node};
use super::value::Value;

/// What becomes of a node.
#[derive(Debug)]
pub enum Change<'a> {
    /// It stays as it is.
    Keep(&'a Node),
    /// A new value takes its place.
    Replace(Value),
    /// Its entries become these; the rest goes.
    Mapping(&'a Node, Vec<EntryStep<'a>>),
    /// Its items become these; the rest goes.
    Sequence(Vec<ItemStep<'a>>),
}

/// An entry of the mapping to be.
#[derive(Debug)]
pub enum EntryStep<'a> {
    /// The entry at this index in the file.
    Old(usize, Change<'a>),
    /// A new one.
    New(String, Value),
}

/// An item of the sequence to be.
#[derive(Debug)]
pub enum ItemStep<'a> {
    /// The item at this index in the file.
    Old(usize, Change<'a>),
    /// A new one.
    New(Value),
}

impl Change<'_> {
    /// The value that the node comes to; `None` where aliases make it too large.
    pub fn value(&self) -> Option<Value> {
        Some(match self {
            Self::Keep(node) => node.value()?,
            Self::Replace(value) => value.clone(),
            Self::Mapping(node, steps) => Value::Mapping(
                steps
                    .iter()
                    .map(|step| match step {
                        EntryStep::Old(index, change) => {
                            Some((node.entries().get(*index)?.key.clone(), change.value()?))
                        }
                        EntryStep::New(key, value) => Some((key.clone(), value.clone())),
                    })
                    .collect::<Option<_>>()?,
            ),
            Self::Sequence(steps) => Value::Sequence(
                steps
                    .iter()
                    .map(|step| match step {
                        ItemStep::Old(_, change) => change.value(),
                        ItemStep::New(value) => Some(value.clone()),
                    })
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// Tells whether the file stays as it is.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep(_))
    }
}

/// Finds what becomes of a node when its model goes from `base` to `wanted`.
pub fn merge<'a>(node: &'a Node, base: &Value, wanted: &Value) -> Change<'a> {
    if base == wanted {
        return Change::Keep(node);
    }
    if let Some(change) = through_lens(node, base, wanted) {
        return change;
    }
    match (&node.kind, base, wanted) {
        (Kind::Mapping { .. }, Value::Mapping(base), Value::Mapping(wanted)) => merge_entries(node, base, wanted),
        (Kind::Sequence { items, .. }, Value::Sequence(base), Value::Sequence(wanted)) if items.len() == base.len() => {
            merge_items(items, base, wanted)
        }
        _ => Change::Replace(wanted.clone().pruned()),
    }
}

/// Finds the item of a list of variants that counts: the one that is `selected`, else the first.
pub fn selected(items: &[Rc<Node>]) -> Option<usize> {
    items.iter().position(|item| item.get("selected").and_then(Node::flag) == Some(true)).or(if items.is_empty() {
        None
    } else {
        Some(0)
    })
}

/// The format lets some values stand deeper than the model has them: `{type, data}`, `{content, type}`, variants.
fn through_lens<'a>(node: &'a Node, base: &Value, wanted: &Value) -> Option<Change<'a>> {
    let both_text = matches!((base, wanted), (Value::Text(_), Value::Text(_)));
    match &node.kind {
        Kind::Mapping { .. } if both_text => ["data", "content"]
            .into_iter()
            .find(|key| node.get(key).is_some())
            .and_then(|key| into(node, key, base, wanted)),
        Kind::Sequence { items, .. } => {
            let index = selected(items)?;
            let item = items[index].target();
            let change = match (base, wanted) {
                (Value::Sequence(base), Value::Sequence(wanted)) => {
                    let (true, [base], [wanted]) = (items.len() > 1, base.as_slice(), wanted.as_slice()) else {
                        return None;
                    };
                    item.get("selected")?;
                    merge(&items[index], base, wanted)
                }
                (Value::Sequence(_), _) | (_, Value::Sequence(_)) => return None,
                _ => {
                    let key = ["body", "value"].into_iter().find(|key| item.get(key).is_some())?;
                    into(&items[index], key, base, wanted)?
                }
            };
            let mut change = Some(change);
            let steps = items
                .iter()
                .enumerate()
                .map(|(at, item)| {
                    let change = if at == index { change.take() } else { None };
                    ItemStep::Old(at, change.unwrap_or(Change::Keep(item)))
                })
                .collect();
            Some(Change::Sequence(steps))
        }
        _ => None,
    }
}

/// A change of one entry only.
fn into<'a>(node: &'a Node, key: &str, base: &Value, wanted: &Value) -> Option<Change<'a>> {
    let Kind::Mapping { entries, .. } = &node.kind else { return None };
    let steps = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let change = if entry.key == key { merge(&entry.value, base, wanted) } else { Change::Keep(&entry.value) };
            EntryStep::Old(index, change)
        })
        .collect();
    Some(Change::Mapping(node, steps))
}

fn merge_entries<'a>(node: &'a Node, base: &[(String, Value)], wanted: &[(String, Value)]) -> Change<'a> {
    let find =
        |side: &[(String, Value)], key: &str| side.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
    let mut keys = Vec::new();
    let mut steps = Vec::new();
    for (index, entry) in node.entries().iter().enumerate() {
        let change = match (find(base, &entry.key), find(wanted, &entry.key)) {
            (Some(_), None) => continue,
            (None, None) => Change::Keep(&entry.value),
            (Some(base), Some(wanted)) => merge(&entry.value, &base, &wanted),
            (None, Some(wanted)) => overlay(&entry.value, &wanted),
        };
        if matches!(&change, Change::Replace(Value::Mapping(left)) if left.is_empty()) {
            continue;
        }
        keys.push(entry.key.as_str());
        steps.push(EntryStep::Old(index, change));
    }
    for (place, (key, value)) in wanted.iter().enumerate() {
        let is_in_file = node.entries().iter().any(|entry| entry.key == *key);
        let is_default = base.iter().any(|(name, old)| name == key && old == value);
        let value = value.clone().pruned();
        let is_empty = matches!(&value, Value::Mapping(entries) if entries.is_empty());
        if is_in_file || is_default || is_empty {
            continue;
        }
        let position = |key: &str| keys.iter().position(|name| *name == key);
        let behind = wanted[..place].iter().rev().find_map(|(key, _)| position(key)).map(|index| index + 1);
        let before = || wanted[place + 1..].iter().find_map(|(key, _)| position(key));
        let at = behind.or_else(before).unwrap_or(keys.len());
        keys.insert(at, key);
        steps.insert(at, EntryStep::New(key.clone(), value));
    }
    if steps.is_empty() {
        return Change::Replace(Value::Mapping(Vec::new()));
    }
    let untouched = steps.len() == node.entries().len()
        && steps.iter().all(|step| matches!(step, EntryStep::Old(_, change) if change.is_keep()));
    if untouched { Change::Keep(node) } else { Change::Mapping(node, steps) }
}

/// Lays a value over a node that the model does not know.
fn overlay<'a>(node: &'a Node, wanted: &Value) -> Change<'a> {
    match (&node.kind, wanted) {
        (Kind::Mapping { .. }, Value::Mapping(wanted)) => merge_entries(node, &[], wanted),
        _ if node.value().is_some_and(|value| value.same(wanted)) => Change::Keep(node),
        _ => Change::Replace(wanted.clone().pruned()),
    }
}

fn merge_items<'a>(items: &'a [Rc<Node>], base: &[Value], wanted: &[Value]) -> Change<'a> {
    if wanted.is_empty() {
        return Change::Replace(Value::Sequence(Vec::new()));
    }
    let steps = pair(base, wanted)
        .into_iter()
        .zip(wanted)
        .map(|(old, wanted)| match old {
            Some(index) => ItemStep::Old(index, merge(&items[index], &base[index], wanted)),
            None => ItemStep::New(wanted.clone().pruned()),
        })
        .collect();
    Change::Sequence(steps)
}

/// Finds for each wanted item the one that it comes from: the same in the same order, the same elsewhere, one of the
/// same name, the one at the same place.
fn pair(base: &[Value], wanted: &[Value]) -> Vec<Option<usize>> {
    let mut pairs = longest_common(base, wanted);
    let mut taken = vec![false; base.len()];
    for index in pairs.iter().flatten() {
        taken[*index] = true;
    }
    let name = |value: &Value| value.get("name").cloned();
    let mut find = |fits: &dyn Fn(usize, usize, Option<usize>) -> bool| {
        for to in 0..wanted.len() {
            let before = to.checked_sub(1).and_then(|before| pairs[before]);
            if pairs[to].is_none()
                && let Some(from) = (0..base.len()).find(|&from| !taken[from] && fits(from, to, before))
            {
                taken[from] = true;
                pairs[to] = Some(from);
            }
        }
    };
    find(&|from, to, _| base[from] == wanted[to]);
    find(&|from, to, _| name(&base[from]).is_some() && name(&base[from]) == name(&wanted[to]));
    find(&|from, to, before| before.map_or(to == 0 && from == 0, |before| before + 1 == from));
    pairs
}

fn longest_common(base: &[Value], wanted: &[Value]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; wanted.len()];
    let head = base.iter().zip(wanted).take_while(|(one, two)| one == two).count();
    let tail = base[head..].iter().rev().zip(wanted[head..].iter().rev()).take_while(|(one, two)| one == two).count();
    for (index, pair) in pairs.iter_mut().enumerate().take(head) {
        *pair = Some(index);
    }
    for offset in 1..=tail {
        pairs[wanted.len() - offset] = Some(base.len() - offset);
    }
    let (old, new) = (&base[head..base.len() - tail], &wanted[head..wanted.len() - tail]);
    // Past this size the table would cost more than a smaller diff is worth.
    if old.len().saturating_mul(new.len()) > 4_000_000 {
        return pairs;
    }
    let mut lengths = vec![vec![0u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] =
                if old[i] == new[j] { lengths[i + 1][j + 1] + 1 } else { lengths[i + 1][j].max(lengths[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs[head + j] = Some(head + i);
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
