//! The part of V4L2's interface that is used, as `linux/videodev2.h` lays it out. `tests` compares sizes and numbers with the
//! header's.
#![allow(unsafe_code)]

use rustix::{
    fd::{AsFd, BorrowedFd},
    io::Result,
    ioctl::{Opcode, Setter, Updater, ioctl, opcode},
};

pub(super) const CAPTURE: u32 = 1;
const OUTPUT: u32 = 2;
const MMAP: u32 = 1;
const FIELD_NONE: u32 = 1;

/// Bits of [`Capability::device_caps`].
pub(super) mod cap {
    pub(in super::super) const VIDEO_CAPTURE: u32 = 0x1;
    pub(in super::super) const VIDEO_M2M: u32 = 0x8000;
    pub(in super::super) const STREAMING: u32 = 0x0400_0000;
    pub(in super::super) const TOUCH: u32 = 0x1000_0000;
    /// Other nodes must be set up before it gives a picture: a bare sensor, no webcam.
    pub(in super::super) const IO_MC: u32 = 0x2000_0000;
    pub(super) const DEVICE_CAPS: u32 = 0x8000_0000;
}

/// Bits of [`Buffer::flags`].
pub(super) const BUFFER_ERROR: u32 = 0x40;
pub(super) const TIMESTAMP_MASK: u32 = 0xe000;
pub(super) const TIMESTAMP_MONOTONIC: u32 = 0x2000;

/// Values of [`Pixels::quantization`], [`Pixels::ycbcr_enc`], [`Pixels::colorspace`].
pub(super) const FULL_RANGE: u32 = 1;
pub(super) const LIMITED_RANGE: u32 = 2;
pub(super) const ENCODING_709: u32 = 2;
pub(super) const COLORSPACE_REC709: u32 = 3;
pub(super) const COLORSPACE_JPEG: u32 = 7;

#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Capability {
    pub(super) driver: [u8; 16],
    pub(super) card: [u8; 32],
    pub(super) bus_info: [u8; 32],
    version: u32,
    capabilities: u32,
    device_caps: u32,
    reserved: [u32; 3],
}

impl Capability {
    /// What this node can do, and not the device behind all its nodes.
    pub(super) fn of_node(&self) -> u32 {
        if self.capabilities & cap::DEVICE_CAPS != 0 { self.device_caps } else { self.capabilities }
    }
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct FormatDescription {
    index: u32,
    kind: u32,
    flags: u32,
    description: [u8; 32],
    fourcc: u32,
    mbus_code: u32,
    reserved: [u32; 3],
}

#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) fourcc: u32,
    pub(super) field: u32,
    pub(super) bytes_per_line: u32,
    pub(super) size_image: u32,
    pub(super) colorspace: u32,
    pub(super) private: u32,
    pub(super) flags: u32,
    pub(super) ycbcr_enc: u32,
    pub(super) quantization: u32,
    pub(super) xfer_func: u32,
}

/// Where the kernel's union holds a pointer, it is aligned as one.
const GAP: usize = size_of::<usize>() / 4 - 1;

#[repr(C)]
struct Format {
    kind: u32,
    gap: [u32; GAP],
    pixels: Pixels,
    rest: [u32; 38],
}

