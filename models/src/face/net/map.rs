use super::plan::{Shape, Window};

/// Channels are stored in multiples of so many, the rest zeros, so that vectors of every width fit.
const CHANNELS: usize = 16;

/// How many channels are stored for so many.
pub fn padded_channels(channels: usize) -> usize {
    channels.next_multiple_of(CHANNELS)
}

/// The values of a layer for a batch of pictures: picture by picture, row by row, pixel by pixel, channel by channel.
pub struct Map<V> {
    pub batch: usize,
    pub shape: Shape,
    /// Values from one pixel to the next: the channels and the zeros after them.
    pub step: usize,
    pub values: V,
}

impl<V> Map<V> {
    /// Values of one picture.
    pub fn picture(&self) -> usize {
        self.shape[0] * self.shape[1] * self.step
    }

    /// Where in the values each of a smaller map's windows begins, picture by picture, row by row.
    pub fn windows(&self, stride: usize, [height, width, _]: Shape, at: &mut Vec<usize>) {
        at.clear();
        let row = self.shape[1] * self.step;
        for picture in 0..self.batch {
            for y in 0..height {
                let first = picture * self.picture() + y * stride * row;
                at.extend((0..width).map(|x| first + x * stride * self.step));
            }
        }
    }
}

impl Map<&[f32]> {
    /// The same with zeros around, in `to`, where the window asks for them.
    pub fn padded<'a>(&'a self, window: &Window, to: &'a mut Vec<f32>) -> Map<&'a [f32]> {
        let &Map { batch, shape, step, values } = self;
        if window.pad == [0; 4] {
            return Map { batch, shape, step, values };
        }
        let [height, width] = window.padded(shape);
        let [top, left, ..] = window.pad;
        to.clear();
        to.resize(batch * height * width * step, 0.0);
        let row = shape[1] * step;
        for (picture, from) in to.chunks_exact_mut(height * width * step).zip(values.chunks_exact(shape[0] * row)) {
            let rows = picture.chunks_exact_mut(width * step).skip(top);
            for (to, from) in rows.zip(from.chunks_exact(row)) {
                to[left * step..][..row].copy_from_slice(from);
            }
        }
        Map { batch, shape: [height, width, shape[2]], step, values: to }
    }
}
