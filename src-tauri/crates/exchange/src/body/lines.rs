use std::io::{self, Read};

use memchr::memmem::Finder;

use super::store::{Reader, Store};
use super::{LONGEST_LINE, Matches};

const BLOCK: usize = 64 * 1024;

pub(super) fn read(store: &Store, from: u32, count: u32, max_bytes: usize) -> io::Result<Vec<u8>> {
    let last = store.line_count().min(from.saturating_add(count));
    let (place, mut line) = store.place_before(from);
    let mut scanner = Scanner::new(store.reader(place));
    while line < from.min(last) {
        scanner.line(0)?;
        line += 1;
    }
    let mut lines = Vec::new();
    while line < last && (line == from || lines.len() < max_bytes) {
        if line > from {
            lines.push(b'\n');
        }
        let (text, left_out) = scanner.line(LONGEST_LINE)?;
        append(&mut lines, text, left_out);
        line += 1;
    }
    Ok(lines)
}

pub(super) fn find(store: &Store, text: &str, limit: u32) -> io::Result<Matches> {
    let wanted = text.to_ascii_lowercase();
    let finder = Finder::new(wanted.as_bytes());
    let mut matches = Matches::default();
    if wanted.is_empty() {
        return Ok(matches);
    }
    let mut reader = store.reader(0);
    let mut window = Vec::new();
    let mut line: u32 = 0;
    loop {
        let kept = window.len();
        let read = reader.by_ref().take(BLOCK as u64).read_to_end(&mut window)?;
        if read == 0 {
            return Ok(matches);
        }
        window[kept..].make_ascii_lowercase();
        let mut counted_to = 0;
        for at in finder.find_iter(&window) {
            line += breaks(&window[counted_to..at]);
            counted_to = at;
            if matches.lines.last() != Some(&line) {
                if matches.lines.len() >= limit as usize {
                    matches.more = true;
                    return Ok(matches);
                }
                matches.lines.push(line);
            }
        }
        // A match across two blocks begins in the last bytes of the first, one fewer than the text has.
        let keep_from = window.len().saturating_sub(wanted.len() - 1).max(counted_to);
        line += breaks(&window[counted_to..keep_from]);
        window.drain(..keep_from);
    }
}

fn breaks(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

fn append(lines: &mut Vec<u8>, text: &[u8], left_out: u64) {
    let text = if left_out > 0 { whole_characters(text) } else { text.strip_suffix(b"\r").unwrap_or(text) };
    match std::str::from_utf8(text) {
        Ok(_) => lines.extend_from_slice(text),
        Err(_) => lines.extend_from_slice(String::from_utf8_lossy(text).as_bytes()),
    }
    if left_out > 0 {
        lines.extend_from_slice(format!(" … {left_out} more bytes").as_bytes());
    }
}

/// Leaves out a character that the cut went through.
fn whole_characters(text: &[u8]) -> &[u8] {
    match std::str::from_utf8(text) {
        Err(error) if error.error_len().is_none() => &text[..error.valid_up_to()],
        _ => text,
    }
}

/// Walks over lines without ever holding a whole long one.
struct Scanner<'s> {
    reader: Reader<'s>,
    block: Vec<u8>,
    at: usize,
    line: Vec<u8>,
}

impl<'s> Scanner<'s> {
    fn new(reader: Reader<'s>) -> Self {
        Self { reader, block: Vec::new(), at: 0, line: Vec::new() }
    }

