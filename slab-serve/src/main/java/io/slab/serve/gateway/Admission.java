package io.slab.serve.gateway;

import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.slab.serve.api.ApiException;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.catalog.ServedIndex;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who asks for which index, and whether they may: the same for both protocols. Thread-safe. */
public final class Admission {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");
  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  private final Keys keys;
  private final Catalog catalog;
  private final Doors doors;

  /** What may come in at all. */
  public record Doors(boolean readOnly, boolean insecure, List<String> origins) {
    public Doors {
      origins = List.copyOf(origins);
    }

    /** Whether pages of an origin may ask. */
    public boolean lets(String origin) {
      return origins.contains("*") || origins.contains(origin);
    }
  }

  public Admission(Keys keys, Catalog catalog, Doors doors) {
    this.keys = keys;
    this.catalog = catalog;
    this.doors = doors;
  }

  /**
   * Who asks.
   *
   * @throws ApiException for a key that is not known; and without keys for a page in a browser, for
   *     its user may have been led to it
   */
  public Keys.Caller caller(RequestHeaders headers) {
    if (!keys.areNeeded()) {
      requireOwn(headers);
    }
    String key = headers.get("api-key");
    String bearer = headers.get("authorization");
    if (key == null && bearer != null && bearer.regionMatches(true, 0, "Bearer ", 0, 7)) {
      key = bearer.substring(7).strip();
    }
    return keys.caller(key);
  }

  /**
   * Without keys each client that reaches the server may ask, and a browser of this machine can.
   * Its pages send where they come from; one whose name was made to mean this machine meanwhile
   * sends that name as the host.
   */
  private void requireOwn(RequestHeaders headers) {
    String origin = headers.get("origin");
    if (origin != null && !doors.lets(origin)) {
      throw ApiException.forbidden(
          "pages in browsers may not ask a server without keys: any page could; --cors-origin names"
              + " those that may");
    }
    String host = hostOf(headers.authority());
    if (!doors.insecure() && !isLoopback(host)) {
      throw ApiException.forbidden(
          "a server without keys answers under the names of this machine alone, not as '"
              + host
              + "': ask localhost, or start it with --keys or --insecure");
    }
  }

  private static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || LOOPBACK.matcher(name).matches();
  }

  /** Refuses what changes something to those who may change nothing, in each index. */
  public void permit(Keys.Caller caller, boolean write) {
    if (write && doors.readOnly()) {
      throw ApiException.forbidden("this server is read-only");
    }
    if (write && !caller.writes()) {
      throw ApiException.forbidden("the key '" + caller.name() + "' is for reading only");
    }
  }

  /**
   * Refuses what changes something where that is not allowed.
   *
   * @param index its name, or null on the control plane
   */
  public void permit(Keys.Caller caller, boolean write, String index) {
    permit(caller, write);
    if (index != null ? !caller.sees(index) : write && !caller.indexes().isEmpty()) {
      throw ApiException.forbidden(
          "the key '" + caller.name() + "' is for other indexes: " + caller.indexes());
    }
  }

  /**
   * The index that a request is for: by its port, else by the first part of its host's name. May
   * ask the storage for one that is not known.
   */
  public Optional<ServedIndex> index(ServiceRequestContext ctx) {
    InetSocketAddress local = ctx.localAddress();
    Optional<ServedIndex> found =
        local == null ? Optional.empty() : catalog.atPort(local.getPort());
    if (found.isPresent()) {
      return found;
    }
    String host = host(ctx);
    int dot = host.indexOf('.');
    return dot < 1 || ADDRESS.matcher(host).matches()
        ? Optional.empty()
        : catalog.find(host.substring(0, dot));
  }

  /** The same, where there must be one. */
  public ServedIndex requireIndex(ServiceRequestContext ctx) {
    return index(ctx)
        .orElseThrow(() ->
            ApiException.notFound(
                "there is no index at "
                    + ctx.request().authority()
                    + "; GET /indexes at the port of the control plane names each with its"
                    + " host"));
  }

  /** The LSN that a read must reflect, or -1. */
  public static long least(RequestHeaders headers) {
    String header = headers.get("x-slab-min-lsn");
    try {
      return header == null ? -1 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      throw ApiException.invalid("x-slab-min-lsn must be a number, got '" + header + "'");
    }
  }

  /** The header that carries an LSN, of an acknowledged write or of what was read. */
  public static String lsnHeader(boolean write) {
    return write ? "x-pinecone-lsn-committed" : "x-pinecone-lsn-reconciled";
  }

  /** The name under which a request came in, without a port. */
  public static String host(ServiceRequestContext ctx) {
    return hostOf(ctx.request().authority());
  }

  private static String hostOf(String authority) {
    if (authority == null || authority.isEmpty()) {
      return "localhost";
    }
    int colon = authority.lastIndexOf(':');
    boolean port = colon > authority.lastIndexOf(']');
    return port ? authority.substring(0, colon) : authority;
  }
}
