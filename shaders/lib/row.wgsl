// Reductions along one row, four columns at a time.

import package::lib::block::BLOCK;

// The larger of `highest` and the columns of `values` before `columns`; the first of them is 4 `group`.
fn row_maximum(highest: f32, values: vec4f, group: u32, columns: u32) -> f32 {
  let inside = BLOCK * group + vec4u(0, 1, 2, 3) < vec4u(columns);
  let candidates = select(vec4f(highest), values, inside);
  return max(highest, max(max(candidates.x, candidates.y), max(candidates.z, candidates.w)));
}

fn sum_of_columns(values: vec4f) -> f32 {
  return (values.x + values.y) + (values.z + values.w);
}
