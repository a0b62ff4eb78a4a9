/** The store on S3, which {@code io.slab.Index} finds for {@code s3://} addresses. */
// The AWS SDK has no descriptors, only names.
@SuppressWarnings({"module", "requires-automatic"})
module io.slab.s3 {
  requires java.xml;
  requires io.slab.format;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.apache5;
  requires software.amazon.awssdk.profiles;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.services.s3;

  // For the command line, on a class path; on a module path it is found as a service.
  exports io.slab.s3 to
      io.slab.sources;

  provides io.slab.store.StoreProvider with
      io.slab.s3.S3StoreProvider;
}
