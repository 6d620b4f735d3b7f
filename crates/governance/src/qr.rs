mod read;

pub use read::{Seen, codes};

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around the code, as the standard wants them (ISO/IEC 18004).
const QUIET: i32 = 4;

/// A text as a QR code.
#[derive(Clone, PartialEq, Eq)]
pub struct Qr(QrCode);

/// A text that no QR code holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} bytes do not fit into a QR code; carry them as a file or by paste")]
pub struct TooLong(usize);

impl Qr {
    /// The smallest one, with the least error correction: it is read from a screen.
    ///
    /// # Errors
    /// When the text has more than 2,953 bytes.
    pub fn of(text: &str) -> Result<Self, TooLong> {
        QrCode::encode_text(text, QrCodeEcc::Low).map(Self).map_err(|_| TooLong(text.len()))
    }

    /// Its rows from the top, quiet zone included; true is dark.
    pub fn rows(&self) -> Vec<Vec<bool>> {
        let places = -QUIET..self.0.size() + QUIET;
        places.clone().map(|y| places.clone().map(|x| self.0.get_module(x, y)).collect()).collect()
    }

    /// For a terminal: two rows in one line, light modules drawn, so that it reads on a dark ground.
    pub fn in_blocks(&self) -> String {
        let rows = self.rows();
        let mut text = String::new();
        for pair in rows.chunks(2) {
            let below = pair.get(1);
            for (x, upper) in pair[0].iter().enumerate() {
                // Below an odd last row there is nothing, which is light.
                text.push(match (upper, below.is_some_and(|row| row[x])) {
                    (false, false) => '\u{2588}',
                    (false, true) => '\u{2580}',
                    (true, false) => '\u{2584}',
                    (true, true) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_has_its_finders_and_its_quiet_zone() {
        let rows = Qr::of("stillyou").unwrap().rows();
        assert!(rows.iter().all(|row| row.len() == rows.len()));
        let finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];
        for (y, line) in finder.iter().enumerate() {
            let seen: String = rows[y + 4][4..11].iter().map(|dark| if *dark { '1' } else { '0' }).collect();
            assert_eq!(seen, *line);
        }
        assert!(rows[..4].iter().flatten().all(|dark| !dark));
        assert!(Qr::of(&"x".repeat(3000)).is_err());
    }

    #[test]
    fn a_terminal_shows_two_rows_a_line() {
        let code = Qr::of("stillyou").unwrap();
        let text = code.in_blocks();
        assert_eq!(text.lines().count(), code.rows().len().div_ceil(2));
        // The upper left finder begins in the fifth row: dark above, the finder's light ring below.
        let fifth = text.lines().nth(2).unwrap();
        assert!(
            fifth.starts_with("\u{2588}\u{2588}\u{2588}\u{2588} \u{2584}\u{2584}\u{2584}\u{2584}\u{2584} "),
            "{fifth}"
        );
    }
}
