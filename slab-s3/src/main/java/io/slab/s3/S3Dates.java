package io.slab.s3;

import io.slab.store.Listing;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** The server's clock, which stamps its objects, as answers tell it; in whole seconds. */
final class S3Dates {
  private S3Dates() {}

  /** The time of an answer in milliseconds; {@link Listing#UNDATED} for one without a date. */
  static long of(SdkHttpResponse response) {
    String date = response == null ? null : response.firstMatchingHeader("Date").orElse(null);
    try {
      return date == null
          ? Listing.UNDATED
          : ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant()
              .toEpochMilli();
    } catch (DateTimeParseException e) {
      return Listing.UNDATED;
    }
  }

  /** The same of an answer that was made for this request: no cache on the way had kept it. */
  static long fresh(SdkHttpResponse response) {
    boolean kept = response != null && response.firstMatchingHeader("Age").isPresent();
    return kept ? Listing.UNDATED : of(response);
  }
}
