package io.slab.serve.jobs;

/**
 * How far a job is.
 *
 * @param part of one
 * @param records that it wrote
 */
public record Progress(double part, long records) {
  static final Progress NONE = new Progress(0, 0);

  /** In percent, with one digit behind the point. */
  public double percent() {
    return Math.round(part * 1000) / 10.0;
  }
}
