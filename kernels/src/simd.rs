//! Which vectors the processor has.

use pulp::WithSimd;

/// Runs an operation with the widest vectors that there are: in WebAssembly those that the binary was compiled for.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn run<O: WithSimd>(operation: O) -> O::Output {
    #[cfg(feature = "relaxed-simd")]
    use pulp::wasm::RelaxedSimd as Vectors;
    #[cfg(not(feature = "relaxed-simd"))]
    use pulp::wasm::Simd128 as Vectors;
    const {
        assert!(
            cfg!(target_feature = "simd128"),
            "compile with -C target-feature=+simd128"
        );
    };
    // SAFETY: an engine without these vectors refuses the whole binary, long before this is called.
    pulp::Simd::vectorize(unsafe { Vectors::new_unchecked() }, operation)
}

/// Runs an operation with the widest vectors that there are.
#[cfg(not(target_arch = "wasm32"))]
pub fn run<O: WithSimd>(operation: O) -> O::Output {
    pulp::Arch::new().dispatch(operation)
}