#[repr(C)]
struct StreamParameters {
    kind: u32,
    capability: u32,
    mode: u32,
    seconds: u32,
    pictures: u32,
    rest: [u32; 46],
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct FrameSize {
    index: u32,
    fourcc: u32,
    kind: u32,
    /// Discrete: width, height. Else: smallest, largest, step of the width, then of the height.
    values: [u32; 6],
    reserved: [u32; 2],
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct FrameInterval {
    index: u32,
    fourcc: u32,
    width: u32,
    height: u32,
    kind: u32,
    /// Discrete: numerator, denominator. Else: three of them, the shortest interval first.
    values: [u32; 6],
    reserved: [u32; 2],
}

#[repr(C)]
#[derive(Default)]
struct RequestBuffers {
    count: u32,
    kind: u32,
    memory: u32,
    capabilities: u32,
    flags: u32,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(super) struct Buffer {
    pub(super) index: u32,
    pub(super) kind: u32,
    pub(super) bytes_used: u32,
    pub(super) flags: u32,
    pub(super) field: u32,
    /// Seconds and microseconds.
    pub(super) timestamp: [isize; 2],
    pub(super) timecode: [u32; 4],
    pub(super) sequence: u32,
    pub(super) memory: u32,
    /// A union as wide as a pointer, of which the first 4 bytes are the offset to map.
    pub(super) offset: [u32; GAP + 1],
    pub(super) length: u32,
    pub(super) reserved: u32,
    pub(super) request: i32,
}

/// One size that a camera offers for a pixel format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Exact(u32, u32),
    /// Smallest, largest and step of width and height.
    Range([u32; 6]),
}

const QUERYCAP: Opcode = opcode::read::<Capability>(b'V', 0);
const ENUM_FMT: Opcode = opcode::read_write::<FormatDescription>(b'V', 2);
const S_FMT: Opcode = opcode::read_write::<Format>(b'V', 5);
const REQBUFS: Opcode = opcode::read_write::<RequestBuffers>(b'V', 8);
const QUERYBUF: Opcode = opcode::read_write::<Buffer>(b'V', 9);
const QBUF: Opcode = opcode::read_write::<Buffer>(b'V', 15);
const DQBUF: Opcode = opcode::read_write::<Buffer>(b'V', 17);
const STREAMON: Opcode = opcode::write::<i32>(b'V', 18);
const STREAMOFF: Opcode = opcode::write::<i32>(b'V', 19);
const S_PARM: Opcode = opcode::read_write::<StreamParameters>(b'V', 22);
const ENUM_FRAMESIZES: Opcode = opcode::read_write::<FrameSize>(b'V', 74);
const ENUM_FRAMEINTERVALS: Opcode = opcode::read_write::<FrameInterval>(b'V', 75);

/// # Safety
/// `T` must be the type that the kernel reads and writes for `OPCODE`, valid whatever bytes it holds.
unsafe fn update<const OPCODE: Opcode, T>(fd: BorrowedFd<'_>, value: &mut T) -> Result<()> {
    // SAFETY: as the caller promises; the kernel writes no more than the size that is part of the number.
    unsafe { ioctl(fd, Updater::<OPCODE, T>::new(value)) }
}

pub(super) fn capability(fd: impl AsFd) -> Result<Capability> {
    let mut found = Capability {
        driver: [0; 16],
        card: [0; 32],
        bus_info: [0; 32],
        version: 0,
        capabilities: 0,
        device_caps: 0,
        reserved: [0; 3],
    };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<QUERYCAP, _>(fd.as_fd(), &mut found)? };
    Ok(found)
}

/// The FourCC of the `index`th pixel format for capture; `EINVAL` after the last.
pub(super) fn pixel_format(fd: impl AsFd, index: u32) -> Result<u32> {
    let mut found = FormatDescription { index, kind: CAPTURE, ..Default::default() };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<ENUM_FMT, _>(fd.as_fd(), &mut found)? };
    Ok(found.fourcc)
}

/// The `index`th size of a pixel format; `EINVAL` after the last, `ENOTTY` from drivers that tell none.
pub(super) fn size(fd: impl AsFd, fourcc: u32, index: u32) -> Result<Size> {
    let mut found = FrameSize { index, fourcc, ..Default::default() };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<ENUM_FRAMESIZES, _>(fd.as_fd(), &mut found)? };
    Ok(if found.kind == DISCRETE { Size::Exact(found.values[0], found.values[1]) } else { Size::Range(found.values) })
}

/// The `index`th interval between pictures, in seconds as a fraction; of a range, the shortest.
pub(super) fn interval(fd: impl AsFd, fourcc: u32, (width, height): (u32, u32), index: u32) -> Result<[u32; 2]> {
    let mut found = FrameInterval { index, fourcc, width, height, ..Default::default() };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<ENUM_FRAMEINTERVALS, _>(fd.as_fd(), &mut found)? };
    Ok([found.values[0], found.values[1]])
}

const DISCRETE: u32 = 1;

/// Asks for a format and returns what the driver made of it.
pub(super) fn set_format(fd: impl AsFd, width: u32, height: u32, fourcc: u32) -> Result<Pixels> {
    format(fd, CAPTURE, Pixels { width, height, fourcc, field: FIELD_NONE, ..Default::default() })
}

/// As a program that gives a loopback camera its picture: says which format it will write, rows without gaps, and that it is
/// there. False when the device takes another format only.
pub(crate) fn start_output(fd: impl AsFd, (width, height): (u32, u32), fourcc: u32, bytes: u32) -> Result<bool> {
    let asked = Pixels { width, height, fourcc, field: FIELD_NONE, size_image: bytes, ..Default::default() };
    // v4l2loopback only brings up to date what it can do when it is asked.
    capability(&fd)?;
    let got = format(&fd, OUTPUT, asked)?;
    let taken = (got.width, got.height, got.fourcc) == (width, height, fourcc);
    if taken {
        start(fd, OUTPUT)?;
    }
    Ok(taken)
}

