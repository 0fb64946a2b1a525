// The shape of a workgroup.

override WORKGROUP_X: u32 = 4;
override WORKGROUP_Y: u32 = 4;

// Its threads.
fn workgroup_threads() -> u32 {
  return WORKGROUP_X * WORKGROUP_Y;
}
