//! Leaves out of a flavour what is linked in and never called.
//!
//! Burn chooses a kernel by the type of a tensor's numbers while it runs, so the linker keeps the kernels of all
//! types. Every tensor of ours is of f32: the others are a quarter of what the page loads first. A function that is
//! left out traps, should it be called after all; the tests call all that the page can.

use anyhow::{Result, ensure};
use rustc_demangle::demangle;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, passes};

/// Parts of the names of what is left out, in Burn's CPU backend.
const NEVER_CALLED: &[&str] = &[
    "burn_backend::quantization",
    "burn_flex::ops::gather_scatter",
    "burn_flex::ops::mask::mask_fill",
    "burn_flex::ops::mask::mask_where",
    "burn_flex::ops::reduce::max_dim_with_indices",
    "burn_flex::ops::reduce::min",
    "distributed::client",
    "ops::qtensor::QTensorOps",
    // Each browser that runs the page has SIMD.
    "macerator::backend::scalar::Fallback",
];

/// What is in such a name where a kernel of the CPU backend is made for another type.
const KERNELS: &str = "burn_flex::";
const OTHER_TYPES: &[&str] = &[
    "::<f64",
    "::<half::",
    "::<i8",
    "::<i16",
    "::<i32",
    "::<i64",
    "::<u16",
    "::<u32",
    "::<u64",
];

/// What is in such a name where a function is our own, whatever types it is made for.
const OURS: &str = "latent_lab::";

/// The module without them, and without what they alone called; `beside_webgpu` says which flavour it is.
pub fn snip(wasm: &[u8], beside_webgpu: bool) -> Result<Vec<u8>> {
    let mut module = Module::from_buffer(wasm)?;
    let names: Vec<(FunctionId, String)> = module
        .funcs
        .iter_local()
        .filter_map(|(id, _)| {
            let name = module.funcs.get(id).name.as_ref()?;
            Some((id, format!("{:#}", demangle(name))))
        })
        .collect();
    // Names tell types in the CPU flavour alone.
    let others: &[&str] = if beside_webgpu { &[] } else { OTHER_TYPES };
    let never = NEVER_CALLED.iter().map(|part| ("", *part));
    let others = others.iter().map(|part| (KERNELS, *part));
    for (of, part) in never.chain(others) {
        let is_it = |name: &str| name.contains(of) && name.contains(part) && !name.contains(OURS);
        let found: Vec<_> = names.iter().filter(|(_, name)| is_it(name)).collect();
        ensure!(
            !found.is_empty(),
            "no function is called …{part}… any more; bring the list in xtask/src/snip.rs up to date"
        );
        for (id, _) in found {
            trap(&mut module, *id);
        }
    }
    passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// A body that only traps, in place of a function's own.
fn trap(module: &mut Module, id: FunctionId) {
    let (parameters, results) = module.types.params_results(module.funcs.get(id).ty());
    let (parameters, results) = (parameters.to_vec(), results.to_vec());
    let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
    builder.func_body().unreachable();
    let arguments = parameters.into_iter().map(|kind| module.locals.add(kind)).collect();
    module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
}
