package io.slab.trust;

/** Runs one seed of the simulation again, with all of its calls when it fails. Argument: seed. */
public final class Replay {
  private Replay() {}

  public static void main(String[] args) {
    SimWorld.trace(Integer.MAX_VALUE);
    System.out.println(Simulation.run(Long.parseLong(args[0])));
  }
}
