//! Merkle trees as in RFC 6962, section 2.1, over SHA-256. The product's leaf data is an entry's chain hash.

use crate::Hash;
use sha2::{Digest, Sha256};

/// The hash of a leaf with this data: `SHA-256(0x00 || data)`.
pub fn leaf(data: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(data).finalize().into())
}

/// A growing tree of which only the roots of its complete subtrees are kept, largest first: 32 bytes for each bit that
/// is set in its size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    complete: Vec<Hash>,
}

impl Tree {
    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf, given by its hash.
    pub fn push(&mut self, leaf: Hash) {
        self.complete.push(leaf);
        // As in adding one to a binary number: every carry joins two subtrees of equal size.
        for _ in 0..self.size.trailing_ones() {
            if let (Some(right), Some(left)) = (self.complete.pop(), self.complete.pop()) {
                self.complete.push(node(&left, &right));
            }
        }
        self.size += 1;
    }

    /// The tree's root hash; SHA-256 of nothing for a tree without leaves.
    pub fn root(&self) -> Hash {
        let smaller = self.complete.iter().rev().copied();
        smaller.reduce(|right, left| node(&left, &right)).unwrap_or_else(|| Hash(Sha256::digest([]).into()))
    }
}

impl Extend<Hash> for Tree {
    fn extend<T: IntoIterator<Item = Hash>>(&mut self, leaves: T) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<T: IntoIterator<Item = Hash>>(leaves: T) -> Self {
        let mut tree = Self::default();
        tree.extend(leaves);
        tree
    }
}

/// The path from leaf `index` (from 0) to the root over `leaves` (hashes): `PATH(m, D[n])` of section 2.1.1, `None`
/// when there is no such leaf.
pub fn inclusion(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut part, mut index, mut path) = (leaves, index, Vec::new());
    while part.len() > 1 {
        let (left, right) = part.split_at(left_size(part.len()));
        let sibling = if index < left.len() { right } else { left };
        (part, index) = if index < left.len() { (left, index) } else { (right, index - left.len()) };
        path.push(root(sibling));
    }
    path.reverse();
    Some(path)
}

/// What shows that the tree over the first `first` leaves grew into the one over all: `PROOF(m, D[n])` of section
/// 2.1.2, `None` unless `1 <= first <= leaves.len()`.
pub fn consistency(leaves: &[Hash], first: usize) -> Option<Vec<Hash>> {
    if !(1..=leaves.len()).contains(&first) {
        return None;
    }
    let (mut part, mut first, mut known, mut path) = (leaves, first, true, Vec::new());
    while first < part.len() {
        let (left, right) = part.split_at(left_size(part.len()));
        if first <= left.len() {
            path.push(root(right));
            part = left;
        } else {
            path.push(root(left));
            (part, first, known) = (right, first - left.len(), false);
        }
    }
    if !known {
        path.push(root(part));
    }
    path.reverse();
    Some(path)
}

/// Whether `path` leads from leaf `index` (from 0, given by its hash) to the `root` of a tree of `size` leaves: RFC
/// 9162, section 2.1.3.2.
pub fn is_included(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut position, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if position % 2 == 1 || position == last {
            hash = node(sibling, &hash);
            up_to_odd(&mut position, &mut last);
        } else {
            hash = node(&hash, sibling);
        }
        (position, last) = (position / 2, last / 2);
    }
    last == 0 && hash == *root
}

/// Whether `path` shows that a tree of `first` leaves with root `first_root` grew into one of `second` leaves with
/// root `second_root`: RFC 9162, section 2.1.4.2.
pub fn is_consistent(first: u64, second: u64, path: &[Hash], first_root: &Hash, second_root: &Hash) -> bool {
    if first == 0 || first > second {
        return false;
    }
    if first == second {
        return path.is_empty() && first_root == second_root;
    }
    // A complete first tree is a node of the second: the proof leaves it out.
    let complete = first.is_power_of_two().then_some(first_root);
    let mut path = complete.into_iter().chain(path);
    let Some(&start) = path.next() else { return false };
    let shift = (first - 1).trailing_ones();
    let (mut position, mut last) = ((first - 1) >> shift, (second - 1) >> shift);
    let (mut old, mut new) = (start, start);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if position % 2 == 1 || position == last {
            old = node(sibling, &old);
            new = node(sibling, &new);
            up_to_odd(&mut position, &mut last);
        } else {
            new = node(&new, sibling);
        }
        (position, last) = (position / 2, last / 2);
    }
    last == 0 && old == *first_root && new == *second_root
}

/// `SHA-256(0x01 || left || right)`.
fn node(left: &Hash, right: &Hash) -> Hash {
    Hash(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

fn root(leaves: &[Hash]) -> Hash {
    leaves.iter().copied().collect::<Tree>().root()
}

/// The largest power of two smaller than `size` (which is at least 2).
fn left_size(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// Up the levels at which the right border has no sibling.
fn up_to_odd(position: &mut u64, last: &mut u64) {
    let shift = if *position == 0 { 0 } else { position.trailing_zeros() };
    (*position, *last) = (*position >> shift, *last >> shift);
}
