//! Which codes a webcam can read: codes drawn as a camera of 640x480 pixels would see them. Drawn, not taken: a real
//! lens distorts as well, and a real sensor sharpens.
#![allow(clippy::unwrap_used, reason = "tests")]

use stillyou_governance::{PART_BYTES, Qr, Seen, codes, in_parts};
use zeroize::Zeroizing;

const WIDTH: usize = 640;
const HEIGHT: usize = 480;

/// How a code is held, and what the camera makes of it.
#[derive(Clone, Copy, Debug)]
struct Shot {
    /// The code's side with its quiet zone, in pixels.
    side: f64,
    /// Turned by, in degrees.
    turned: f64,
    /// Standard deviation of the blur, in pixels.
    blur: f64,
    /// Standard deviation of the noise, of 255.
    noise: f64,
    /// Brightness, 0 to 1.
    light: f64,
}

const STRAIGHT: Shot = Shot { side: 360.0, turned: 0.0, blur: 0.5, noise: 2.0, light: 1.0 };

/// Numbers that look random and are always the same.
struct Chance(u64);

impl Chance {
    /// 0 to 1.
    fn even(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Of mean 0 and deviation 1, nearly normal.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.even()).sum::<f64>() - 6.0
    }
}

/// A text of so many bytes, as base64url is.
fn text(bytes: usize, chance: &mut Chance) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (0..bytes).map(|_| char::from(LETTERS[(chance.even() * 64.0) as usize])).collect()
}

/// A code before the camera, in the middle, give or take a few pixels.
fn picture(code: &Qr, shot: Shot, chance: &mut Chance) -> Vec<u8> {
    const FINE: usize = 3;
    let rows = code.rows();
    let modules = rows.len() as f64;
    let (sin, cos) = shot.turned.to_radians().sin_cos();
    let middle = (WIDTH as f64 / 2.0 + 8.0 * chance.even(), HEIGHT as f64 / 2.0 + 8.0 * chance.even());
    let mut grey = vec![0.0; WIDTH * HEIGHT];
    for (place, pixel) in grey.iter_mut().enumerate() {
        let mut sum = 0.0;
        for fine in 0..FINE * FINE {
            let offset = |i: usize| (i as f64 + 0.5) / FINE as f64;
            let x = (place % WIDTH) as f64 + offset(fine % FINE) - middle.0;
            let y = (place / WIDTH) as f64 + offset(fine / FINE) - middle.1;
            let (u, v) = (cos * x + sin * y, cos * y - sin * x);
            let module = |along: f64| ((along / shot.side + 0.5) * modules).floor();
            let (column, row) = (module(u), module(v));
            let inside = (0.0..modules).contains(&column) && (0.0..modules).contains(&row);
            sum += match inside {
                true if rows[row as usize][column as usize] => 35.0,
                true => 215.0,
                // A room behind it.
                false => 120.0,
            };
        }
        *pixel = sum / (FINE * FINE) as f64;
    }
    let blurred = blurred(&blurred(&grey, shot.blur, 1), shot.blur, WIDTH);
    blurred.iter().map(|v| (shot.light * v + shot.noise * chance.normal()).clamp(0.0, 255.0) as u8).collect()
}

/// Gaussian blur along rows (`step` 1) or columns (`step` [`WIDTH`]); the edges stay.
fn blurred(grey: &[f64], deviation: f64, step: usize) -> Vec<f64> {
    let reach = (3.0 * deviation).ceil() as usize;
    let weight = |i: usize| (-0.5 * (i as f64 / deviation).powi(2)).exp();
    let total = weight(0) + 2.0 * (1..=reach).map(weight).sum::<f64>();
    let around = |place: usize| {
        let sum = |i: usize| weight(i) * (grey[place - i * step] + grey[place + i * step]);
        (weight(0) * grey[place] + (1..=reach).map(sum).sum::<f64>()) / total
    };
    (0..grey.len())
        .map(|place| {
            let (column, row) = (place % WIDTH, place / WIDTH);
            let (along, end) = if step == 1 { (column, WIDTH) } else { (row, HEIGHT) };
            if along < reach || along + reach >= end { grey[place] } else { around(place) }
        })
        .collect()
}

fn seen(text: &str, shot: Shot, chance: &mut Chance) -> Vec<Seen> {
    codes(WIDTH, HEIGHT, Zeroizing::new(picture(&Qr::of(text).unwrap(), shot, chance)))
}

fn is_read(text: &str, shot: Shot, chance: &mut Chance) -> bool {
    seen(text, shot, chance).iter().any(|code| code.text.as_deref() == Some(text))
}