fn format(fd: impl AsFd, kind: u32, pixels: Pixels) -> Result<Pixels> {
    let mut format = Format { kind, gap: [0; GAP], pixels, rest: [0; 38] };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<S_FMT, _>(fd.as_fd(), &mut format)? };
    Ok(format.pixels)
}

/// Asks for so many pictures a second; the driver takes its nearest.
pub(super) fn set_rate(fd: impl AsFd, fps: u32) -> Result<()> {
    let mut wish = StreamParameters { kind: CAPTURE, capability: 0, mode: 0, seconds: 1, pictures: fps, rest: [0; 46] };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<S_PARM, _>(fd.as_fd(), &mut wish) }
}

/// Claims the device and gets so many buffers from it, or as many as it likes; 0 gives them back.
pub(super) fn request_buffers(fd: impl AsFd, count: u32) -> Result<u32> {
    let mut request = RequestBuffers { count, kind: CAPTURE, memory: MMAP, ..Default::default() };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<REQBUFS, _>(fd.as_fd(), &mut request)? };
    Ok(request.count)
}

pub(super) fn query_buffer(fd: impl AsFd, index: u32) -> Result<Buffer> {
    let mut buffer = Buffer { index, kind: CAPTURE, memory: MMAP, ..Default::default() };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<QUERYBUF, _>(fd.as_fd(), &mut buffer)? };
    Ok(buffer)
}

/// Gives a buffer to the driver to be filled.
pub(super) fn enqueue(fd: impl AsFd, index: u32) -> Result<()> {
    let mut buffer = Buffer { index, kind: CAPTURE, memory: MMAP, ..Default::default() };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<QBUF, _>(fd.as_fd(), &mut buffer) }
}

/// Takes the oldest filled buffer back; `EAGAIN` when there is none.
pub(super) fn dequeue(fd: impl AsFd) -> Result<Buffer> {
    let mut buffer = Buffer { kind: CAPTURE, memory: MMAP, ..Default::default() };
    // SAFETY: the number is made of this type, whose fields hold any bits.
    unsafe { update::<DQBUF, _>(fd.as_fd(), &mut buffer)? };
    Ok(buffer)
}

pub(super) fn start(fd: impl AsFd, kind: u32) -> Result<()> {
    // SAFETY: the number is made of the type that is handed over, and the kernel only reads it.
    unsafe { ioctl(fd, Setter::<STREAMON, i32>::new(kind as i32)) }
}

pub(super) fn stop(fd: impl AsFd) -> Result<()> {
    // SAFETY: the number is made of the type that is handed over, and the kernel only reads it.
    unsafe { ioctl(fd, Setter::<STREAMOFF, i32>::new(CAPTURE as i32)) }
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// The numbers that a C compiler makes of the header on a 64-bit Linux; each holds the size of its type.
    #[test]
    fn numbers_are_the_headers() {
        let numbers = [
            (QUERYCAP, 0x8068_5600),
            (ENUM_FMT, 0xc040_5602),
            (S_FMT, 0xc0d0_5605),
            (REQBUFS, 0xc014_5608),
            (QUERYBUF, 0xc058_5609),
            (QBUF, 0xc058_560f),
            (DQBUF, 0xc058_5611),
            (STREAMON, 0x4004_5612),
            (STREAMOFF, 0x4004_5613),
            (S_PARM, 0xc0cc_5616),
            (ENUM_FRAMESIZES, 0xc02c_564a),
            (ENUM_FRAMEINTERVALS, 0xc034_564b),
        ];
        for (found, header) in numbers {
            assert_eq!(u64::from(found), header, "{found:#x} {header:#x}");
        }
    }

    #[test]
    fn fields_lie_where_the_header_has_them() {
        assert_eq!(std::mem::offset_of!(Format, pixels), 8);
        assert_eq!(std::mem::offset_of!(StreamParameters, seconds), 12);
        assert_eq!(std::mem::offset_of!(Buffer, timestamp), 24);
        assert_eq!(std::mem::offset_of!(Buffer, offset), 64);
        assert_eq!(std::mem::offset_of!(Buffer, length), 72);
        assert_eq!(std::mem::offset_of!(Capability, device_caps), 88);
    }
}
