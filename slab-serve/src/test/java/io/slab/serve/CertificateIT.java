package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.linecorp.armeria.common.TlsKeyPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate that a server shows: the newest that fits its key. */
class CertificateIT {
  @TempDir Path root;

  @Test
  void theCertificateIsReplacedWhileTheServerRuns() throws Exception {
    Path certificate = root.resolve("cert.pem");
    Path key = root.resolve("key.pem");
    write(TlsKeyPair.ofSelfSigned("one.example"), certificate, key);
    try (TestServer test =
        new TestServer(
            ServeOptions.of(root.toString())
                .anywhere()
                .withTls(new ServeOptions.Tls(certificate, key)))) {
      X509Certificate first = shown(test.server.port());
      write(TlsKeyPair.ofSelfSigned("two.example"), certificate, key);
      assertEquals(first, shown(test.server.port()));
      test.server.reload();
      X509Certificate second = shown(test.server.port());
      assertNotEquals(first, second);
      Files.writeString(key, "nothing");
      test.server.reload();
      assertEquals(second, shown(test.server.port()));
    }
  }

  private static void write(TlsKeyPair pair, Path certificate, Path key) throws Exception {
    Files.writeString(
        certificate, pem("CERTIFICATE", pair.certificateChain().getFirst().getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", pair.privateKey().getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static X509Certificate shown(int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }
}
