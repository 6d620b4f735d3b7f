use super::*;

/// Writes what `torch.save` would, with Python's opcodes by hand.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.put(b"X").put(&(text.len() as u32).to_le_bytes()).put(text.as_bytes())
    }

    fn int(&mut self, value: i32) -> &mut Self {
        self.put(b"J").put(&value.to_le_bytes())
    }

    fn tensor(&mut self, name: &str, class: &str, key: &str, dims: &[i32]) -> &mut Self {
        let count: i32 = dims.iter().product();
        self.text(name).put(b"ctorch._utils\n_rebuild_tensor_v2\nq\x07((").text("storage");
        self.put(format!("ctorch\n{class}\n").as_bytes()).text(key).text("cpu").int(count).put(b"tQK\0(");
        for dim in dims {
            self.int(*dim);
        }
        self.put(b"t(");
        for at in 0..dims.len() {
            self.int(dims[at + 1..].iter().product());
        }
        self.put(b"t\x89ccollections\nOrderedDict\n)RtR")
    }

    fn dictionary() -> Self {
        let mut writer = Self::default();
        writer.put(b"\x80\x02ccollections\nOrderedDict\nq\0)Rq\x01(");
        writer.tensor("module.a", "FloatStorage", "0", &[2, 3]).tensor("steps", "LongStorage", "1", &[]);
        writer.put(b"u}").text("_metadata").put(b"Nsb.");
        writer
    }
}

const VALUES: [f32; 6] = [1.0, -2.5, 0.0, 3.25, 1e-20, 7.0];

fn floats() -> Vec<u8> {
    VALUES.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn zipped() -> Vec<u8> {
    let files =
        [("archive/data.pkl", Writer::dictionary().0), ("archive/data/0", floats()), ("archive/data/1", vec![0; 8])];
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in &files {
        let place = file.len() as u32;
        let sizes = [bytes.len() as u32; 2].map(u32::to_le_bytes).concat();
        // PyTorch pads with an extra field so that numbers lie well.
        file.extend([b"PK\x03\x04".as_slice(), &[0; 14], &sizes, &(name.len() as u16).to_le_bytes(), &[5, 0]].concat());
        file.extend([name.as_bytes(), b"FBpad", bytes].concat());
        directory.extend([b"PK\x01\x02".as_slice(), &[0; 16], &sizes, &(name.len() as u16).to_le_bytes()].concat());
        directory.extend([[0; 12].as_slice(), &place.to_le_bytes(), name.as_bytes()].concat());
    }
    let (count, at) = ((files.len() as u16).to_le_bytes(), (file.len() as u32).to_le_bytes());
    let size = (directory.len() as u32).to_le_bytes();
    file.extend(directory);
    file.extend([b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &size, &at, &[0; 2]].concat());
    file
}

fn chained() -> Vec<u8> {
    let mut writer = Writer::default();
    writer.put(b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.");
    writer.put(&Writer::dictionary().0).put(b"\x80\x02](").text("0").text("1").put(b"e.");
    writer.put(&6i64.to_le_bytes()).put(&floats()).put(&1i64.to_le_bytes()).put(&[0; 8]);
    writer.0
}

#[test]
fn both_formats_give_the_same_tensors() {
    for file in [zipped(), chained()] {
        let tensors = tensors(&file).unwrap();
        assert_eq!(tensors.len(), 1, "a count of steps is no weight");
        assert_eq!(tensors["module.a"], Tensor { dims: vec![2, 3], values: VALUES.to_vec() });
    }
}

#[test]
fn a_damaged_file_is_refused_without_a_panic() {
    for file in [zipped(), chained()] {
        for length in 0..file.len() {
            assert!(tensors(&file[..length]).is_err(), "{length} of {}", file.len());
        }
        for at in 0..file.len() {
            for bit in [1, 0x80] {
                let mut damaged = file.clone();
                damaged[at] ^= bit;
                let _ = tensors(&damaged);
            }
        }
    }
}

#[test]
fn a_file_that_calls_anything_else_is_refused() {
    let mut writer = Writer::default();
    writer.put(b"\x80\x02cposix\nsystem\n(").text("true").put(b"tR.");
    let refused = unpickle(&writer.0).unwrap_err();
    assert!(format!("{refused:#}").contains("posix.system"), "{refused:#}");
}
