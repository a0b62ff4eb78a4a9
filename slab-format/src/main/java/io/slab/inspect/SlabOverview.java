package io.slab.inspect;

import io.slab.model.Ulid;

/**
 * One slab at a glance. Numbers that the slab does not tell are -1, texts null. Flat, since it is
 * one row of a report: {@link SlabInspector} makes it, and reports take it apart by name.
 *
 * @param name the object
 * @param bytes its length
 * @param id slab id
 * @param createdMillis milliseconds since the epoch
 * @param major format version
 * @param minor format version
 * @param namespace namespace it was written for
 * @param writer program that wrote it
 * @param level level it was written for
 * @param rows rows, dead ones included
 * @param dimension dense dimension, 0 for none
 * @param metric how its vectors are compared
 * @param vectorType which parts its records have
 * @param lsnMin least sequence number
 * @param lsnMax greatest sequence number
 * @param ledger of its rows, as hexadecimal digits
 * @param lsnAsOf sequence number of a write after which every row was alive
 * @param tombstones ids that it calls deleted
 * @param rangeTombstones deletes of many records that it carries
 * @param sections number of sections
 * @param columns number of metadata columns
 * @param hotOffset where the part begins that is read when the slab is opened
 * @param requiredFeatures feature bits that a reader must know
 * @param optionalFeatures feature bits that a reader may ignore
 */
public record SlabOverview(
    String name,
    long bytes,
    Ulid id,
    long createdMillis,
    int major,
    int minor,
    String namespace,
    String writer,
    long level,
    long rows,
    long dimension,
    String metric,
    String vectorType,
    long lsnMin,
    long lsnMax,
    String ledger,
    long lsnAsOf,
    long tombstones,
    long rangeTombstones,
    int sections,
    int columns,
    long hotOffset,
    long requiredFeatures,
    long optionalFeatures) {}
