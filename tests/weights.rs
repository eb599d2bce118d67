//! The shipped weights fit the architecture and keep their promise.

use std::fs;
use std::path::Path;

use burn::tensor::Device;
use futures_util::FutureExt;
use latent_lab::checkpoint::Checkpoint;
use latent_lab::data::read_images;
use latent_lab::model::preset;
use latent_lab::train::Trainer;

fn page(file: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("www").join(file)).unwrap()
}

#[test]
fn the_tiny_weights_are_small_and_good() {
    let file = page("weights/tiny.safetensors");
    assert!(file.len() <= 300_000, "{} bytes", file.len());
    let checkpoint = Checkpoint::from_bytes(&file).unwrap();
    assert_eq!(checkpoint.config, preset::find("tiny").unwrap().config().unwrap());

    let trainer = Trainer::resume(checkpoint, &Device::flex()).unwrap();
    let test = read_images(&page("data/test-images-idx3-ubyte.gz")).unwrap();
    let images = test.gather(&(0..test.count()).collect::<Vec<_>>()).unwrap();
    assert_eq!(test.count(), 1000);
    let terms = trainer.evaluate(&images, None).now_or_never().unwrap().unwrap();
    // 106.2 on all 10,000 test images; the first 1,000 are about 2 nats easier.
    assert!(terms.total() < 106.0, "-ELBO {}", terms.total());
    assert!(terms.kl > 10.0, "every latent is used: KL {}", terms.kl);
}
