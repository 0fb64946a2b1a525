// The step at hand: which rows it trains on and where its loss goes.
//
// One entry a step lies in a table of uniforms; a dynamic offset picks it, so a short
// last batch is an ordinary entry and no dispatch is spent on counting steps.

struct Step {
  start: u32, // first entry of the batch in the row order
  rows: u32,  // rows of this batch, M
  slot: u32,  // index of this step's result
}
