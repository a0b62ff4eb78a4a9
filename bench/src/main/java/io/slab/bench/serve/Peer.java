package io.slab.bench.serve;

import java.io.IOException;
import java.util.List;

/** A server that is compared: how it is asked to keep rows and to find them. Thread-safe. */
interface Peer extends AutoCloseable {
  /** Its name and version. */
  String name();

  /** Makes an empty index for a set. */
  void create(VectorSet set);

  /** Adds rows {@code from} to {@code to}; returns once it has acknowledged them. */
  void add(VectorSet set, int from, int to);

  /** Does what is left to do before queries are asked. */
  void build() throws Exception;

  /** Settings from the quickest to the one with the best recall; one where there is no choice. */
  List<String> settings();

  /** Goes over to a setting. */
  void set(String setting);

  /** Body of a query for the ten nearest, ready to be sent. */
  byte[] query(float[] vector);

  /** Ids of the ten nearest. */
  List<String> ask(byte[] query);

  /** The process that serves. */
  Served served();

  @Override
  void close() throws IOException;
}
