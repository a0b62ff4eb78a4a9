package io.slab.serve;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import io.slab.error.InvalidInputException;
import java.nio.file.Files;

/** The certificate of the server, which may be replaced while it runs. Thread-safe. */
final class Certificate implements TlsProvider {
  private final ServeOptions.Tls files;
  private volatile TlsKeyPair current;

  /**
   * @throws InvalidInputException when the files cannot be read, or hold something else
   */
  Certificate(ServeOptions.Tls files) {
    this.files = files;
    this.current = read();
  }

  private TlsKeyPair read() {
    String names = files.certificate() + ", " + files.key();
    if (!Files.isReadable(files.certificate()) || !Files.isReadable(files.key())) {
      throw new InvalidInputException(
          "the certificate or its key cannot be read: " + names,
          "name two PEM files with --tls-cert and --tls-key");
    }
    try {
      return TlsKeyPair.of(files.key().toFile(), files.certificate().toFile());
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "no certificate with its key is in " + names + ": " + e.getMessage(),
          "name two PEM files with --tls-cert and --tls-key",
          e);
    }
  }

  /** Reads the files again: connections that come from now on see what is in them. */
  void reread() {
    try {
      current = read();
    } catch (InvalidInputException e) {
      System.err.println("slab serve: the certificate stays as it was: " + e.getMessage());
    }
  }

  @Override
  public TlsKeyPair keyPair(String hostname) {
    return current;
  }
}
