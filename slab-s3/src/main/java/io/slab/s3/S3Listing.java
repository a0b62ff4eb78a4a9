package io.slab.s3;

import io.slab.store.Listing;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Listings of keys, believed as far as they agree with themselves: a page that counts more than it
 * shows, shows what was not asked for, or breaks off is no answer. A server that does not list
 * folders (common prefixes) is asked for all keys instead. Servers differ in what else they repeat
 * of the request, so nothing else is demanded. Thread-safe.
 */
final class S3Listing {
  private final S3Client client;
  private final S3Calls calls;
  private final S3Keys keys;
  private final Integer pageSize;

  /**
   * @param pageSize names in one page; null: as many as the server gives
   */
  S3Listing(S3Client client, S3Calls calls, S3Keys keys, Integer pageSize) {
    this.client = client;
    this.calls = calls;
    this.keys = keys;
    this.pageSize = pageSize;
  }

  /**
   * What lies under a prefix.
   *
   * @param objects by their keys, also deeper ones where the server lists these
   * @param folders names of the folders directly under the prefix
   * @param answered one number, see {@link #answeredMillis}
   */
  record Found(Map<String, S3Object> objects, TreeSet<String> folders, long[] answered) {
    Found() {
      this(new LinkedHashMap<>(), new TreeSet<>(), new long[] {Listing.UNDATED});
    }

    /** When the first page was answered, by the server's clock. */
    long answeredMillis() {
      return answered[0];
    }

    boolean isEmpty() {
      return objects.isEmpty() && folders.isEmpty();
    }
  }

  /**
   * The objects directly under a prefix.
   *
   * @param after a key that all of them follow, or null; some servers do not know this, and give
   *     all of them
   */
  Found objects(String prefix, String after) {
    Found found = new Found();
    return pages(prefix, after, "/", found) ? found : all(prefix, after);
  }

  /** The folders directly under a prefix. */
  Collection<String> folders(String prefix) {
    Found found = new Found();
    boolean whole = pages(prefix, null, "/", found);
    // Nothing at all may also be how a server shows a prefix with nothing but folders in it.
    return (whole && !found.isEmpty() ? found : all(prefix, null)).folders;
  }

  private Found all(String prefix, String after) {
    Found found = new Found();
    if (!pages(prefix, after, null, found)) {
      throw calls.unbelievable(keys.what("list", prefix), "it shows less than it counts");
    }
    return found;
  }

  /** Reads all pages; false when one of them counts more than it shows. */
  private boolean pages(String prefix, String after, String delimiter, Found found) {
    String token = null;
    do {
      ListObjectsV2Request request =
          ListObjectsV2Request.builder()
              .bucket(keys.bucket())
              .prefix(prefix)
              .delimiter(delimiter)
              .startAfter(token == null ? after : null)
              .continuationToken(token)
              .maxKeys(pageSize)
              .build();
      ListObjectsV2Response page =
          calls.call(
              keys.what("list", prefix), () -> checked(client.listObjectsV2(request), request));
      if (token == null) {
        found.answered[0] = S3Dates.fresh(page.sdkHttpResponse());
      }
      add(page, prefix, found);
      if (page.keyCount() != null
          && page.keyCount() > page.contents().size() + page.commonPrefixes().size()) {
        return false;
      }
      token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    } while (token != null);
    return true;
  }

  private static ListObjectsV2Response checked(
      ListObjectsV2Response page, ListObjectsV2Request request) {
    String next = page.nextContinuationToken();
    if (Boolean.TRUE.equals(page.isTruncated())
        && (next == null || next.isEmpty() || next.equals(request.continuationToken()))) {
      throw ListingBodies.refused(
          "the listing breaks off: there is more, and no way to ask for it");
    }
    for (S3Object object : page.contents()) {
      if (object.size() == null) {
        throw ListingBodies.refused("the listing shows an object without a size");
      }
      requireAsked(object.key(), request.prefix());
    }
    for (CommonPrefix common : page.commonPrefixes()) {
      requireAsked(common.prefix(), request.prefix());
    }
    return page;
  }

  private static void requireAsked(String key, String prefix) {
    if (!Objects.requireNonNullElse(key, "").startsWith(prefix)) {
      throw ListingBodies.refused("the listing shows " + key + ", which was not asked for");
    }
  }

  private static void add(ListObjectsV2Response page, String prefix, Found found) {
    for (S3Object object : page.contents()) {
      found.objects.put(object.key(), object);
      addFolder(object.key(), prefix, found);
    }
    for (CommonPrefix common : page.commonPrefixes()) {
      addFolder(common.prefix(), prefix, found);
    }
  }

  private static void addFolder(String key, String prefix, Found found) {
    int slash = key.indexOf('/', prefix.length());
    if (slash > prefix.length()) {
      found.folders.add(key.substring(prefix.length(), slash));
    }
  }
}
