//! A vector in pieces on the GPU, several at once: a dispatch has as many buffers as WebGPU grants everywhere.

use std::ops::Range;

use burn::cubecl::{self, prelude::*};
use burn::tensor::Tensor;

use super::launch::{UNITS, argument, contiguous, cubes, empty, inside, length, outside};

/// Pieces of a dispatch. Eight buffers are granted, of which one is the vector and one has the sizes.
const PIECES: usize = 6;

/// Where the vector's part begins, and where each piece ends in that.
#[derive(CubeLaunch, CubeType)]
struct Ends {
    first: usize,
    a: usize,
    b: usize,
    c: usize,
    d: usize,
    e: usize,
    f: usize,
}

fn ends(first: usize, lengths: [usize; PIECES]) -> EndsLaunch {
    let mut end = 0;
    let [a, b, c, d, e, f] = lengths.map(|length| {
        end += length;
        end
    });
    EndsLaunch::new(first, a, b, c, d, e, f)
}

#[cube(launch_unchecked)]
fn cut_kernel(
    vector: &[f32],
    a: &mut [f32],
    b: &mut [f32],
    c: &mut [f32],
    d: &mut [f32],
    e: &mut [f32],
    f: &mut [f32],
    ends: Ends,
) {
    let at = ABSOLUTE_POS;
    if at >= ends.f {
        terminate!();
    }
    let value = vector[ends.first + at];
    if at < ends.a {
        a[at] = value;
    } else if at < ends.b {
        b[at - ends.a] = value;
    } else if at < ends.c {
        c[at - ends.b] = value;
    } else if at < ends.d {
        d[at - ends.c] = value;
    } else if at < ends.e {
        e[at - ends.d] = value;
    } else {
        f[at - ends.e] = value;
    }
}

#[cube(launch_unchecked)]
fn join_kernel(a: &[f32], b: &[f32], c: &[f32], d: &[f32], e: &[f32], f: &[f32], vector: &mut [f32], ends: Ends) {
    let at = ABSOLUTE_POS;
    if at >= ends.f {
        terminate!();
    }
    let to = ends.first + at;
    if at < ends.a {
        vector[to] = a[at];
    } else if at < ends.b {
        vector[to] = b[at - ends.a];
    } else if at < ends.c {
        vector[to] = c[at - ends.b];
    } else if at < ends.d {
        vector[to] = d[at - ends.c];
    } else if at < ends.e {
        vector[to] = e[at - ends.d];
    } else {
        vector[to] = f[at - ends.e];
    }
}

/// The pieces of a vector that is on the GPU in these ranges.
pub fn cut(vector: &Tensor<1>, ranges: &[Range<usize>]) -> Option<Vec<Tensor<1>>> {
    let vector = contiguous(inside(vector)?);
    let mut pieces = Vec::with_capacity(ranges.len());
    for group in groups(ranges) {
        let lengths: [usize; PIECES] = std::array::from_fn(|at| group.get(at).map_or(0, ExactSizeIterator::len));
        // A dispatch of fewer pieces has buffers behind them that it does not touch.
        let out = lengths.map(|length| empty(&vector, &[length.max(1)]));
        let [a, b, c, d, e, f] = out.each_ref().map(argument);
        // SAFETY: units beyond the last piece end before they read or write.
        unsafe {
            cut_kernel::launch_unchecked(
                &vector.client,
                cubes(lengths.iter().sum()),
                CubeDim::new_1d(UNITS),
                argument(&vector),
                a,
                b,
                c,
                d,
                e,
                f,
                ends(group[0].start, lengths),
            );
        }
        pieces.extend(out.into_iter().take(group.len()).map(outside));
    }
    Some(pieces)
}

/// Vectors on the GPU one behind the other.
pub fn join(pieces: &[Tensor<1>]) -> Option<Tensor<1>> {
    let pieces: Vec<_> = pieces
        .iter()
        .map(|piece| inside(piece).map(contiguous))
        .collect::<Option<_>>()?;
    let vector = empty(pieces.first()?, &[pieces.iter().map(length).sum()]);
    let mut first = 0;
    for group in pieces.chunks(PIECES) {
        let lengths: [usize; PIECES] = std::array::from_fn(|at| group.get(at).map_or(0, length));
        let [a, b, c, d, e, f] = std::array::from_fn(|at| argument(group.get(at).unwrap_or(&group[0])));
        // SAFETY: units beyond the last piece end before they read or write.
        unsafe {
            join_kernel::launch_unchecked(
                &vector.client,
                cubes(lengths.iter().sum()),
                CubeDim::new_1d(UNITS),
                a,
                b,
                c,
                d,
                e,
                f,
                argument(&vector),
                ends(first, lengths),
            );
        }
        first += lengths.iter().sum::<usize>();
    }
    Some(outside(vector))
}

/// Ranges in runs, each of which begins where the one before ends, of at most as many as a dispatch has.
fn groups(ranges: &[Range<usize>]) -> impl Iterator<Item = &[Range<usize>]> {
    ranges
        .chunk_by(|a, b| a.end == b.start)
        .flat_map(|run| run.chunks(PIECES))
}
