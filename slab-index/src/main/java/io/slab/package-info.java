/**
 * The library: an {@link io.slab.Index} on a folder or on S3, its {@link io.slab.Namespace}s,
 * {@link io.slab.Snapshot}s of them, and what is asked of these. Here lives what embedders, the
 * command line's relatives and connectors use, and nothing that does work itself.
 *
 * <p><b>Errors.</b> Every failure is a {@link io.slab.error.SlabException}; which of its kinds says
 * what a caller can do:
 *
 * <ul>
 *   <li>{@link io.slab.error.InvalidInputException}: a record, filter, query or address that cannot
 *       be used; nothing was written
 *   <li>{@link io.slab.error.NotFoundException}: no such index or namespace
 *   <li>{@link io.slab.error.ConflictException}: the state forbids it (exists already, protected,
 *       another process was first); nothing was written
 *   <li>{@link io.slab.error.StoreException}: the storage failed; nothing was written
 *   <li>{@link io.slab.error.OutcomeUnknownException}: it is not known whether a write is in; read
 *       before you repeat it. Repeating an upsert or a delete by id is harmless
 *   <li>{@link io.slab.error.CorruptException}, {@link io.slab.error.MissingException}: the data is
 *       damaged; {@link io.slab.error.UnsupportedException}: it needs a newer version
 * </ul>
 *
 * A call that breaks the contract of this API (null, a closed object) throws {@link
 * IllegalArgumentException}, {@link NullPointerException} or {@link IllegalStateException}.
 */
package io.slab;
