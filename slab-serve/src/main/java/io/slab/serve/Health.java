package io.slab.serve;

import com.linecorp.armeria.common.HttpStatus;

/** Whether requests are taken. Thread-safe. */
final class Health {
  private volatile boolean ready;
  private volatile boolean draining;

  void ready(boolean is) {
    ready = is;
    draining = !is;
  }

  /** True once the server is being ended. */
  boolean draining() {
    return draining;
  }

  HttpStatus status() {
    return ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
  }
}
