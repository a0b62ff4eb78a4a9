package io.slab.s3;

import io.slab.store.ObjectNames;

/** From names in a store to keys in a bucket. */
record S3Keys(S3Address root) {
  String bucket() {
    return root.bucket();
  }

  /** The key of an object. */
  String object(String name) {
    return root.prefix() + ObjectNames.object(name);
  }

  /** What the keys of a folder begin with. */
  String folder(String folder) {
    return root.prefix() + ObjectNames.folder(folder);
  }

  /** The name of a key below the root. */
  String name(String key) {
    return key.substring(root.prefix().length());
  }

  /** For errors: {@code read s3://bucket/key}. */
  String what(String verb, String key) {
    return verb + " s3://" + bucket() + "/" + key;
  }
}