/// A part is shown for more than ten pictures; here it has to be read in one of six.
fn is_read_soon(text: &str, shot: Shot, chance: &mut Chance) -> bool {
    (0..6).any(|_| is_read(text, shot, chance))
}

/// Of so many different codes of that many bytes, how many are read.
fn read_of(tries: usize, bytes: usize, shot: Shot) -> usize {
    let mut chance = Chance(bytes as u64 + 1);
    (0..tries).filter(|_| is_read(&text(bytes, &mut chance), shot, &mut chance)).count()
}

#[test]
fn a_part_of_a_grant_is_read_turned_blurred_noisy_dim_and_from_further_away() {
    let shots = [
        STRAIGHT,
        Shot { turned: 12.0, ..STRAIGHT },
        Shot { turned: 90.0, ..STRAIGHT },
        Shot { blur: 1.5, ..STRAIGHT },
        Shot { noise: 12.0, ..STRAIGHT },
        Shot { light: 0.35, noise: 6.0, ..STRAIGHT },
        Shot { side: 280.0, ..STRAIGHT },
        Shot { turned: 5.0, blur: 1.0, noise: 6.0, light: 0.6, ..STRAIGHT },
    ];
    let grant = text(1100, &mut Chance(7));
    let parts = in_parts(&grant);
    assert!(parts.len() == 9 && parts.iter().all(|part| Qr::of(part).unwrap().rows().len() == 53));
    let mut chance = Chance(9);
    for shot in shots {
        let unread: Vec<&String> =
            parts.iter().step_by(4).filter(|part| !is_read_soon(part, shot, &mut chance)).collect();
        assert!(unread.is_empty(), "{shot:?}: {unread:?}");
    }
}

#[test]
fn where_a_code_is_is_told_and_what_it_says_is_not_guessed() {
    let mut chance = Chance(3);
    let text = text(PART_BYTES, &mut chance);
    let found = seen(&text, STRAIGHT, &mut chance);
    let corners = found[0].corners;
    // The code without its quiet zone, in the middle of the picture.
    let modules = Qr::of(&text).unwrap().rows().len() as f64;
    let half = STRAIGHT.side * (modules - 8.0) / modules / 2.0;
    for ((x, y), (right, down)) in corners.into_iter().zip([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]) {
        assert!((f64::from(x) - (324.0 + right * half)).abs() < 15.0, "{corners:?}");
        assert!((f64::from(y) - (244.0 + down * half)).abs() < 15.0, "{corners:?}");
    }
    // So far away that its modules are smaller than pixels: nothing, rather than something else.
    let far = seen(&text, Shot { side: 60.0, ..STRAIGHT }, &mut chance);
    assert!(far.iter().all(|code| code.text.is_none()), "{far:?}");
}

#[test]
fn a_picture_without_a_code_or_without_its_bytes_has_none() {
    let mut chance = Chance(5);
    let noise: Vec<u8> = (0..WIDTH * HEIGHT).map(|_| (255.0 * chance.even()) as u8).collect();
    assert!(codes(WIDTH, HEIGHT, Zeroizing::new(noise)).iter().all(|code| code.text.is_none()));
    for (width, height, bytes) in [(0, 0, 0), (640, 480, 640 * 479), (1, 1, 1), (usize::MAX, 2, 4)] {
        assert_eq!(codes(width, height, Zeroizing::new(vec![7; bytes])), []);
    }
}

#[test]
#[ignore = "a measurement: --ignored --nocapture"]
fn how_large_a_code_a_webcam_reads() {
    let shots = [
        ("straight", STRAIGHT),
        ("turned 12 degrees", Shot { turned: 12.0, ..STRAIGHT }),
        ("blurred by 1.5 px", Shot { blur: 1.5, ..STRAIGHT }),
        ("blurred by 2 px", Shot { blur: 2.0, ..STRAIGHT }),
        ("noise of 12", Shot { noise: 12.0, ..STRAIGHT }),
        ("light of a third, noise of 6", Shot { light: 0.35, noise: 6.0, ..STRAIGHT }),
        ("turned 5, blur 1, noise 6, light 0.6", Shot { turned: 5.0, blur: 1.0, noise: 6.0, light: 0.6, ..STRAIGHT }),
    ];
    for bytes in [150, 250, 340, 500, 700, 1000, 1400, 2000] {
        let modules = Qr::of(&"x".repeat(bytes)).unwrap().rows().len();
        print!("{bytes} bytes, {modules} modules, {:.1} px each:", STRAIGHT.side / modules as f64);
        shots.iter().for_each(|(name, shot)| print!(" {name} {}/20;", read_of(20, bytes, *shot)));
        println!();
    }
}
