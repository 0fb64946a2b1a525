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

// The smaller of `first` and the first column of `values` that is `highest`; their first column is 4 `group`.
fn first_of(first: u32, values: vec4f, highest: f32, group: u32) -> u32 {
  let columns = BLOCK * group + vec4u(0, 1, 2, 3);
  let found = select(vec4u(first), columns, values == vec4f(highest));
  return min(first, min(min(found.x, found.y), min(found.z, found.w)));
}

// softmax(y) - one_hot(label) for four columns of a row, of which the first is 4 `group`; `sum` is Σ exp(y - highest).
fn softmax_gradient(y: vec4f, highest: f32, sum: f32, label: u32, group: u32) -> vec4f {
  let one_hot = vec4f(BLOCK * group + vec4u(0, 1, 2, 3) == vec4u(label));
  return exp(y - highest) / sum - one_hot;
}
