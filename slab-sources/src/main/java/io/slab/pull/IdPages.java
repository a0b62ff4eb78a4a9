package io.slab.pull;

import java.io.IOException;
import java.util.List;

/** Identifiers of a namespace, some at a time, from wherever they are known. One thread. */
interface IdPages extends AutoCloseable {
  /** Some identifiers, or null when there are no more. */
  List<String> next() throws IOException;

  /** What goes on after the identifiers that {@link #next} gave last; null at the end. */
  String position();

  @Override
  default void close() throws IOException {}
}
