package io.slab.ingest;

/**
 * How far an {@link IngestJob} is.
 *
 * @param read records read, refused ones included
 * @param written records acknowledged
 * @param rejected records refused
 * @param bytes bytes of input worked through
 * @param totalBytes size of all inputs, or -1 when one is not known
 * @param elapsedNanos nanoseconds since the job began
 */
public record IngestProgress(
    long read, long written, long rejected, long bytes, long totalBytes, long elapsedNanos) {}
