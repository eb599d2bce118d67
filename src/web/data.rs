//! Data sets, drawings and the table of presets for JavaScript.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::arrays::{bytes, given, head};
use super::room::Room;
use super::scenes::{self, SceneRequest};
use super::wire;
use crate::data::{self, Images, MAX_IMAGE_BYTES, MAX_NUMBERS, Oddity, Scene, batch_indices};
use crate::error::{Error, Result};
use crate::model::preset::{PRESETS, Preset, Source, Variant};

/// So much of a file holds the most pixels, with their header, in a gzip that packs nothing.
const MAX_FILE: usize = MAX_IMAGE_BYTES + (1 << 20);

/// Images of an IDX file, with labels where there are some.
#[wasm_bindgen]
pub struct Dataset {
    images: Images,
    labels: Option<Vec<u8>>,
    /// So many of the last images are in no batch.
    held_out: usize,
    _room: Room,
}

#[wasm_bindgen]
impl Dataset {
    /// Refused: a data set is made by `open`.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new() -> std::result::Result<Dataset, JsValue> {
        Err(Error::input("a Dataset is not made by `new`; take `Dataset.open(images, labels)`").into())
    }

    /// Reads IDX files, raw or gzipped. Of more than 48 MiB of pixels, or a million images, the first are taken.
    pub fn open(
        #[wasm_bindgen(unchecked_param_type = "Uint8Array | ArrayBuffer")] images: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "Uint8Array | ArrayBuffer")] labels: JsValue,
    ) -> std::result::Result<Dataset, JsValue> {
        // Of a file as much as is taken: the rest is not even copied.
        let read = |name, file| bytes(name, &head(file, MAX_FILE), MAX_FILE);
        let images = data::read_images(&read("images", &images)?)?;
        let labels = given(&labels).map(|labels| data::read_labels(&read("labels", labels)?, &images));
        let labels = labels.transpose()?;
        let [height, width] = images.size();
        Ok(Self {
            _room: Room::take((images.count() * (height * width + 1)) as u64)?,
            images,
            labels,
            held_out: 0,
        })
    }

    /// How many images there are.
    #[wasm_bindgen(getter)]
    pub fn count(&self) -> usize {
        self.images.count()
    }

    /// How many images the file has: more than `count` where the first of them were taken.
    #[wasm_bindgen(getter)]
    pub fn declared(&self) -> f64 {
        self.images.declared() as f64
    }

    /// Height of an image.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> usize {
        self.images.size()[0]
    }

    /// Width of an image.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> usize {
        self.images.size()[1]
    }

    /// What looks odd about the images, which can be trained on all the same.
    #[wasm_bindgen(unchecked_return_type = "Oddity[]")]
    pub fn oddities(&self) -> Array {
        let names = self.images.oddities().into_iter().map(Oddity::as_str);
        names.map(JsValue::from).collect()
    }

    /// Makes the brightest pixel white and all others brighter by the same factor: for images that are `"dim"`.
    pub fn scale(&mut self) {
        self.images.scale();
    }

    /// Makes light pixels dark and dark ones light: for images that are `"dark_on_light"`.
    pub fn invert(&mut self) {
        self.images.invert();
    }

    /// The labels, a byte an image.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer> | undefined")]
    pub fn labels(&self) -> Option<Vec<u8>> {
        self.labels.clone()
    }

    /// `count` images from the one at `start`: `[count, pixels]` in `[0, 1]`.
    #[wasm_bindgen(unchecked_return_type = "Float32Array<ArrayBuffer>")]
    pub fn images(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] start: JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] count: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let (start, count) = (size("start", &start)?, size("count", &count)?);
        let end = start.saturating_add(count);
        if count == 0 || end > self.count() {
            return Err(Error::input(format!(
                "{count} images from number {start} on are asked for; there are {}: ask for 1 or more of these",
                self.count()
            ))
            .into());
        }
        self.images.check_answer(count)?;
        self.gather(&(start..end).collect::<Vec<_>>())
    }

    /// Keeps so many of the last images out of every batch.
    pub fn hold_out(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] count: JsValue,
    ) -> std::result::Result<(), JsValue> {
        let count = whole("count", &count)?;
        if count >= self.count() as u64 {
            return Err(Error::input(format!(
                "{count} images are to be held out of {}; leave at least one to train on",
                self.count()
            ))
            .into());
        }
        self.held_out = count as usize;
        Ok(())
    }

    /// The batch of a training step: a function of its arguments, so that a run which goes on
    /// sees what it would have seen. Of fewer images than `size` it takes all.
    #[wasm_bindgen(unchecked_return_type = "Float32Array<ArrayBuffer>")]
    pub fn batch(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] size: JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] seed: JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] step: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        self.gather(&self.indices(&size, &seed, &step)?)
    }

    /// The labels of the images of such a batch, where there are some.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer> | undefined")]
    pub fn batch_labels(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] size: JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] seed: JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] step: JsValue,
    ) -> std::result::Result<Option<Vec<u8>>, JsValue> {
        let indices = self.indices(&size, &seed, &step)?;
        let pick = |labels: &Vec<u8>| indices.iter().map(|&index| labels[index]).collect();
        Ok(self.labels.as_ref().map(pick))
    }

    /// Scenes of several of the images at random places of one canvas, a function of the settings: `images`,
    /// `[count, side * side]` in `[0, 1]`, and `counts`, how many images each is made of.
    #[wasm_bindgen(unchecked_return_type = "Scenes")]
    pub fn scenes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] count: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "SceneOptions")] settings: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let request = scenes::request(&count, settings)?;
        let scenes = self.make_scenes(&request)?;
        let counts: Vec<u8> = scenes.iter().map(|scene| scene.objects.len() as u8).collect();
        let pixels: Vec<f32> = scenes.into_iter().flat_map(|scene| scene.pixels).collect();
        Ok(wire::object(&[
            ("images", wire::array(&pixels)),
            ("counts", Uint8Array::from(counts.as_slice()).into()),
        ]))
    }

    /// The mean image: `[pixels]` in `[0, 1]`.
    #[wasm_bindgen(unchecked_return_type = "Float32Array<ArrayBuffer>")]
    pub fn mean_image(&self) -> JsValue {
        wire::array(&self.images.mean())
    }

    fn indices(&self, size: &JsValue, seed: &JsValue, step: &JsValue) -> Result<Vec<usize>> {
        let trained = self.count() - self.held_out;
        let size = whole("size", size)?.min(trained as u64) as usize;
        if size == 0 {
            return Err(Error::input("size is 0; give 1 or more"));
        }
        self.images.check_answer(size)?;
        let (seed, step) = (whole("seed", seed)?, whole("step", step)?);
        Ok(batch_indices(trained, size, seed, step))
    }

    fn make_scenes(&self, request: &SceneRequest) -> Result<Vec<Scene>> {
        let SceneRequest { count, settings, .. } = request;
        let most = MAX_NUMBERS / settings.side.pow(2).max(1);
        if *count == 0 || *count > most {
            return Err(Error::input(format!(
                "{count} scenes of {0} x {0} are asked for; give 1 to {most}",
                settings.side
            )));
        }
        let trained = self.count() - self.held_out;
        let range = if request.held_out {
            trained..self.count()
        } else {
            0..trained
        };
        if range.is_empty() {
            return Err(Error::input(
                "no images are held out to make scenes of; call hold_out first",
            ));
        }
        data::scenes(&self.images, range, settings, *count, request.seed, request.step)
    }

    fn gather(&self, indices: &[usize]) -> std::result::Result<JsValue, JsValue> {
        Ok(wire::array(&self.images.gather(indices)?))
    }
}

