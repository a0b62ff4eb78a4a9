package io.slab.verify;

/**
 * What one look at a store came to.
 *
 * @param check a word that stays the same between versions
 * @param status how it went
 * @param detail one line for people
 * @param hint what to do about it, or null
 * @param failure what was thrown, or null
 */
public record StoreFinding(
    String check, Status status, String detail, String hint, RuntimeException failure) {
  /** How a look went. */
  public enum Status {
    OK,
    WARN,
    FAIL
  }
}
