//! JavaScript as browsers take it: without comments and needless space, which are most of our sources and of the glue.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

/// A file as the page gets it: a module in few bytes, anything else as it is.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    if path.extension().is_some_and(|kind| kind == "js") {
        Ok(terse(&fs::read_to_string(path)?)?.into_bytes())
    } else {
        Ok(fs::read(path)?)
    }
}

/// The same module, every name as it was.
fn terse(source: &str) -> Result<String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
    if let Some(problem) = parsed.diagnostics.into_vec().into_iter().next() {
        bail!("{}", problem.render_with_source_code(source.to_string()));
    }
    let printer = Codegen::new().with_options(CodegenOptions::minify());
    Ok(printer.build(&parsed.program).code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_space_go_and_nothing_else() -> Result<()> {
        let source = r##"
// A line about what follows.
import { one } from "./one.js"; // where it comes from

/** @typedef {{ of: string }} Told */
export class Counter {
  /** How often. */
  #times = 0;
  /* @license of nobody */
  static #all = new Set();

  has(/** @type {object} */ other) {
    return #times in other && Counter.#all.has(this.#times);
  }
}

const address = `https://${one /* first */}/ // no comment`;
const pattern = /[/*]\/\* /; // of space
const words = 'it is "/* no */ comment"  // nor this';
export const later = () => import(/* by and by */ "./later.js");
export { address, pattern, words };
"##;
        let expected = concat!(
            r##"import{one}from"./one.js";"##,
            r##"export class Counter{#times=0;static#all=new Set;"##,
            r##"has(other){return#times in other&&Counter.#all.has(this.#times)}}"##,
            r##"const address=`https://${one}/ // no comment`;"##,
            r##"const pattern=/[/*]\/\* /;"##,
            r##"const words=`it is "/* no */ comment"  // nor this`;"##,
            r##"export const later=()=>import(`./later.js`);"##,
            r##"export{address,pattern,words};"##,
        );
        assert_eq!(terse(source)?, expected);
        assert_eq!(terse(expected)?, expected, "there is nothing left to leave out");
        Ok(())
    }

    #[test]
    fn what_cannot_be_parsed_is_shown() {
        let error = terse("const whole = 1;\nconst half = ;\n").expect_err("half a statement");
        assert!(error.to_string().contains("const half = ;"), "{error}");
    }
}
