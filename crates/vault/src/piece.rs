use base64ct::{Base64Unpadded, Encoding};
use zeroize::Zeroizing;

/// The most bytes that one credential can have on every system (Windows: `CRED_MAX_CREDENTIAL_BLOB_SIZE`).
pub const MAX_CREDENTIAL_BYTES: usize = 2_560;

/// Raw bytes per piece; as unpadded base64 they fill a credential.
pub const PIECE_BYTES: usize = MAX_CREDENTIAL_BYTES / 4 * 3;

/// `bytes` as the text that goes into one credential. Text, because KDE's wallet keeps nothing else.
pub fn encode(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(Base64Unpadded::encode_string(bytes))
}

/// The bytes of one credential's text; `None` when that is not base64 of a size that [`encode`] makes.
pub fn decode(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if text.len() > MAX_CREDENTIAL_BYTES {
        return None;
    }
    Base64Unpadded::decode_vec(std::str::from_utf8(text).ok()?).ok().map(Zeroizing::new)
}

/// Cuts sealed bytes into pieces, each at most [`PIECE_BYTES`] long.
pub fn cut(sealed: &[u8]) -> impl ExactSizeIterator<Item = &[u8]> {
    sealed.chunks(PIECE_BYTES)
}
