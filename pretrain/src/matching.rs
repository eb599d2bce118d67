//! Which object is which digit of a scene, and how well it is told from the others.

/// A pixel is of a digit where it has so much ink.
const INK: f32 = 0.3;

/// A scene as it is known: each digit on a canvas of its own.
pub struct Known<'a> {
    pub pixels: &'a [f32],
    pub digits: Vec<Vec<f32>>,
    pub classes: Vec<usize>,
}

/// One object as it is decoded alone.
pub struct Decoded {
    pub canvas: Vec<f32>,
    pub centre: [f32; 2],
    pub class: usize,
}

pub fn centre_of_mass(canvas: &[f32], side: usize) -> [f32; 2] {
    let mass = canvas.iter().sum::<f32>().max(1e-6);
    let along = |axis: fn(usize, usize) -> usize| {
        let moments = canvas.iter().enumerate().map(|(at, ink)| ink * axis(at, side) as f32);
        moments.sum::<f32>() / mass
    };
    [along(|at, side| at / side), along(|at, side| at % side)]
}

/// Whether a place lies in the box around a digit's ink.
fn holds(digit: &[f32], [row, column]: [f32; 2], side: usize) -> bool {
    let inked = || digit.iter().enumerate().filter(|(_, ink)| **ink > 0.0);
    let within = |value: f32, axis: fn(usize, usize) -> usize| {
        let least = inked().map(|(at, _)| axis(at, side)).min().unwrap_or(0) as f32;
        let most = inked().map(|(at, _)| axis(at, side)).max().unwrap_or(0) as f32;
        (least - 0.5..=most + 0.5).contains(&value)
    };
    within(row, |at, side| at / side) && within(column, |at, side| at % side)
}

/// For each digit an object of its own whose centre of mass its box holds, the nearest of all such pairings; nothing where
/// there is none.
pub fn pairing(known: &Known, decoded: &[Decoded], side: usize) -> Option<Vec<usize>> {
    let mut best: Option<(f32, Vec<usize>)> = None;
    let mut open = vec![(0.0, Vec::new())];
    while let Some((distance, chosen)) = open.pop() {
        let Some(digit) = known.digits.get(chosen.len()) else {
            if best.as_ref().is_none_or(|(least, _)| distance < *least) {
                best = Some((distance, chosen));
            }
            continue;
        };
        for (index, object) in decoded.iter().enumerate() {
            if !chosen.contains(&index) && holds(digit, object.centre, side) {
                let next = [chosen.clone(), vec![index]].concat();
                open.push((distance + apart(digit, object, side), next));
            }
        }
    }
    best.map(|(_, chosen)| chosen)
}

fn apart(digit: &[f32], object: &Decoded, side: usize) -> f32 {
    let [row, column] = centre_of_mass(digit, side);
    (row - object.centre[0]).hypot(column - object.centre[1])
}

/// Of the digits the share whose object is of their class. What nobody covers is wrong.
pub fn classes_right(known: &Known, decoded: &[Decoded], pairs: Option<&[usize]>, side: usize) -> f64 {
    let object_of = |index: usize, digit: &[f32]| match pairs {
        Some(pairs) => decoded.get(pairs[index]),
        None => decoded
            .iter()
            .filter(|object| holds(digit, object.centre, side))
            .min_by(|a, b| apart(digit, a, side).total_cmp(&apart(digit, b, side))),
    };
    let digits = known.digits.iter().zip(&known.classes).enumerate();
    let right =
        digits.filter(|(index, (digit, class))| object_of(*index, digit).is_some_and(|object| object.class == **class));
    right.count() as f64 / known.digits.len() as f64
}

/// Which digit has a pixel to itself.
fn owners(known: &Known) -> Vec<Option<usize>> {
    let owner = |at: usize| {
        let mut inked = (0..known.digits.len()).filter(|&digit| known.digits[digit][at] > INK);
        let first = inked.next();
        first.filter(|_| inked.next().is_none())
    };
    (0..known.pixels.len()).map(owner).collect()
}

