//! Arrays of JavaScript, taken by what they are: also those of another realm, such as an iframe's. What a getter, a proxy
//! or a detached buffer throws while it is read would leave a call half done; `Reflect` catches it. No length is believed
//! before it was looked at.

use js_sys::{Array, ArrayBuffer, Float32Array, Float64Array, Function, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::data::MAX_NUMBERS;
use crate::error::{Error, Result};

/// A pixel may be so far beyond 0 and 1, as sums of rounded numbers are.
const ROUNDING: f32 = 1e-6;

/// The own properties of an object, read; nothing where one throws, or where it is no plain object.
pub fn plain(value: &JsValue) -> Option<Object> {
    (type_of(value) == "Object").then_some(())?;
    let object = Object::new();
    for key in Reflect::own_keys(value).ok()? {
        Reflect::set(&object, &key, &Reflect::get(value, &key).ok()?).ok()?;
    }
    Some(object)
}

/// What is neither undefined nor null.
pub fn given(value: &JsValue) -> Option<&JsValue> {
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// What a value calls itself, such as "Float32Array": `Object.prototype.toString` knows it in any realm.
pub fn type_of(value: &JsValue) -> String {
    let name = || {
        let prototype = Object::get_prototype_of(&Object::new());
        let describe: Function = Reflect::get(&prototype, &"toString".into()).ok()?.unchecked_into();
        let text = describe.call0(value).ok()?.as_string()?;
        Some(text.strip_prefix("[object ")?.strip_suffix(']')?.to_string())
    };
    name().unwrap_or_else(|| "something that cannot be read".into())
}

/// The beginning of a string, at most so many characters. No string is copied before its length was looked at.
pub fn beginning(value: &JsValue, most: u32) -> Option<String> {
    let text: &JsString = value.dyn_ref()?;
    text.slice(0, most).as_string()
}

/// How many characters a string has.
pub fn characters(value: &JsValue) -> Option<u32> {
    Some(value.dyn_ref::<JsString>()?.length())
}

/// The entries of an array, each read once, where there are at most `most`.
pub fn list(value: &JsValue, most: usize) -> Option<Vec<JsValue>> {
    // `Array.isArray` throws where a proxy was revoked, and an array's own iterator may throw anything.
    let length = (type_of(value) == "Array").then(|| length(value))??;
    let count = (length <= most as f64).then_some(length as u32)?;
    (0..count).map(|index| Reflect::get_u32(value, index).ok()).collect()
}

/// A property by the getter that the class itself has: it answers for values of that class alone, and no value can answer
/// in its place.
pub fn property(class: &str, name: &str, value: &JsValue) -> Option<JsValue> {
    let class = Reflect::get(&js_sys::global(), &class.into()).ok()?;
    let mut prototype: Object = Reflect::get(&class, &"prototype".into()).ok()?.unchecked_into();
    // Those of all typed arrays are those of the class that they come from.
    while !Object::has_own(&prototype, &name.into()) {
        prototype = Object::get_prototype_of(&prototype);
    }
    let descriptor = Object::get_own_property_descriptor(&prototype, &name.into());
    let getter: Function = Reflect::get(&descriptor, &"get".into()).ok()?.unchecked_into();
    getter.call0(value).ok()
}

/// How many entries an array or a view has.
pub fn length(value: &JsValue) -> Option<f64> {
    if ArrayBuffer::is_view(value) {
        return property("Uint8Array", "length", value)?.as_f64();
    }
    Reflect::get(value, &"length".into()).ok()?.as_f64()
}

/// The first bytes of a `Uint8Array` that has more than `most`; anything else as it is.
pub fn head(value: &JsValue, most: usize) -> JsValue {
    let first = || {
        (type_of(value) == "Uint8Array" && length(value)? > most as f64).then_some(())?;
        let buffer = property("Uint8Array", "buffer", value)?;
        let offset = property("Uint8Array", "byteOffset", value)?.as_f64()?;
        Some(Uint8Array::new_with_byte_offset_and_length(&buffer, offset as u32, most as u32).into())
    };
    first().unwrap_or_else(|| value.clone())
}

/// The length, when it is at most `most`.
fn checked_length(name: &str, value: &JsValue, most: usize) -> Result<u32> {
    let found = length(value).ok_or_else(|| unreadable(name))?;
    if found <= most as f64 {
        return Ok(found as u32);
    }
    Err(Error::input(format!(
        "{name} has {found} numbers; at most {most} are taken in one call: give fewer at once"
    )))
}

fn unreadable(name: &str) -> Error {
    Error::input(format!(
        "{name} cannot be read, or was given away (its buffer is detached); give a Float32Array or an array of numbers"
    ))
}

/// A copy as a typed array of a kind.
fn copied<T: JsCast>(kind: &str, value: &JsValue) -> Option<T> {
    let constructor = Reflect::get(&js_sys::global(), &kind.into()).ok()?;
    let constructor: &Function = constructor.unchecked_ref();
    let copy = Reflect::construct(constructor, &Array::of1(value));
    copy.ok().map(JsCast::unchecked_into)
}

/// The numbers of a view of floats, whose length was looked at. `set` converts, and reads no property that could lie.
fn taken(view: &JsValue, length: u32) -> Option<Vec<f32>> {
    let mut numbers = vec![0.0_f32; length as usize];
    let set = setter()?;
    // SAFETY: nothing is allocated while the view of this memory is in use.
    let memory = unsafe { Float32Array::view_mut_raw(numbers.as_mut_ptr(), numbers.len()) };
    set.call1(&memory, view).ok()?;
    Some(numbers)
}

/// Numbers in an array that is there already, if it is a `Float32Array` of that length.
pub fn into(array: &JsValue, numbers: &[f32]) -> Option<JsValue> {
    let fits =
        ArrayBuffer::is_view(array) && type_of(array) == "Float32Array" && length(array)? == numbers.len() as f64;
    let set = fits.then(setter)??;
    // SAFETY: nothing is allocated while the view of this memory is in use.
    let memory = unsafe { Float32Array::view(numbers) };
    set.call1(array, &memory).ok()?;
    Some(array.clone())
}

/// `set` of all typed arrays, which an array of a caller's may have another one in place of.
fn setter() -> Option<Function> {
    let prototype = Object::get_prototype_of(&Float32Array::new_with_length(0));
    Some(Reflect::get(&prototype, &"set".into()).ok()?.unchecked_into())
}

/// Whether an array holds finite numbers alone. The browser looks at them, for one by one they cross the boundary at half
/// a second a million.
fn is_finite(array: &JsValue) -> Option<bool> {
    let number = Reflect::get(&js_sys::global(), &"Number".into()).ok()?;
    let is_finite = Reflect::get(&number, &"isFinite".into()).ok()?;
    let method =
        |name: &str| -> Option<Function> { Some(Reflect::get(&Array::new(), &name.into()).ok()?.unchecked_into()) };
    let every = method("every")?.call1(array, &is_finite).ok()?;
    // `every` passes over holes, which are undefined here.
    let has_holes = method("includes")?.call1(array, &JsValue::UNDEFINED).ok()?;
    Some(every.is_truthy() && !has_holes.is_truthy())
}

/// The entries of an array of numbers alone.
fn entries(array: &JsValue, length: u32) -> Option<Vec<f64>> {
    if is_finite(array)? {
        return copied("Float64Array", array).map(|copy: Float64Array| copy.to_vec());
    }
    let number = |index| {
        let entry = Reflect::get_u32(array, index).ok()?;
        entry.as_f64()
    };
    (0..length).map(number).collect()
}

/// Numbers in an array of floats or in an array of numbers.
pub fn floats(name: &str, value: &JsValue) -> Result<Vec<f32>> {
    let kind = type_of(value);
    let is_view = ArrayBuffer::is_view(value);
    match kind.as_str() {
        "Float32Array" | "Float64Array" | "Float16Array" if is_view => {
            let length = checked_length(name, value, MAX_NUMBERS)?;
            taken(value, length).ok_or_else(|| unreadable(name))
        }
        "Array" => {
            let length = checked_length(name, value, MAX_NUMBERS)?;
            let numbers = entries(value, length).ok_or_else(|| {
                Error::input(format!(
                    "{name} is an array that has more in it than numbers; give a Float32Array or an array of numbers"
                ))
            })?;
            Ok(numbers.into_iter().map(|number| number as f32).collect())
        }
        "Uint8Array" | "Uint8ClampedArray" | "DataView" | "ImageData" | "ArrayBuffer" | "Blob" | "File" => {
            Err(Error::input(format!(
                "{name} is {kind}, which holds bytes; give a Float32Array of them divided by 255"
            )))
        }
        _ => Err(Error::input(format!(
            "{name} is {kind}, which is no Float32Array and no array of numbers; give one of these"
        ))),
    }
}

/// Images, `[batch, pixels]`, whose length `check` is asked about first. Numbers beyond 0 or 1 by a rounding are brought
/// back.
pub fn images(value: &JsValue, check: impl Fn(usize) -> Result<usize>) -> Result<Vec<f32>> {
    // An array whose buffer was given away has a length of 0: `floats` refuses it in the right words.
    let has_numbers = matches!(
        type_of(value).as_str(),
        "Float32Array" | "Float64Array" | "Float16Array" | "Array"
    );
    if let Some(length) = length(value).filter(|length| has_numbers && *length > 0.0) {
        check(length as usize)?;
    }
    let mut images = floats("images", value)?;
    for pixel in &mut images {
        if (-ROUNDING..=1.0 + ROUNDING).contains(pixel) {
            *pixel = pixel.clamp(0.0, 1.0);
        }
    }
    Ok(images)
}

/// Numbers, where there are some and at most `most`.
pub fn optional_floats(name: &str, value: &JsValue, most: usize) -> Result<Option<Vec<f32>>> {
    let read = |value| {
        check_length(name, value, most)?;
        floats(name, value)
    };
    given(value).map(read).transpose()
}

/// Whether an array has at most `most` numbers. What is no array has no length, and is refused where it is read.
pub fn check_length(name: &str, value: &JsValue, most: usize) -> Result<()> {
    match length(value) {
        Some(_) => checked_length(name, value, most.min(MAX_NUMBERS)).map(drop),
        None => Ok(()),
    }
}

/// Bytes of a `Uint8Array` or an `ArrayBuffer`, at most `most`; more are not even copied.
pub fn bytes(name: &str, value: &JsValue, most: usize) -> Result<Vec<u8>> {
    let length = byte_length(value).ok_or_else(|| {
        Error::input(format!(
            "{name} is {}, which is no Uint8Array and no ArrayBuffer; give one of these",
            type_of(value)
        ))
    })?;
    check_bytes(name, length, most)?;
    let copy: Uint8Array = copied("Uint8Array", value)
        .ok_or_else(|| Error::input(format!("{name} was given away (its buffer is detached); give a copy")))?;
    Ok(copy.to_vec())
}

/// How many bytes a `Uint8Array` or an `ArrayBuffer` has.
pub fn byte_length(value: &JsValue) -> Option<f64> {
    match type_of(value).as_str() {
        "Uint8Array" | "Uint8ClampedArray" if ArrayBuffer::is_view(value) => length(value),
        "ArrayBuffer" => property("ArrayBuffer", "byteLength", value)?.as_f64(),
        _ => None,
    }
}

/// A number of bytes that may be read.
pub fn check_bytes(name: &str, length: f64, most: usize) -> Result<()> {
    if length <= most as f64 {
        return Ok(());
    }
    Err(Error::input(format!(
        "{name} has {length} bytes; at most {most} are read: choose a smaller file"
    )))
}

/// Numbers in a typed array of any kind or in an array.
pub fn any_numbers(name: &str, value: &JsValue) -> Result<Vec<f64>> {
    let refused = || {
        Error::input(format!(
            "{name} is {}, which is no typed array and no array of numbers, or was given away; give one of these",
            type_of(value)
        ))
    };
    let is_view = ArrayBuffer::is_view(value);
    if !is_view && type_of(value) != "Array" {
        return Err(refused());
    }
    let length = checked_length(name, value, MAX_NUMBERS)?;
    let numbers = if is_view {
        copied("Float64Array", value).map(|array: Float64Array| array.to_vec())
    } else {
        entries(value, length)
    };
    numbers.ok_or_else(refused)
}

/// Whole numbers from 0, in a typed array of any kind or in an array.
pub fn whole_numbers(name: &str, value: &JsValue) -> Result<Vec<u32>> {
    let whole = |number: f64| {
        let fits = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
        let refused = || Error::input(format!("{name} has {number}; give whole numbers from 0"));
        fits.then_some(number as u32).ok_or_else(refused)
    };
    any_numbers(name, value)?.into_iter().map(whole).collect()
}
