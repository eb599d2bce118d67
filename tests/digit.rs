//! A test digit of MNIST, moved and scaled as a drawing would be, comes back as it was.

mod support;

use latent_lab::data::center_digit;
use support::digits;

const SIDE: usize = 280;

/// Draws a 28 x 28 digit on a canvas, bilinearly scaled, its field's corner at (`top`, `left`).
fn draw(digit: &[f32], scale: f32, top: f32, left: f32) -> Vec<u8> {
    let at = |y: i32, x: i32| {
        let inside = (0..28).contains(&y) && (0..28).contains(&x);
        if inside { digit[(y * 28 + x) as usize] } else { 0.0 }
    };
    let mut ink = vec![0; SIDE * SIDE];
    for (index, value) in ink.iter_mut().enumerate() {
        let y = ((index / SIDE) as f32 + 0.5 - top) / scale - 0.5;
        let x = ((index % SIDE) as f32 + 0.5 - left) / scale - 0.5;
        let (y0, x0) = (y.floor(), x.floor());
        let (fy, fx) = (y - y0, x - x0);
        let (y0, x0) = (y0 as i32, x0 as i32);
        let grey = (1.0 - fy) * ((1.0 - fx) * at(y0, x0) + fx * at(y0, x0 + 1))
            + fy * ((1.0 - fx) * at(y0 + 1, x0) + fx * at(y0 + 1, x0 + 1));
        *value = (grey * 255.0).round() as u8;
    }
    ink
}

/// The mean over digits of the mean squared error of a pixel.
fn error(digits: &[f32], scale: f32, top: f32, left: f32) -> f32 {
    let errors = digits
        .chunks(784)
        .map(|digit| {
            let found = center_digit(&draw(digit, scale, top, left), SIDE, SIDE)
                .unwrap()
                .unwrap();
            found.iter().zip(digit).map(|(a, b)| (a - b) * (a - b)).sum::<f32>() / 784.0
        })
        .collect::<Vec<_>>();
    errors.iter().sum::<f32>() / errors.len() as f32
}

#[test]
fn a_digit_drawn_anywhere_at_any_size_comes_back() {
    let digits = digits(200);
    for (scale, top, left) in [
        (10.0, 0.0, 0.0),
        (7.0, 60.0, 11.0),
        (5.0, 3.0, 120.0),
        (9.3, -8.0, 14.5),
    ] {
        let error = error(&digits, scale, top, left);
        // Enlarging bilinearly and shrinking again blurs; the mean image of the digits is at 0.067.
        assert!(error < 0.008, "scale {scale} at ({top}, {left}): {error}");
    }
}