/// Hubert & Arabie 1985, of the pixels that one digit has to itself: which digit has them, and which object paints them most.
pub fn rand_index(known: &Known, decoded: &[Decoded]) -> f64 {
    if decoded.is_empty() {
        return 0.0;
    }
    let mut table = vec![vec![0.0_f64; decoded.len()]; known.digits.len()];
    for (at, owner) in owners(known).into_iter().enumerate() {
        let ink = |object: &usize| decoded[*object].canvas[at];
        let most = (0..decoded.len()).max_by(|a, b| ink(a).total_cmp(&ink(b)));
        if let (Some(owner), Some(most)) = (owner, most) {
            table[owner][most] += 1.0;
        }
    }
    adjusted_rand(&table)
}

fn adjusted_rand(table: &[Vec<f64>]) -> f64 {
    let pairs = |count: f64| count * (count - 1.0) / 2.0;
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..table[0].len())
        .map(|column| table.iter().map(|row| row[column]).sum())
        .collect();
    let sum = |counts: &[f64]| counts.iter().map(|&count| pairs(count)).sum::<f64>();
    let both = sum(&table.concat());
    let expected = sum(&rows) * sum(&columns) / pairs(rows.iter().sum()).max(1.0);
    let most = (sum(&rows) + sum(&columns)) / 2.0;
    if most == expected {
        1.0
    } else {
        (both - expected) / (most - expected)
    }
}

/// How much of another digit's energy changes when a digit's object is taken away, on average.
pub fn changed(known: &Known, decoded: &[Decoded], pairs: &[usize]) -> f64 {
    let owners = owners(known);
    let canvas = |left_out: Option<usize>| -> Vec<f32> {
        let blank = |at: usize| {
            let objects = decoded.iter().enumerate().filter(|(index, _)| Some(*index) != left_out);
            objects.map(|(_, object)| 1.0 - object.canvas[at]).product::<f32>()
        };
        (0..known.pixels.len()).map(|at| 1.0 - blank(at)).collect()
    };
    let whole = canvas(None);
    let mut shares = Vec::new();
    for (digit, &object) in pairs.iter().enumerate() {
        let without = canvas(Some(object));
        for other in (0..pairs.len()).filter(|&other| other != digit) {
            let of_other = || (0..owners.len()).filter(|&at| owners[at] == Some(other));
            let energy: f32 = of_other().map(|at| whole[at] * whole[at]).sum();
            let change: f32 = of_other().map(|at| (whole[at] - without[at]).powi(2)).sum();
            shares.push(f64::from(change / energy.max(1e-6)));
        }
    }
    shares.iter().sum::<f64>() / shares.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rand_index_is_that_of_scikit_learn() {
        // sklearn.metrics.adjusted_rand_score([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1]).
        let found = adjusted_rand(&[vec![2.0, 1.0], vec![0.0, 3.0]]);
        assert!((found - 0.324_324_3).abs() < 1e-6, "{found}");
        assert_eq!(adjusted_rand(&[vec![3.0, 0.0], vec![0.0, 2.0]]), 1.0);
    }

    #[test]
    fn a_digit_is_covered_by_one_object_of_its_own() {
        let dot = |at: usize| (0..25).map(|pixel| f32::from(pixel == at)).collect::<Vec<_>>();
        let pixels = vec![0.0; 25];
        let known = Known {
            pixels: &pixels,
            digits: vec![dot(6), dot(18)],
            classes: vec![1, 2],
        };
        let object = |at: usize, class| Decoded {
            centre: centre_of_mass(&dot(at), 5),
            canvas: dot(at),
            class,
        };
        let decoded = [object(18, 2), object(6, 7)];
        let pairs = pairing(&known, &decoded, 5).unwrap();
        assert_eq!(pairs, [1, 0]);
        assert_eq!(classes_right(&known, &decoded, Some(&pairs), 5), 0.5);
        assert_eq!(rand_index(&known, &decoded), 1.0);
        assert_eq!(changed(&known, &decoded, &pairs), 0.0);
        assert_eq!(pairing(&known, &decoded[..1], 5), None);
    }
}
