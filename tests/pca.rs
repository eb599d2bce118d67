//! Principal components are those of scikit-learn.

use std::path::Path;

use latent_lab::data::{Pca, read_images};
use latent_lab::metrics::mean_squared_error;

/// The bundled test images.
fn images() -> Vec<f32> {
    let path = Path::new("www/data/test-images-idx3-ubyte.gz");
    let images = read_images(&std::fs::read(path).unwrap()).unwrap();
    images.gather(&(0..images.count()).collect::<Vec<_>>()).unwrap()
}

/// How far an image is from the mean along each component.
fn scores(pca: &Pca, image: &[f32]) -> Vec<f32> {
    let along = |component: &[f32]| -> f32 {
        let centred = image.iter().zip(&pca.mean).map(|(x, m)| x - m);
        centred.zip(component).map(|(x, c)| x * c).sum()
    };
    pca.components.chunks_exact(784).map(along).collect()
}

#[test]
fn components_are_those_of_scikit_learn() {
    // scikit-learn 1.9.1: PCA(8, svd_solver="full").fit(x), x the bundled test images in [0, 1] as float64;
    // explained_variance_, and abs(transform(x[:1])): a component's sign is anybody's choice.
    let variances = [
        5.023255, 3.891907, 3.047033, 2.557192, 2.332818, 1.973712, 1.704604, 1.415538,
    ];
    let of_the_first = [
        1.223_725_9_f32,
        1.777_417_7,
        0.928_520_6,
        0.774_079_5,
        0.954_276_1,
        2.594_076,
        1.387_600_1,
        1.992_896_2,
    ];
    let images = images();
    let pca = Pca::fit(&images, 784, 8);
    for (found, expected) in pca.variances.iter().zip(variances) {
        assert!((found / expected - 1.0).abs() < 1e-4, "{found} for {expected}");
    }
    for (found, expected) in scores(&pca, &images[..784]).iter().zip(of_the_first) {
        assert!((found.abs() - expected).abs() < 1e-4, "{found} for {expected}");
    }
}

#[test]
fn what_is_rebuilt_is_as_far_off_as_that_of_scikit_learn() {
    // The mean squared difference of x and inverse_transform(transform(x)).
    let images = images();
    for (size, error) in [(2, 0.052_404_148), (8, 0.035_799_728), (32, 0.015_977_685)] {
        let pca = Pca::fit(&images, 784, size);
        let restored: Vec<f32> = images
            .chunks_exact(784)
            .flat_map(|image| {
                let mut restored = pca.mean.clone();
                for (component, along) in pca.components.chunks_exact(784).zip(scores(&pca, image)) {
                    restored.iter_mut().zip(component).for_each(|(r, c)| *r += along * c);
                }
                restored
            })
            .collect();
        let found = mean_squared_error(&restored, &images);
        assert!((found / error - 1.0).abs() < 1e-4, "{size}: {found} for {error}");
    }
}
