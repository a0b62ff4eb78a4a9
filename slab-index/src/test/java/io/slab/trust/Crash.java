package io.slab.trust;

/** The simulated process is gone: nothing may catch this but the simulation. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("crashed", null, false, false);
  }
}
