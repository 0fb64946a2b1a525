// y = log(1 + exp(z)), taken as max(z, 0) + log(1 + exp(-|z|)); y' = 1 - exp(-y), the logistic function of z.
// Where e = exp(-|z|) is small, log(1 + e) loses its digits: there it is e - e² / 2 + e³ / 3.

fn value(z: vec4f) -> vec4f {
  let e = exp(-min(abs(z), vec4f(80)));
  let near = e * (1 - e * (0.5 - e * (1.0 / 3)));
  return max(z, vec4f()) + select(log(1 + e), near, e < vec4f(1e-2));
}

fn slope(output: vec4f) -> vec4f {
  let near = output * (1 - output * (0.5 - output * (1.0 / 6)));
  return select(1 - exp(-min(output, vec4f(80))), near, output < vec4f(1e-2));
}
