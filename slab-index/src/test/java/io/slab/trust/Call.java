package io.slab.trust;

/** What is asked of a store. */
enum Call {
  LIST(false),
  READ(false),
  OPEN(false),
  CREATE(true),
  /** A piece of an upload, which no reader sees before its commit. */
  WRITE(false),
  COMMIT(true),
  DELETE(true);

  private final boolean writes;

  Call(boolean writes) {
    this.writes = writes;
  }

  /** Whether it changes what is there. */
  boolean writes() {
    return writes;
  }
}
