//! The test vectors of RFC 6287, appendix C.

use super::{Input, Suite};

const KEY_20: &[u8] = b"12345678901234567890";
const KEY_32: &[u8] = b"12345678901234567890123456789012";
const KEY_64: &[u8] = b"1234567890123456789012345678901234567890123456789012345678901234";
/// Time steps of a minute: 0x132d0b6 of them.
const TIME_S: u64 = 0x132_d0b6 * 60;

fn check(suite: &str, key: &[u8], expected: &[(&str, &str)], more: impl Fn(usize) -> Input<'static>) {
    let suite: Suite = suite.parse().unwrap();
    for (place, (question, response)) in expected.iter().enumerate() {
        let input = Input { question, ..more(place) };
        assert_eq!(suite.response(key, &input).unwrap(), *response, "{question}");
    }
}

#[test]
fn one_way_sha1() {
    let expected = [
        ("00000000", "237653"),
        ("11111111", "243178"),
        ("22222222", "653583"),
        ("33333333", "740991"),
        ("44444444", "608993"),
        ("55555555", "388898"),
        ("66666666", "816933"),
        ("77777777", "224598"),
        ("88888888", "750600"),
        ("99999999", "294470"),
    ];
    check("OCRA-1:HOTP-SHA1-6:QN08", KEY_20, &expected, |_| Input::default());
}

#[test]
fn one_way_sha256_with_counter_and_pin() {
    let responses = [
        "65347737", "86775851", "78192410", "71565254", "10104329", "65983500", "70069104", "91771096", "75011558",
        "08522129",
    ];
    check("OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1", KEY_32, &responses.map(|r| ("12345678", r)), |place| Input {
        counter: Some(place as u64),
        pin: Some(b"1234"),
        ..Input::default()
    });
}

#[test]
fn one_way_sha256_with_pin() {
    let expected = [
        ("00000000", "83238735"),
        ("11111111", "01501458"),
        ("22222222", "17957585"),
        ("33333333", "86776967"),
        ("44444444", "86807031"),
    ];
    let more = |_| Input { pin: Some(b"1234"), ..Input::default() };
    check("OCRA-1:HOTP-SHA256-8:QN08-PSHA1", KEY_32, &expected, more);
}

#[test]
fn one_way_sha512_with_counter() {
    let expected = [
        ("00000000", "07016083"),
        ("11111111", "63947962"),
        ("22222222", "70123924"),
        ("33333333", "25341727"),
        ("44444444", "33203315"),
        ("55555555", "34205738"),
        ("66666666", "44343969"),
        ("77777777", "51946085"),
        ("88888888", "20403879"),
        ("99999999", "31409299"),
    ];
    let more = |place| Input { counter: Some(place as u64), ..Input::default() };
    check("OCRA-1:HOTP-SHA512-8:C-QN08", KEY_64, &expected, more);
}

#[test]
fn one_way_sha512_with_time() {
    let expected = [
        ("00000000", "95209754"),
        ("11111111", "55907591"),
        ("22222222", "22048402"),
        ("33333333", "24218844"),
        ("44444444", "36209546"),
    ];
    let more = |_| Input { unix_s: Some(TIME_S), ..Input::default() };
    check("OCRA-1:HOTP-SHA512-8:QN08-T1M", KEY_64, &expected, more);
}

#[test]
fn mutual() {
    let server = [
        ("CLI22220SRV11110", "28247970"),
        ("CLI22221SRV11111", "01984843"),
        ("CLI22222SRV11112", "65387857"),
        ("CLI22223SRV11113", "03351211"),
        ("CLI22224SRV11114", "83412541"),
    ];
    let client = [
        ("SRV11110CLI22220", "15510767"),
        ("SRV11111CLI22221", "90175646"),
        ("SRV11112CLI22222", "33777207"),
        ("SRV11113CLI22223", "95285278"),
        ("SRV11114CLI22224", "28934924"),
    ];
    check("OCRA-1:HOTP-SHA256-8:QA08", KEY_32, &server, |_| Input::default());
    check("OCRA-1:HOTP-SHA256-8:QA08", KEY_32, &client, |_| Input::default());
}

#[test]
fn plain_signatures() {
    let plain = [
        ("SIG10000", "53095496"),
        ("SIG11000", "04110475"),
        ("SIG12000", "31331128"),
        ("SIG13000", "76028668"),
        ("SIG14000", "46554205"),
    ];
    check("OCRA-1:HOTP-SHA256-8:QA08", KEY_32, &plain, |_| Input::default());
    let timed = [
        ("SIG1000000", "77537423"),
        ("SIG1100000", "31970405"),
        ("SIG1200000", "10235557"),
        ("SIG1300000", "95213541"),
        ("SIG1400000", "65360607"),
    ];
    let more = |_| Input { unix_s: Some(TIME_S), ..Input::default() };
    check("OCRA-1:HOTP-SHA512-8:QA10-T1M", KEY_64, &timed, more);
}
