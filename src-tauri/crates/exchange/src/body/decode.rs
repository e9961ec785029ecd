use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, TryStreamExt, stream};
use http::header::CONTENT_ENCODING;
use tokio::io::{AsyncBufRead, AsyncReadExt, BufReader};
use tokio_util::io::StreamReader;

/// How much is decompressed at a time.
const BLOCK: usize = 32 * 1024;
/// How many encodings may lie over one another.
const MOST_LAYERS: usize = 4;

type Reader = Pin<Box<dyn AsyncBufRead + Send>>;

/// The content of an answer as it comes in, decompressed (RFC 9110 §8.4).
pub(crate) struct Incoming {
    source: Source,
    encoding: Option<String>,
    wire: Option<Arc<AtomicU64>>,
}

enum Source {
    Plain(reqwest::Response),
    Decoded(Reader),
    Ended,
}

/// Why a content broke off.
pub(crate) enum ReadError {
    /// The connection did.
    Connection(reqwest::Error),
    /// The bytes are not what `content-encoding` says.
    Encoding(io::Error),
}

impl Incoming {
    pub(crate) async fn new(mut response: reqwest::Response) -> Result<Self, ReadError> {
        let mut layers: Vec<String> = Vec::new();
        for field in response.headers().get_all(CONTENT_ENCODING) {
            let names = String::from_utf8_lossy(field.as_bytes()).to_ascii_lowercase();
            layers.extend(names.split(',').map(|name| name.trim().to_owned()));
        }
        layers.retain(|name| !name.is_empty() && name != "identity");
        let encoding = (!layers.is_empty()).then(|| layers.join(", "));
        let known = layers.iter().all(|name| matches!(name.as_str(), "gzip" | "x-gzip" | "br" | "zstd" | "deflate"));
        if layers.is_empty() || !known || layers.len() > MOST_LAYERS {
            return Ok(Self { source: Source::Plain(response), encoding, wire: None });
        }
        // An answer to HEAD names its encoding and has no bytes, which no decoder would accept.
        let Some(first) = response.chunk().await.map_err(ReadError::Connection)? else {
            return Ok(Self { source: Source::Ended, encoding, wire: None });
        };
        let is_zlib = matches!(first[..], [method, flags, ..]
            if method & 0x0f == 8 && (u16::from(method) * 256 + u16::from(flags)).is_multiple_of(31));
        let wire = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&wire);
        let bytes = stream::once(async { Ok(first) })
            .chain(response.bytes_stream())
            .inspect_ok(move |chunk| {
                counted.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            })
            .map_err(io::Error::other);
        let mut reader: Reader = Box::pin(StreamReader::new(bytes));
        for layer in layers.iter().rev() {
            reader = decoder(layer, is_zlib, reader);
        }
        Ok(Self { source: Source::Decoded(reader), encoding, wire: Some(wire) })
    }

    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, ReadError> {
        match &mut self.source {
            Source::Plain(response) => response.chunk().await.map_err(ReadError::Connection),
            Source::Ended => Ok(None),
            Source::Decoded(reader) => {
                let mut block = BytesMut::with_capacity(BLOCK);
                let read = reader.read_buf(&mut block).await.map_err(ReadError::of)?;
                Ok((read > 0).then(|| block.freeze()))
            }
        }
    }

    /// Gives the encodings named, joined by commas.
    pub(crate) fn encoding(&self) -> Option<String> {
        self.encoding.clone()
    }

    /// Gives how many bytes came over the wire, where they were decompressed.
    pub(crate) fn wire_bytes(&self) -> Option<u64> {
        self.wire.as_ref().map(|wire| wire.load(Ordering::Relaxed))
    }
}

impl ReadError {
    /// Tells the connection's failure, which comes wrapped through the decoders, from a decoder's own.
    fn of(error: io::Error) -> Self {
        if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<reqwest::Error>)
            && let Some(inner) = error.into_inner()
        {
            return match inner.downcast::<reqwest::Error>() {
                Ok(connection) => Self::Connection(*connection),
                Err(other) => Self::Encoding(io::Error::other(other)),
            };
        }
        Self::Encoding(io::Error::new(io::ErrorKind::InvalidData, "the bytes are damaged or cut off"))
    }
}

fn decoder(layer: &str, is_zlib: bool, inner: Reader) -> Reader {
    match layer {
        "br" => Box::pin(BufReader::new(BrotliDecoder::new(inner))),
        "zstd" => {
            let mut decoder = ZstdDecoder::new(inner);
            decoder.multiple_members(true);
            Box::pin(BufReader::new(decoder))
        }
        // Some servers send bare deflate (RFC 1951) where RFC 9110 §8.4.1.2 asks for zlib.
        "deflate" if is_zlib => Box::pin(BufReader::new(ZlibDecoder::new(inner))),
        "deflate" => Box::pin(BufReader::new(DeflateDecoder::new(inner))),
        _ => {
            let mut decoder = GzipDecoder::new(inner);
            decoder.multiple_members(true);
            Box::pin(BufReader::new(decoder))
        }
    }
}
