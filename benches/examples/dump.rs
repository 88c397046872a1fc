//! dump
fn main() {
    let mut c = wasmtime::Config::new();
    c.epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .memory_may_move(false)
        .concurrency_support(false);
    let e = wasmtime::Engine::new(&c).unwrap();
    let comp =
        wasmtime::component::Component::new(&e, ct_tests::plugins::from_source("sma_crossover"))
            .unwrap();
    std::fs::write("/tmp/sma.cwasm", comp.serialize().unwrap()).unwrap();
}
