//! Principal components are those of scikit-learn.

use std::path::Path;

use latent_lab::data::{Pca, read_images};
use latent_lab::metrics::mean_squared_error;

#[test]
fn components_are_those_of_scikit_learn() {
    // scikit-learn 1.9.1: PCA(8, svd_solver="full").fit(x), x the bundled test images in [0, 1] as float64;
    // explained_variance_, and the mean squared difference of x and inverse_transform(transform(x)).
    let variances = [
        5.023255, 3.891907, 3.047033, 2.557192, 2.332818, 1.973712, 1.704604, 1.415538,
    ];
    let error = 0.035_799_727;

    let path = Path::new("www/data/test-images-idx3-ubyte.gz");
    let images = read_images(&std::fs::read(path).unwrap()).unwrap();
    let images = images.gather(&(0..images.count()).collect::<Vec<_>>()).unwrap();
    let pca = Pca::fit(&images, 784, 8);
    for (found, expected) in pca.variances.iter().zip(variances) {
        assert!((found / expected - 1.0).abs() < 1e-4, "{found} for {expected}");
    }
    let restored: Vec<f32> = images
        .chunks_exact(784)
        .flat_map(|image| {
            let mut restored = pca.mean.clone();
            for component in pca.components.chunks_exact(784) {
                let centred = image.iter().zip(&pca.mean).map(|(x, m)| x - m);
                let along: f32 = centred.zip(component).map(|(x, c)| x * c).sum();
                restored.iter_mut().zip(component).for_each(|(r, c)| *r += along * c);
            }
            restored
        })
        .collect();
    let found = mean_squared_error(&restored, &images);
    assert!((found / error - 1.0).abs() < 1e-4, "{found} for {error}");
}
