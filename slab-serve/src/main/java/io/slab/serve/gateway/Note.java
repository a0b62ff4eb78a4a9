package io.slab.serve.gateway;

import io.netty.util.AttributeKey;

/** What is known of a request while it is answered, for the log and the counts. */
public final class Note {
  /** Where a request carries it. */
  public static final AttributeKey<Note> KEY = AttributeKey.valueOf(Note.class, "note");

  private final String id;
  private volatile String route = "other";
  private volatile String index = "";
  private volatile String caller = "";
  private volatile int records;
  private volatile int grpc = -1;

  public Note(String id) {
    this.id = id;
  }

  /** The id of the request, which the client is told. */
  public String id() {
    return id;
  }

  /** The route as the table has it. */
  public String route() {
    return route;
  }

  public void route(String found) {
    route = found;
  }

  public String index() {
    return index;
  }

  public void index(String found) {
    index = found;
  }

  /** Name of the key, never the key. */
  public String caller() {
    return caller;
  }

  public void caller(String found) {
    caller = found;
  }

  public int records() {
    return records;
  }

  public void records(int count) {
    records = count;
  }

  /** The code of gRPC where it failed, or -1. */
  public int grpc() {
    return grpc;
  }

  public void grpc(int code) {
    grpc = code;
  }
}
