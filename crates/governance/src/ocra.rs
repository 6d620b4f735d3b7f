//! OCRA, the OATH challenge-response algorithm (RFC 6287).

mod decimal;
mod suite;
#[cfg(test)]
mod vectors;

pub use suite::{BadSuite, Hash, Question, Suite};

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// Bytes that a question takes, whatever its length.
const QUESTION_BYTES: usize = 128;

/// What goes into a response: exactly what the suite asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// Both sides' count of responses.
    pub counter: Option<u64>,
    /// The challenge.
    pub question: &'a str,
    /// A PIN or pass-phrase; its hash goes in.
    pub pin: Option<&'a [u8]>,
    /// What else the response is bound to, at most as many bytes as the suite says.
    pub session: Option<&'a [u8]>,
    /// Seconds since 1970; the time step goes in.
    pub unix_s: Option<u64>,
}

/// An input that does not fit its suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadInput {
    /// Given and not asked for, or asked for and not given.
    #[error("the suite and the input don't agree on the {0}")]
    Mismatch(&'static str),
    /// The question has letters that its format does not.
    #[error("the question is not of the suite's format, or over {QUESTION_BYTES} characters")]
    Question,
    /// Longer than the suite says.
    #[error("the session information is longer than the suite's {0} bytes")]
    Session(u16),
}

impl Suite {
    /// The response to `input` under a shared key: as many decimal digits as the suite says, or hexadecimal where it says none.
    ///
    /// # Errors
    /// When the input is not what the suite asks for.
    pub fn response(&self, key: &[u8], input: &Input<'_>) -> Result<String, BadInput> {
        let data = self.data(input)?;
        let hash = match self.hash {
            Hash::Sha1 => mac::<Hmac<Sha1>>(key, &data),
            Hash::Sha256 => mac::<Hmac<Sha256>>(key, &data),
            Hash::Sha512 => mac::<Hmac<Sha512>>(key, &data),
        };
        if self.digits == 0 {
            return Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        // RFC 4226, section 5.3.
        let offset = usize::from(hash[hash.len() - 1] & 0xf);
        let four = &hash[offset..offset + 4];
        let number = u64::from(u32::from_be_bytes([four[0] & 0x7f, four[1], four[2], four[3]]));
        let width = self.digits as usize;
        Ok(format!("{:0width$}", number % 10u64.pow(self.digits)))
    }

    /// `OCRASuite | 00 | C | Q | P | S | T`: section 5.1.
    fn data(&self, input: &Input<'_>) -> Result<Vec<u8>, BadInput> {
        let given = [
            ("counter", self.counter, input.counter.is_some()),
            ("PIN", self.pin.is_some(), input.pin.is_some()),
            ("session information", self.session.is_some(), input.session.is_some()),
            ("time", self.step_s.is_some(), input.unix_s.is_some()),
        ];
        if let Some((what, ..)) = given.into_iter().find(|(_, asked, given)| asked != given) {
            return Err(BadInput::Mismatch(what));
        }
        let mut data = self.text.clone().into_bytes();
        data.push(0);
        if let Some(counter) = input.counter {
            data.extend(counter.to_be_bytes());
        }
        data.extend(self.question(input.question)?);
        if let (Some(hash), Some(pin)) = (self.pin, input.pin) {
            match hash {
                Hash::Sha1 => data.extend(Sha1::digest(pin)),
                Hash::Sha256 => data.extend(Sha256::digest(pin)),
                Hash::Sha512 => data.extend(Sha512::digest(pin)),
            }
        }
        if let (Some(length), Some(session)) = (self.session, input.session) {
            let room = usize::from(length).checked_sub(session.len()).ok_or(BadInput::Session(length))?;
            data.extend(std::iter::repeat_n(0, room));
            data.extend(session);
        }
        if let (Some(step), Some(now)) = (self.step_s, input.unix_s) {
            data.extend((now / step).to_be_bytes());
        }
        Ok(data)
    }

    /// The question in 128 bytes, filled up with zeros behind.
    fn question(&self, text: &str) -> Result<Vec<u8>, BadInput> {
        let all =
            |good: fn(&u8) -> bool| !text.is_empty() && text.len() <= QUESTION_BYTES && text.bytes().all(|b| good(&b));
        let mut bytes = match self.question {
            Question::Alphanumeric if all(u8::is_ascii_alphanumeric) => text.as_bytes().to_vec(),
            Question::Numeric if all(u8::is_ascii_digit) => nibbles(&decimal::to_hex(text)),
            Question::Hexadecimal if all(u8::is_ascii_hexdigit) => nibbles(text),
            _ => return Err(BadInput::Question),
        };
        bytes.resize(QUESTION_BYTES, 0);
        Ok(bytes)
    }
}

/// Hexadecimal digits as bytes; an odd one is the high half of the last.
fn nibbles(hex: &str) -> Vec<u8> {
    let value = |c: &u8| (*c as char).to_digit(16).unwrap_or(0) as u8;
    hex.as_bytes().chunks(2).map(|pair| value(&pair[0]) << 4 | pair.get(1).map_or(0, value)).collect()
}

fn mac<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mac) = <M as KeyInit>::new_from_slice(key) else { unreachable!("HMAC takes keys of any length") };
    mac.chain_update(data).finalize().into_bytes().to_vec()
}
