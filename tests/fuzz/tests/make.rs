//! temporary
#[test]
fn make() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
    let types = std::fs::read(format!("{seeds}/component_types/sound.bin")).unwrap();
    let mut module = wat::parse_str(include_str!("../src/strategy_module.wat")).unwrap();
    let name = b"component-type:x";
    let leb = |n: usize| {
        if n < 128 { vec![n as u8] } else { vec![(n & 127) as u8 | 128, (n >> 7) as u8] }
    };
    module.push(0);
    module.extend(leb(leb(name.len()).len() + name.len() + types.len()));
    module.extend(leb(name.len()));
    module.extend(name);
    module.extend(&types);
    std::fs::write(format!("{seeds}/plugin/sound-module.wasm"), &module).unwrap();
    let (_, component) = ct_host::plugin::Artifact::read(&module).unwrap();
    std::fs::write(format!("{seeds}/plugin/sound-component.wasm"), &component).unwrap();
}
