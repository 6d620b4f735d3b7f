use super::card::{Input, Order};

/// Turns red, green and blue from 0 to 255 into what a network is shown.
pub fn prepare(input: &Input, rgb: &mut [f32]) {
    let [a, b, c] = input.mean;
    for pixel in rgb.as_chunks_mut::<3>().0 {
        let [red, green, blue] = *pixel;
        let [first, second, third] = match input.order {
            Order::Rgb => [red, green, blue],
            Order::Bgr => [blue, green, red],
        };
        *pixel = [(first - a) * input.scale, (second - b) * input.scale, (third - c) * input.scale];
    }
}
