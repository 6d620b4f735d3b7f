//! The Merkle tree against published values and against RFC 6962's own recursive definition.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use sha2::{Digest, Sha256};
use stillyou_ledger::{Hash, merkle::*};

// Leaves, roots and paths of the certificate-transparency project: cpp/merkletree/merkle_tree_test.cc, the same as in
// transparency-dev/merkle testonly/constants.go.
const LEAVES: [&[u8]; 8] = [b"", b"\0", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn roots_are_the_published_ones() {
    let mut tree = Tree::default();
    assert_eq!(tree.root(), hash(ROOTS[0]));
    for (data, root) in LEAVES.iter().zip(&ROOTS[1..]) {
        tree.push(leaf(data));
        assert_eq!(tree.root(), hash(root), "{}", tree.size());
    }
}

#[test]
fn inclusion_paths_are_the_published_ones() {
    let published: [(usize, usize, &[&str]); 5] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (index, size, path) in published {
        let path: Vec<_> = path.iter().map(|text| hash(text)).collect();
        assert_eq!(inclusion(&leaves()[..size], index), Some(path.clone()), "{index} of {size}");
        assert!(is_included(&leaf(LEAVES[index]), index as u64, size as u64, &path, &hash(ROOTS[size])));
    }
}

#[test]
fn consistency_paths_are_the_published_ones() {
    let published: [(usize, usize, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (first, second, path) in published {
        let path: Vec<_> = path.iter().map(|text| hash(text)).collect();
        assert_eq!(consistency(&leaves()[..second], first), Some(path.clone()), "{first} to {second}");
        assert!(is_consistent(first as u64, second as u64, &path, &hash(ROOTS[first]), &hash(ROOTS[second])));
    }
}

#[test]
fn every_size_up_to_70_agrees_with_the_recursive_definition() {
    let data: Vec<[u8; 2]> = (0..70_u16).map(u16::to_be_bytes).collect();
    let all: Vec<_> = data.iter().map(|d| leaf(d)).collect();
    for size in 0..=data.len() {
        let leaves = &all[..size];
        assert_eq!(leaves.iter().copied().collect::<Tree>().root(), mth(&data[..size]));
        for index in 0..size {
            assert_eq!(inclusion(leaves, index).unwrap(), path(index, &data[..size]));
        }
        assert_eq!(inclusion(leaves, size), None);
        for first in 1..=size {
            assert_eq!(consistency(leaves, first).unwrap(), subproof(first, &data[..size], true));
        }
        assert_eq!((consistency(leaves, 0), consistency(leaves, size + 1)), (None, None));
    }
}

#[test]
fn proofs_hold_for_what_they_prove_and_for_nothing_else() {
    let all: Vec<_> = (0..33_u8).map(|i| leaf(&[i])).collect();
    let root = |size: u64| all[..size as usize].iter().copied().collect::<Tree>().root();
    for size in 1..=33_u64 {
        let top = root(size);
        for index in 0..size {
            let path = inclusion(&all[..size as usize], index as usize).unwrap();
            let at = all[index as usize];
            assert!(is_included(&at, index, size, &path, &top));
            assert!(!is_included(&leaf(b"other"), index, size, &path, &top));
            assert!(!is_included(&at, index, size, &path, &at) || size == 1);
            assert!(!is_included(&at, size, size, &path, &top) && !is_included(&at, index, 0, &path, &top));
            for wrong in mutations(&path) {
                assert!(!is_included(&at, index, size, &wrong, &top), "{index} of {size}");
            }
            for elsewhere in (0..size).filter(|other| *other != index) {
                assert!(!is_included(&at, elsewhere, size, &path, &top), "{index} as {elsewhere} of {size}");
            }
        }
        for first in 1..=size {
            let path = consistency(&all[..size as usize], first as usize).unwrap();
            assert!(is_consistent(first, size, &path, &root(first), &top));
            assert!(!is_consistent(first, size, &path, &leaf(b"other"), &top));
            assert!(!is_consistent(first, size, &path, &root(first), &leaf(b"other")));
            assert!(!is_consistent(0, size, &path, &root(first), &top));
            assert!(!is_consistent(size + 1, size, &path, &root(first), &top));
            for wrong in mutations(&path) {
                assert!(!is_consistent(first, size, &wrong, &root(first), &top), "{first} to {size}");
            }
        }
    }
}

/// The path with a changed hash, one too few, one too many.
fn mutations(path: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all: Vec<Vec<Hash>> = Vec::new();
    for i in 0..path.len() {
        let (mut changed, mut shorter) = (path.to_vec(), path.to_vec());
        changed[i].0[31] ^= 1;
        shorter.remove(i);
        all.extend([changed, shorter]);
    }
    all.push([path, &[leaf(b"")]].concat());
    all
}

fn leaves() -> Vec<Hash> {
    LEAVES.iter().map(|data| leaf(data)).collect()
}

fn hash(text: &str) -> Hash {
    Hash::parse(text).unwrap()
}

// RFC 6962, section 2.1, word for word.

fn mth(d: &[[u8; 2]]) -> Hash {
    match d {
        [] => Hash(Sha256::digest([]).into()),
        [d0] => Hash(Sha256::digest([&[0], d0.as_slice()].concat()).into()),
        _ => {
            let k = k(d.len());
            Hash(Sha256::digest([&[1], mth(&d[..k]).0.as_slice(), &mth(&d[k..]).0].concat()).into())
        }
    }
}

fn path(m: usize, d: &[[u8; 2]]) -> Vec<Hash> {
    if d.len() == 1 {
        return vec![];
    }
    let k = k(d.len());
    if m < k {
        [path(m, &d[..k]), vec![mth(&d[k..])]].concat()
    } else {
        [path(m - k, &d[k..]), vec![mth(&d[..k])]].concat()
    }
}

fn subproof(m: usize, d: &[[u8; 2]], b: bool) -> Vec<Hash> {
    if m == d.len() {
        return if b { vec![] } else { vec![mth(d)] };
    }
    let k = k(d.len());
    if m <= k {
        [subproof(m, &d[..k], b), vec![mth(&d[k..])]].concat()
    } else {
        [subproof(m - k, &d[k..], false), vec![mth(&d[..k])]].concat()
    }
}

fn k(n: usize) -> usize {
    let mut k = 1;
    while 2 * k < n {
        k *= 2;
    }
    k
}