/// A whole number, not a text that looks like one.
fn whole(name: &str, value: &JsValue) -> Result<u64> {
    wire::whole(name, wire::number(name, value)?)
}

/// A number of things that a memory holds.
fn size(name: &str, value: &JsValue) -> Result<usize> {
    wire::count(name, wire::number(name, value)?)
}

/// Centres a drawing as MNIST centred its digits: `height * width` grey bytes, 0 for paper, to 784
/// values in `[0, 1]`; `undefined` where there is no ink.
#[wasm_bindgen(unchecked_return_type = "Float32Array<ArrayBuffer> | undefined")]
pub fn center_digit(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] ink: JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] height: JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] width: JsValue,
) -> std::result::Result<JsValue, JsValue> {
    let (height, width) = (size("height", &height)?, size("width", &width)?);
    let digit = data::center_digit(&bytes("ink", &ink, MAX_FILE)?, height, width)?;
    Ok(digit.map_or(JsValue::UNDEFINED, |digit| wire::array(&digit)))
}

/// What the model of a preset or of a configuration could do, without building it.
///
/// # Errors
/// As [`Lab::create`](super::lab::Lab::create) refuses it.
#[wasm_bindgen(skip_typescript)]
pub fn describe(model: &JsValue) -> std::result::Result<JsValue, JsValue> {
    Ok(wire::description(&wire::model_config(model)?))
}

/// The table of presets.
#[wasm_bindgen(unchecked_return_type = "PresetInfo[]")]
pub fn presets() -> std::result::Result<JsValue, JsValue> {
    let variants = |preset: &Preset| {
        let row = |variant: &Variant| {
            let config = variant.config()?;
            let row = wire::description(&config);
            for (key, value) in [
                ("id", variant.id.into()),
                ("title", variant.title.into()),
                ("config", wire::config(&config)),
                ("computed", (variant.weights == Source::Components).into()),
            ] {
                wire::set(&row, key, &value);
            }
            Ok(row)
        };
        preset.variants.iter().map(row).collect::<Result<Array>>()
    };
    let rows = PRESETS.iter().map(|preset| {
        Ok(wire::object(&[
            ("id", preset.id.into()),
            ("title", preset.title.into()),
            ("data", preset.data.as_str().into()),
            (
                "views",
                preset
                    .views
                    .iter()
                    .map(|&view| JsValue::from(view))
                    .collect::<Array>()
                    .into(),
            ),
            ("variants", variants(preset)?.into()),
        ]))
    });
    Ok(rows.collect::<Result<Array>>()?.into())
}
