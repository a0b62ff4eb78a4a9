/**
 * A real S3 server in the process of a test, and a proxy in front of it that misbehaves by plan.
 * Tests that need no network use the stores in {@link io.slab.testkit}.
 */
package io.slab.testkit.s3;
