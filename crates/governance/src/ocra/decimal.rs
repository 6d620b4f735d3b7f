/// A decimal number of any length, digits only, in hexadecimal without leading zeros.
pub(super) fn to_hex(decimal: &str) -> String {
    let mut number: Vec<u32> = decimal.bytes().map(|b| u32::from(b.wrapping_sub(b'0'))).collect();
    let mut hex = Vec::new();
    // Division by 16, by hand: each remainder is the next digit from behind.
    while number.iter().any(|digit| *digit != 0) {
        let mut rest = 0;
        for digit in &mut number {
            let value = rest * 10 + *digit;
            (*digit, rest) = (value / 16, value % 16);
        }
        hex.extend(char::from_digit(rest, 16));
    }
    if hex.is_empty() { "0".into() } else { hex.iter().rev().collect() }
}

#[cfg(test)]
mod tests {
    use super::to_hex;

    #[test]
    fn it_is_the_same_number() {
        assert_eq!(to_hex("00000000"), "0");
        for number in [1u128, 15, 16, 255, 11_111_111, 99_999_999, u128::MAX] {
            assert_eq!(to_hex(&number.to_string()), format!("{number:x}"));
        }
    }
}
