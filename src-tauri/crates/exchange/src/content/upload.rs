use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;
use http_body::{Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, Take};
use tokio_util::io::ReaderStream;

/// How much of a file is read at a time.
const BLOCK: usize = 64 * 1024;

/// A content on its way out: its length is known before the first byte.
pub(crate) struct Upload {
    segments: VecDeque<Segment>,
    left: u64,
}

pub(super) enum Segment {
    Bytes(Bytes),
    File(FileSegment),
}

pub(super) struct FileSegment {
    path: PathBuf,
    stream: ReaderStream<Take<File>>,
    left: u64,
}

impl FileSegment {
    pub(super) fn new(path: &Path, file: File, length: u64) -> Self {
        let stream = ReaderStream::with_capacity(file.take(length), BLOCK);
        Self { path: path.to_owned(), stream, left: length }
    }
}

impl Upload {
    pub(super) fn new(segments: impl IntoIterator<Item = Segment>) -> Self {
        let segments: VecDeque<_> = segments.into_iter().collect();
        let left = segments.iter().map(Segment::length).sum();
        Self { segments, left }
    }

    /// Gives the number of bytes still to come.
    pub(crate) fn length(&self) -> u64 {
        self.left
    }

    /// Hands the bytes over where they are all in memory already, which spares the stream.
    pub(crate) fn into_body(mut self) -> reqwest::Body {
        match (self.segments.len(), self.segments.front_mut()) {
            (1, Some(Segment::Bytes(bytes))) => reqwest::Body::from(std::mem::take(bytes)),
            _ => reqwest::Body::wrap(self),
        }
    }
}

impl Segment {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(file) => file.left,
        }
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, UploadError>>> {
        let file = match self {
            Self::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                return Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)));
            }
            Self::File(file) => file,
        };
        let failed = |source| UploadError { path: file.path.clone(), source };
        match ready!(Pin::new(&mut file.stream).poll_next(context)) {
            Some(Ok(bytes)) => {
                file.left = file.left.saturating_sub(bytes.len() as u64);
                Poll::Ready(Some(Ok(bytes)))
            }
            Some(Err(source)) => Poll::Ready(Some(Err(failed(source)))),
            None if file.left > 0 => {
                let shorter = io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter while it was sent");
                Poll::Ready(Some(Err(failed(shorter))))
            }
            None => Poll::Ready(None),
        }
    }
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = UploadError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UploadError>>> {
        let this = &mut *self;
        while let Some(segment) = this.segments.front_mut() {
            match ready!(segment.poll_next(context)) {
                Some(Ok(bytes)) => {
                    this.left = this.left.saturating_sub(bytes.len() as u64);
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Err(error)) => {
                    this.segments.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.segments.pop_front();
                }
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// A file could not be read on while it was sent.
#[derive(Debug, thiserror::Error)]
#[error("the file {} could not be read to its end", path.display())]
pub(crate) struct UploadError {
    pub(crate) path: PathBuf,
    #[source]
    pub(crate) source: io::Error,
}
