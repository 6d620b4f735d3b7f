use rand::{Rng, RngExt};

/// A standard normal number (Box and Muller, 1958).
pub fn normal<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    let (u, v): (f64, f64) = (rng.random(), rng.random());
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// An exponential number with mean 1.
pub fn exponential<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    let u: f64 = rng.random();
    -(1.0 - u).ln()
}

/// How often something happens before it first doesn't, with chance `p` each time, at most 9.
pub fn repeats<R: Rng + ?Sized>(p: f64, rng: &mut R) -> usize {
    (0..9).take_while(|_| rng.random_bool(p)).count()
}