    /// Gives the beginning of the next line, at most `keep` bytes, and how many bytes of it were left out.
    fn line(&mut self, keep: usize) -> io::Result<(&[u8], u64)> {
        self.line.clear();
        let mut left_out = 0;
        loop {
            if self.at == self.block.len() {
                self.block.resize(BLOCK, 0);
                let read = self.reader.read(&mut self.block)?;
                self.block.truncate(read);
                self.at = 0;
                if read == 0 {
                    return Ok((&self.line, left_out));
                }
            }
            let rest = &self.block[self.at..];
            let end = memchr::memchr(b'\n', rest);
            let piece = &rest[..end.unwrap_or(rest.len())];
            let taken = piece.len().min(keep - self.line.len());
            self.line.extend_from_slice(&piece[..taken]);
            left_out += (piece.len() - taken) as u64;
            self.at += piece.len() + usize::from(end.is_some());
            if end.is_some() {
                return Ok((&self.line, left_out));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::body::cache::Cache;
    use crate::body::store::StoreWriter;

    fn store(bytes: &[u8], piece: usize) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Arc::new(Cache::open(folder.path(), 1 << 30).unwrap());
        let mut writer = StoreWriter::new(&cache);
        for piece in bytes.chunks(piece.max(1)) {
            writer.write(piece).unwrap();
        }
        (folder, writer.finish().unwrap())
    }

    fn text(store: &Store, from: u32, count: u32) -> String {
        String::from_utf8(read(store, from, count, usize::MAX).unwrap()).unwrap()
    }

    #[test]
    fn a_line_of_twenty_megabytes_never_reaches_the_window_whole() {
        let body = format!("first\n{}\nthird", "é".repeat(10_000_000));
        let (_folder, store) = store(body.as_bytes(), 100_000);
        assert_eq!(store.line_count(), 3);
        let second = text(&store, 1, 1);
        assert!(second.len() < LONGEST_LINE + 40);
        assert!(second.ends_with("é … 19980000 more bytes"), "{}", &second[second.len() - 40..]);
        assert_eq!(text(&store, 2, 9), "third");
    }

    #[test]
    fn a_carriage_return_is_not_part_of_the_line_and_wrong_bytes_are_marked() {
        let (_folder, store) = store(b"a\r\n\xff\r\n", 1);
        assert_eq!(text(&store, 0, 9), "a\n\u{fffd}");
    }

    #[test]
    fn the_byte_limit_ends_the_answer_after_a_whole_line() {
        let (_folder, store) = store(b"aaaa\nbbbb\ncccc", 99);
        assert_eq!(read(&store, 0, 3, 6).unwrap(), b"aaaa\nbbbb");
        assert_eq!(read(&store, 0, 3, 0).unwrap(), b"aaaa");
        assert_eq!(read(&store, 7, 3, 99).unwrap(), b"");
    }

    #[test]
    fn a_text_is_found_across_blocks_and_each_line_told_once() {
        let mut body = vec![b'x'; BLOCK - 3];
        body.extend_from_slice(b"NeEdle needle\n\nneedle");
        let (_folder, store) = store(&body, 1000);
        assert_eq!(find(&store, "needle", 10).unwrap(), Matches { lines: vec![0, 2], more: false });
        assert_eq!(find(&store, "NEEDLE", 1).unwrap(), Matches { lines: vec![0], more: true });
        assert_eq!(find(&store, "", 1).unwrap(), Matches::default());
    }

    proptest! {
        #[test]
        fn any_stretch_of_lines_is_what_splitting_gives(
            lines in proptest::collection::vec("[a-zé ]{0,6}", 0..400), from in 0u32..400, count in 0u32..400, piece in 1usize..50,
        ) {
            let body: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
            let (_folder, store) = store(body.as_bytes(), piece);
            prop_assert_eq!(store.line_count() as usize, lines.len());
            let expected: Vec<_> = lines.iter().skip(from as usize).take(count as usize).cloned().collect();
            prop_assert_eq!(text(&store, from, count), expected.join("\n"));
        }

        #[test]
        fn what_is_found_is_what_a_line_by_line_search_finds(
            lines in proptest::collection::vec("[abAB]{0,8}", 0..200), wanted in "[ab]{1,3}",
        ) {
            let (_folder, store) = store(lines.join("\n").as_bytes(), 7);
            let expected: Vec<u32> = lines.iter().enumerate()
                .filter(|(_, line)| line.to_lowercase().contains(&wanted))
                .map(|(number, _)| u32::try_from(number).unwrap())
                .collect();
            prop_assert_eq!(find(&store, &wanted, u32::MAX).unwrap().lines, expected);
        }
    }
}
